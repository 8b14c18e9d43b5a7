"""A member's list of notifications, and what marks them as read."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.addresses import is_ours
from accounts.requests import MemberRequest
from forum.lib.redirects import see_other
from forum.notifications import actions
from forum.notifications.bell import bell_of
from forum.notifications.listing import TRAY_SIZE, page_of, tray_of
from forum.notifications.models import Notification
from forum.notifications.settings_blocks import address_block


@never_cache
@login_required
@require_safe
def notifications(request: MemberRequest) -> HttpResponse:
    """The whole list in pages, or what of it is unread."""
    is_unread_only = request.GET.get("filter") == "unread"
    before = request.GET.get("before", "")
    # The number first: what changes meanwhile is then read once more, and never missed.
    bell = bell_of(request.user)
    page = page_of(request.user, bell.seq, before, request.path, is_unread_only=is_unread_only)
    shown = {
        **address_block(request.user),
        "bell": bell,
        "page": page,
        "is_unread_only": is_unread_only,
        "has_earlier": bool(page.first_url),
    }
    return render(request, "notifications/list.html", shown)


@never_cache
@login_required
@require_safe
def tray(request: MemberRequest) -> HttpResponse:
    """The newest of it, as the bell opens it."""
    bell = bell_of(request.user)
    shown = {"bell": bell, "groups": tray_of(request.user, bell.seq), "limit": TRAY_SIZE}
    return render(request, "notifications/_tray.html", shown)


@login_required
@require_POST
def read_everything(request: MemberRequest) -> HttpResponse:
    """Everything is read."""
    actions.read_all(member=request.user)
    return _done(request)


@login_required
@require_POST
def read(request: MemberRequest, pk: int) -> HttpResponse:
    """One notification is read."""
    own = get_object_or_404(Notification.objects.readable_by(request.user), pk=pk)
    actions.mark_read(member=request.user, pks=[own.pk])
    return _done(request)


@login_required
@require_POST
def unread(request: MemberRequest, pk: int) -> HttpResponse:
    """One notification waits to be read again."""
    own = get_object_or_404(Notification.objects.readable_by(request.user), pk=pk)
    actions.mark_unread(member=request.user, pk=own.pk)
    return _done(request)


@login_required
@require_POST
def read_place(request: MemberRequest, place: str) -> HttpResponse:
    """Everything of one place is read."""
    actions.read_places(member=request.user, places=[place])
    return _done(request)


def _done(request: MemberRequest) -> HttpResponse:
    if request.headers.get("X-Fragment"):
        return JsonResponse({"unread": bell_of(request.user).count})
    return see_other(back_from(request, reverse("notifications:list")))


def back_from(request: HttpRequest, otherwise: str) -> str:
    """Where the form came from, if that is one of our pages."""
    address = request.POST.get("next", "")
    return address if is_ours(request, address) else otherwise
