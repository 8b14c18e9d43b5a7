"""How much one wants to hear of a place: from its page, and from the link in a mail."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import MemberRequest
from forum.lib.redirects import see_other
from forum.notifications import actions
from forum.notifications.forms import LevelForm
from forum.notifications.levels import standing_of
from forum.notifications.links import read_token
from forum.notifications.places import named
from forum.notifications.views.listing import back_from


@login_required
@require_http_methods(["GET", "POST"])
def follow(request: MemberRequest, place: str) -> HttpResponse:
    """The level of a place, chosen on its page."""
    found = named(request.user, [place]).get(place)
    if found is None:
        raise Http404
    if request.method == "GET":
        return redirect(found.url)  # where a login after a lost session leads
    form = LevelForm(request.POST)
    if not form.is_valid():
        return render(request, "400.html", status=422)
    actions.follow(member=request.user, place=place, level=form.cleaned_data["level"])
    return see_other(back_from(request, found.url))


@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, token: str) -> HttpResponse:
    """Exactly that from which a notification came, by its signed link and without a login."""
    meant = read_token(token)
    found = named(meant[0], [meant[1]]).get(meant[1]) if meant else None
    if meant is None or found is None:
        return render(request, "notifications/change_unknown.html", status=404)
    member, place = meant
    form = LevelForm(request.POST or None)
    if form.is_valid():
        actions.follow(member=member, place=place, level=form.cleaned_data["level"])
        return see_other(f"{reverse('notifications:change', args=[token])}?done=1")
    shown = {
        "place": found,
        "follow": standing_of(member, place),
        "member": member,
        "token": token,
        "is_done": "done" in request.GET,
    }
    return render(request, "notifications/change.html", shown)
