"""A page of what was found: filtered, sorted, one line for each thread."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from django.db.models import Max
from django.utils import timezone

from accounts.rules import Viewer
from forum.search import engine, sources
from forum.search.models import Entry
from forum.search.narrowing import Filters, marks, narrowed
from forum.search.queries import Asked
from forum.search.ranking import Rated, rated
from forum.search.snippets import Piece, marked, snippet
from forum.search.sources import Shown
from forum.search.terms import STOP_WORDS, surface, tokens

__all__ = ["BEST", "NEWEST", "Filters", "Hit", "Results", "find"]

PAGE_SIZE = 15
ALSO_SHOWN = 4
ALSO_MIN_ENTRIES = 3  # in the titles of so many results a word must stand to be offered
ALSO_READ = 100  # results
BEST, NEWEST = "best", "newest"


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


class Place(NamedTuple):
    """Behind which result a page begins, in the order that the first page saw: what was written
    since is not in it, so that nothing is shown twice and nothing is left out.

    Units: `weight` is what the order goes by, points or microseconds; `seen_s` seconds since 1970.
    """

    weight: int
    pk: int
    until: int
    seen_s: int

    def __str__(self) -> str:
        return ".".join(map(str, self))


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

    Queries: six, and those of the sources.
    """
    if not asked:
        return Results()
    place = _place(after)
    last = Entry.objects.aggregate(last=Max("pk"))["last"] or 0
    # A place comes from an address: anybody may write one that is far behind the last entry.
    until = min(place.until, last) if place else last
    # As exact as a place says it, so that every page sees the same points.
    now = timezone.now().replace(microsecond=0)
    seen = datetime.fromtimestamp(place.seen_s, UTC) if place else now
    narrow = marks(viewer, filters)
    pks = engine.candidates(asked, narrow, until=until, is_in_titles=is_in_titles)
    # The index was asked by marks; who may read what is said by the entries.
    entries = narrowed(Entry.objects.readable_by(viewer), viewer, filters)
    groups = _grouped(_sorted(rated(entries.filter(pk__in=pks), asked, seen), order))
    page, following = _page(groups, order, place, until, int(seen.timestamp()))
    return Results(
        hits=_shown(viewer, page, asked),
        count=len(groups),
        is_capped=len(pks) >= engine.text_limit(asked),
        next=following,
        also=_also(groups[:ALSO_READ], asked) if place is None else [],
    )


def _place(after: str) -> Place | None:
    """What `after` says; nothing where it is no place."""
    if not re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,18}){2}\.[0-9]{1,11}", after):
        return None
    return Place(*map(int, after.split(".")))


def _sorted(found: list[Rated], order: str) -> list[Rated]:
    if order == NEWEST:
        return sorted(found, key=lambda each: (each.entry.at, each.entry.pk), reverse=True)
    return found


def _grouped(found: Iterable[Rated]) -> list[list[Rated]]:
    """One group for each place, in the order of the first of each."""
    groups: dict[tuple[str, int], list[Rated]] = {}
    for each in found:
        place = each.entry.place
        key = ("place", place) if place is not None else (each.entry.kind, each.entry.object_pk)
        groups.setdefault(key, []).append(each)
    return list(groups.values())


def _page(
    groups: Sequence[list[Rated]], order: str, place: Place | None, until: int, seen_s: int
) -> tuple[Sequence[list[Rated]], str]:
    """The groups behind the place, and where the next page begins."""
    behind = groups
    if place is not None:
        behind = [group for group in groups if _key(group[0], order) < (place.weight, place.pk)]
    page = behind[:PAGE_SIZE]
    if len(behind) <= PAGE_SIZE:
        return page, ""
    return page, str(Place(*_key(page[-1][0], order), until, seen_s))


def _key(each: Rated, order: str) -> tuple[int, int]:
    if order == NEWEST:
        return round(each.entry.at.timestamp() * 1_000_000), each.entry.pk
    return each.points, each.entry.pk


def _shown(viewer: Viewer, groups: Sequence[list[Rated]], asked: Asked) -> list[Hit]:
    by_kind: dict[str, list[int]] = {}
    for group in groups:
        by_kind.setdefault(group[0].entry.kind, []).append(group[0].entry.object_pk)
    entries = Entry.objects.defer("title_terms", "text_terms").in_bulk(
        [group[0].entry.pk for group in groups]
    )
    looks = {
        (kind, pk): shown
        for kind, pks in by_kind.items()
        for pk, shown in sources.find(kind).shown(viewer, pks).items()
    }
    hits = []
    for group in groups:
        entry = entries.get(group[0].entry.pk)
        shown = looks.get((entry.kind, entry.object_pk)) if entry else None
        if entry is not None and shown is not None:
            title = marked(entry.title or shown.where, asked)
            hits.append(Hit(entry, shown, title, snippet(entry.text, asked), len(group) - 1))
    return hits


def _also(groups: Sequence[list[Rated]], asked: Asked) -> list[str]:
    """Words that stand in the titles of several results: somebody may also look for them."""
    typed = {term for word in asked.words for term in word.any_term}
    count: Counter[str] = Counter()
    for group in groups:
        words = {token.text.casefold() for token in tokens(group[0].entry.title)}
        telling = {w for w in words if w.isalpha() and len(w) > 3 and w not in STOP_WORDS}
        count.update(w for w in telling if surface(w) not in typed)
    often = [word for word, uses in count.most_common(20) if uses >= ALSO_MIN_ENTRIES]
    return often[:ALSO_SHOWN]
