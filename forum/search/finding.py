"""A page of what was found: filtered, sorted, one line for each thread."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from accounts.models import User
from accounts.rules import Viewer
from forum.search import engine, sources
from forum.search.models import Entry, EntryQuerySet
from forum.search.queries import Asked
from forum.search.ranking import Rated, rated
from forum.search.snippets import Piece, marked, snippet
from forum.search.sources import Shown
from forum.search.terms import STOP_WORDS, surface, tokens

PAGE_SIZE = 15
ALSO_SHOWN = 4
ALSO_MIN_ENTRIES = 3  # in the titles of so many results a word must stand to be offered
BEST, NEWEST = "best", "newest"


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
class Hit:
    """One line of the results: the best of its place, and how many more of it fit."""

    entry: Entry
    shown: Shown
    title: list[Piece]
    text: list[Piece]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Results:
    """One page. `count` is exact unless `is_capped`; `next` is where the next page begins."""

    hits: list[Hit] = field(default_factory=list)
    count: int = 0
    is_capped: bool = False
    next: str = ""
    also: list[str] = field(default_factory=list)


def find(
    viewer: Viewer,
    asked: Asked,
    filters: Filters,
    *,
    order: str = BEST,
    after: str = "",
    is_in_titles: bool = False,
) -> Results:
    """The page of results behind `after`, all of it readable by the viewer.

    Queries: up to five for the candidates, one to read them, and those of the sources.
    """
    if not asked:
        return Results()
    entries = narrowed(Entry.objects.readable_by(viewer), viewer, filters)
    pks = engine.candidates(entries, asked, is_in_titles=is_in_titles)
    found = rated(Entry.objects.filter(pk__in=pks), asked, timezone.now())
    if order == NEWEST:
        found = sorted(found, key=lambda each: (each.entry.at, each.entry.pk), reverse=True)
    groups = _grouped(found)
    page, following = _page(groups, after)
    return Results(
        hits=_shown(viewer, page, asked),
        count=len(groups),
        is_capped=len(pks) >= engine.TEXT_CANDIDATES,
        next=following,
        also=_also(groups, asked) if not after else [],
    )


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


def _grouped(found: Iterable[Rated]) -> list[list[Rated]]:
    """One group for each place, in the order of the first of each."""
    groups: dict[tuple[str, int], list[Rated]] = {}
    for each in found:
        place = each.entry.place
        key = ("place", place) if place is not None else (each.entry.kind, each.entry.object_pk)
        groups.setdefault(key, []).append(each)
    return list(groups.values())


def _page(groups: Sequence[list[Rated]], after: str) -> tuple[Sequence[list[Rated]], str]:
    """The groups behind the one that begins with the entry `after`, and where the next begins."""
    heads = [str(group[0].entry.pk) for group in groups]
    first = heads.index(after) + 1 if after in heads else 0
    page = groups[first : first + PAGE_SIZE]
    is_last = first + PAGE_SIZE >= len(groups)
    return page, "" if is_last or not page else str(page[-1][0].entry.pk)


def _shown(viewer: Viewer, groups: Sequence[list[Rated]], asked: Asked) -> list[Hit]:
    by_kind: dict[str, list[int]] = {}
    for group in groups:
        by_kind.setdefault(group[0].entry.kind, []).append(group[0].entry.object_pk)
    looks = {
        (kind, pk): shown
        for kind, pks in by_kind.items()
        for pk, shown in sources.find(kind).shown(viewer, pks).items()
    }
    hits = []
    for group in groups:
        entry = group[0].entry
        if (shown := looks.get((entry.kind, entry.object_pk))) is not None:
            title = marked(entry.title or shown.where, asked)
            hits.append(Hit(entry, shown, title, snippet(entry.text, asked), len(group) - 1))
    return hits


def _also(groups: Sequence[list[Rated]], asked: Asked) -> list[str]:
    """Words that stand in the titles of several results: somebody may also look for them."""
    typed = {term for word in asked.words for term in {*word.terms, word.surface}}
    count: Counter[str] = Counter()
    for group in groups:
        words = {token.text.casefold() for token in tokens(group[0].entry.title)}
        telling = {w for w in words if w.isalpha() and len(w) > 3 and w not in STOP_WORDS}
        count.update(w for w in telling if surface(w) not in typed)
    often = [word for word, uses in count.most_common(20) if uses >= ALSO_MIN_ENTRIES]
    return often[:ALSO_SHOWN]
