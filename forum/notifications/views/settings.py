"""What a member wants to hear in general, and of which places they chose something."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import MemberRequest
from forum.lib.redirects import see_other
from forum.notifications import actions
from forum.notifications.forms import PreferenceForm
from forum.notifications.levels import Standing, preference_of
from forum.notifications.meanings import PRESETS
from forum.notifications.models import Follow, Preference
from forum.notifications.places import Named, named
from forum.notifications.settings_blocks import blocks

FOLLOWS_SHOWN = 100  # the last ones


@login_required
@require_http_methods(["GET", "POST"])
def settings(request: MemberRequest) -> HttpResponse:
    """The three presets in plain words, the sound, and what is followed."""
    preference = preference_of(request.user)
    initial = {"preset": preference.preset, "has_sound": preference.has_sound}
    form = PreferenceForm(request.POST or None, initial=initial)
    if form.is_valid():
        actions.choose(member=request.user, **form.cleaned_data)
        messages.success(request, _("Your choice has been saved."))
        return see_other(reverse("notifications:settings"))
    presets = [(each.value, each.label, PRESETS[each]) for each in Preference.Preset]
    shown = {"form": form, "presets": presets, "follows": _follows(request.user)}
    return render(request, "notifications/settings.html", {**blocks(request.user), **shown})


@dataclass(frozen=True, slots=True)
class Followed:
    """One place in the list of what is followed."""

    place: Named
    standing: Standing


def _follows(member: User) -> list[Followed]:
    """What the member follows, with the names of today; what they may read no more is left out."""
    rows = list(Follow.objects.of(member).order_by("-since", "-pk")[:FOLLOWS_SHOWN])
    names = named(member, [row.place for row in rows])
    return [
        Followed(names[row.place], Standing(row.place, row.level, row.why))
        for row in rows
        if row.place in names
    ]
