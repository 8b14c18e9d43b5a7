"""Searches kept, named, paused and removed by their members.

Nobody else learns of them, so no stream changes but the member's own.
"""

from dataclasses import dataclass, fields

from django.db import transaction
from django.utils import timezone

from accounts.models import Organization, User
from forum.categories.models import Category
from forum.lib.answers import demand
from forum.notifications.actions.reading import hide
from forum.notifications.models import Item
from forum.saved_searches import rules
from forum.saved_searches.actions.matching import AT_ONCE, look_back, somebody_looks
from forum.saved_searches.models import SavedSearch


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is looked for: words, and what narrows the results down."""

    text: str
    category: Category | None = None
    organization: Organization | None = None
    gmina: str = ""
    is_official: bool = False
    has_files: bool = False


def keep(*, member: User, question: Question) -> SavedSearch:
    """The question among those the member keeps; from now on it tells of what is new.

    Repeating it changes nothing, but wakes one that was paused. Raises: Refused.
    Locks: the member's row, so that two at once are counted together.
    """
    wanted = {each.name: getattr(question, each.name) for each in fields(question)}
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=member.pk)
        kept = SavedSearch.objects.filter(user=member, **wanted).first()
        if kept is None:
            demand(rules.may_keep(member))
            made = SavedSearch.objects.create(user=member, **wanted)
            _look_back(made)
            return made
        return resume(member=member, search=kept)


def rename(*, member: User, search: SavedSearch, title: str) -> None:
    """The search is called this; without a name, by its words."""
    SavedSearch.objects.filter(user=member, pk=search.pk).update(title=title)


def pause(*, member: User, search: SavedSearch) -> None:
    """It tells of nothing new. What it told stays. Repeating it changes nothing."""
    SavedSearch.objects.filter(user=member, pk=search.pk).update(is_paused=True)


def resume(*, member: User, search: SavedSearch) -> SavedSearch:
    """It tells of what comes from now on. Repeating it changes nothing."""
    paused = SavedSearch.objects.filter(user=member, pk=search.pk, is_paused=True)
    with transaction.atomic():
        if paused.update(is_paused=False, since=timezone.now()):
            _look_back(search)
    search.refresh_from_db()
    return search


def _look_back(search: SavedSearch) -> None:
    """Have the worker see what was written before others could know of the search."""
    somebody_looks.forget()  # whoever shares this process with its member is told at once
    look_back.using(after=AT_ONCE).enqueue(search.pk)


def remove(*, member: User, search: SavedSearch) -> None:
    """The search is forgotten, with what is told of nothing but it. Repeating it changes nothing.

    Locks: the search, so that what is found for it at this moment goes with it; the member's tray.
    """
    with transaction.atomic():
        list(SavedSearch.objects.select_for_update().filter(user=member, pk=search.pk))
        abouts = list(search.matches.values_list("about", flat=True))
        SavedSearch.objects.filter(user=member, pk=search.pk).delete()
        told = Item.objects.filter(user=member, event__about__in=abouts, is_hidden=False)
        hide(member=member, notifications=set(told.values_list("notification", flat=True)))
