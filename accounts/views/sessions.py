"""Where the member is logged in, and ending it there."""

from allauth.usersessions.internal.flows.sessions import end_other_sessions, end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.devices import described
from accounts.requests import MemberRequest
from forum.lib.redirects import see_other

PAGE = "accounts:sessions"


@never_cache
@login_required
@require_GET
def sessions(request: MemberRequest) -> HttpResponse:
    """The sessions that still stand, this one first, then by when they were in use."""
    found = UserSession.objects.purge_and_list(request.user)
    found.sort(key=lambda session: (session.is_current(), session.last_seen_at), reverse=True)
    for session in found:
        session.device = described(session.user_agent)
    return render(request, "accounts/sessions.html", {"sessions": found})


@login_required
@require_POST
def end_session(request: MemberRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    is_current = session.is_current()
    end_sessions(request, [session])
    if is_current:
        return see_other("/")
    messages.success(request, _("That device is logged out."))
    return see_other(reverse(PAGE))


@login_required
@require_POST
def end_others(request: MemberRequest) -> HttpResponse:
    end_other_sessions(request, request.user)
    messages.success(request, _("All other devices are logged out."))
    return see_other(reverse(PAGE))
