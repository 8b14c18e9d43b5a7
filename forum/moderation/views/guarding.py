"""The page where the adviser sets what is looked at before a text is seen, and tries it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import MemberRequest
from accounts.views.guards import for_desk
from forum.lib.answers import Refused
from forum.lib.redirects import see_other
from forum.lib.slips import slips_in
from forum.moderation.actions import guarding
from forum.moderation.guard_forms import GuardSettingsForm, TryForm, WordForm
from forum.moderation.guarding import listed_in
from forum.moderation.models import GuardSettings, ListedWord


@for_desk
@require_GET
def guards(request: MemberRequest) -> HttpResponse:
    """The settings, the list of words, and the field to try them with."""
    return _page(request)


@for_desk
@require_POST
def set_guards(request: MemberRequest) -> HttpResponse:
    """Other settings."""
    form = GuardSettingsForm(request.POST, instance=GuardSettings.current())
    if not form.is_valid():
        return _page(request, status=422, settings_form=form)
    guarding.set_guards(staff=request.user, changes=form.cleaned_data)
    messages.success(request, _("The settings are kept. They hold from the next text on."))
    return _back()


@for_desk
@require_POST
def list_word(request: MemberRequest) -> HttpResponse:
    """A word on the list."""
    form = WordForm(request.POST)
    if form.is_valid():
        try:
            guarding.list_word(staff=request.user, **form.cleaned_data)
            return _back("#words")
        except Refused as refused:
            form.add_error("words", str(refused.refusal.sentence))
    return _page(request, status=422, word_form=form)


@for_desk
@require_POST
def unlist_word(request: MemberRequest, pk: int) -> HttpResponse:
    """A word off the list."""
    guarding.unlist_word(staff=request.user, pk=pk)
    return _back("#words")


@for_desk
@require_POST
def try_guards(request: MemberRequest) -> HttpResponse:
    """What in the text would stop it. Nothing is kept of it."""
    form = TryForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422, try_form=form)
    text = form.cleaned_data["text"]
    entries = {entry.folded: entry for entry in ListedWord.objects.all()}
    found = [entries[folded] for folded in listed_in(text, entries)]
    return _page(request, try_form=form, tried=True, found=found, slips=slips_in(text))


def _page(request: MemberRequest, *, status: int = 200, **names: Any) -> HttpResponse:
    context = {
        "settings_form": GuardSettingsForm(instance=GuardSettings.current()),
        "word_form": WordForm(),
        "try_form": TryForm(),
        "words": ListedWord.objects.select_related("added_by"),
        **names,
    }
    return render(request, "moderation/guards.html", context, status=status)


def _back(place: str = "") -> HttpResponse:
    return see_other(reverse("moderation:guards") + place)
