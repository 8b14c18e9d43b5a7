"""The way on for somebody who has just joined: to the place of a first post."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Organization
from accounts.requests import MemberRequest
from accounts.rules import remembered_voice
from forum.overview.first_act import first_thread_url, place_for_first_post


@never_cache
@login_required
@require_safe
def welcome(request: MemberRequest) -> HttpResponse:
    """A new thread in the liveliest category open to all, with a greeting for its title."""
    category = place_for_first_post(request.user)
    if category is None:
        return redirect("overview:home")
    voice = remembered_voice(request.user)
    name = Organization.objects.get(pk=voice).called if voice else request.user.display_name
    return redirect(first_thread_url(category, _("Good morning from %(name)s") % {"name": name}))
