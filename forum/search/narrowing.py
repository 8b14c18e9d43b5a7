"""What narrows a question down besides its words, in the language of the index.

A mark is a term that an entry has for what it is, not for what it says: `__c7` stands in category
7. The databases make them (forum/search/migrations/0002_index.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils import timezone

from accounts.models import User
from accounts.rules import Viewer
from forum.categories.models import Category
from forum.search.models import EntryQuerySet

NOWHERE = 0  # the category of what stands in none
MONTHS_MAX = 24  # of a span of time; a longer one is left to the entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What narrows the results down; empty where nothing does."""

    category: int | None = None
    organization: int | None = None
    gmina: str = ""
    since: datetime | None = None
    is_official: bool = False
    has_files: bool = False
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """One mark of each group, and none of the barred ones."""

    groups: tuple[tuple[str, ...], ...] = ()
    barred: tuple[str, ...] = ()


def narrowed(entries: EntryQuerySet, viewer: Viewer, filters: Filters) -> EntryQuerySet:
    """The entries that pass the filters."""
    asked = {
        "category": filters.category,
        "organization": filters.organization,
        "gmina": filters.gmina or None,
        "at__gte": filters.since,
        "is_official": filters.is_official or None,
        "has_files": filters.has_files or None,
    }
    entries = entries.filter(**{name: value for name, value in asked.items() if value is not None})
    if filters.is_mine:
        return entries.filter(author=viewer) if isinstance(viewer, User) else entries.none()
    return entries


def marks(viewer: Viewer, filters: Filters) -> Marks:
    """The marks of what the viewer may read and the filters let through.

    The entries are asked again: a span of time is known here by its months only. Queries: one.
    """
    readable, barred = _of_categories(viewer)
    groups = [readable] if readable else []
    groups += [(mark,) for mark in _of_filters(viewer, filters)]
    months = _months(filters.since, timezone.now()) if filters.since else []
    if months and len(months) <= MONTHS_MAX:
        groups.append(tuple(f"__t{month}" for month in months))
    return Marks(tuple(groups), barred)


def _of_categories(viewer: Viewer) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Where the viewer may read, or where not, whichever is shorter."""
    may = set(Category.objects.readable_by(viewer).values_list("pk", flat=True))
    may_not = set(Category.objects.values_list("pk", flat=True)) - may
    if len(may_not) <= len(may):
        return (), _named(may_not)
    return _named({NOWHERE, *may}), ()


def _named(categories: Iterable[int]) -> tuple[str, ...]:
    return tuple(f"__c{pk}" for pk in sorted(categories))


def _of_filters(viewer: Viewer, filters: Filters) -> list[str]:
    found = []
    if filters.category is not None:
        found.append(f"__c{filters.category}")
    if filters.organization is not None:
        found.append(f"__o{filters.organization}")
    if filters.gmina:
        found.append(f"__g{filters.gmina}")
    if filters.is_official:
        found.append("__official")
    if filters.has_files:
        found.append("__files")
    if filters.is_mine:
        found.append(f"__a{viewer.pk or NOWHERE}")
    return found


def _months(since: datetime, now: datetime) -> list[str]:
    """The months from one time to another, as 202611."""
    first, last = (each.astimezone(UTC) for each in (since, now))
    count = 12 * (last.year - first.year) + last.month - first.month + 1
    start = 12 * first.year + first.month - 1
    return [f"{n // 12}{n % 12 + 1:02}" for n in range(start, start + count)]
