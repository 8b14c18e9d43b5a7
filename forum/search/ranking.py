"""Which of the candidates fit best: title, the form as it was typed, age, and who answers."""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models.functions import Substr

from forum.search.models import EntryQuerySet
from forum.search.phrases import has_phrase, has_word
from forum.search.queries import Asked, Word

IN_TITLE = 3.0
BEGUN_IN_TITLE = 2.0  # a word that begins with what is being typed
AS_TYPED = 1.0
OFTEN = 0.4
OFTEN_MAX = 8  # times: a word that is said more often says no more
FRESH = 1.5
OFFICIAL = 0.8
ACCEPTED = 0.8
HALF_OF_FRESHNESS = timedelta(days=180)
POINT = 1_000_000  # points are whole numbers, so that a page can begin behind one
# Of the terms of a text, to see how often a word stands there; more to see whether it may be
# shown at all.
TERMS_READ_CHARS = 8_000
JUDGED_CHARS = 200_000


class Candidate(NamedTuple):
    """What is read of an entry to rate it."""

    pk: int
    kind: str
    object_pk: int
    place: int | None
    at: datetime
    is_official: bool
    is_accepted: bool
    title: str
    title_terms: str
    text_terms: str


class Rated(NamedTuple):
    """A candidate with its points; more are better. Units: POINT is one point."""

    entry: Candidate
    points: int


class Sought(NamedTuple):
    """A word as it is looked for in terms: each with the spaces around it."""

    terms: tuple[str, ...]
    as_typed: str
    begun: str  # empty where the word is whole


def rated(entries: EntryQuerySet, asked: Asked, now: datetime) -> list[Rated]:
    """Those of the entries that have the phrases too, the best first. Queries: one."""
    fitting = (each for each in _read(entries, asked) if _fits(each, asked))
    sought = [_sought(word) for word in asked.words]
    found = [Rated(each, round(POINT * _points(each, sought, now))) for each in fitting]
    return sorted(found, key=lambda each: (-each.points, -each.entry.pk))


def _read(entries: EntryQuerySet, asked: Asked) -> Iterable[Candidate]:
    is_short = not (asked.phrases or asked.unwanted or asked.unwanted_phrases)
    read = Substr("text_terms", 1, TERMS_READ_CHARS if is_short else JUDGED_CHARS)
    plain = [name for name in Candidate._fields if name != "text_terms"]
    return map(Candidate._make, entries.values_list(*plain, read))


def _fits(entry: Candidate, asked: Asked) -> bool:
    if asked.is_any:
        return _has_half(entry, asked)
    terms = entry.text_terms
    return all(has_phrase(terms, phrase) for phrase in asked.phrases) and not (
        # What was found by its title may have it in its text.
        any(has_word(terms, word) for word in asked.unwanted)
        or any(has_phrase(terms, phrase) for phrase in asked.unwanted_phrases)
    )


def _has_half(entry: Candidate, asked: Asked) -> bool:
    """Whether half of the words stand in the title, where any of them is enough for the index."""
    title = set(entry.title_terms.split())
    return 2 * sum(bool(word.any_term & title) for word in asked.words) >= len(asked.words)


def _sought(word: Word) -> Sought:
    terms = tuple(f" {term} " for term in sorted(word.any_term))
    return Sought(terms, f" {word.surface} ", word.prefix and f" {word.prefix}")


def _points(entry: Candidate, sought: Sequence[Sought], now: datetime) -> float:
    title, text = f" {entry.title_terms} ", f" {entry.text_terms} "
    share = 1 / len(sought)
    points = sum(share * _points_of_word(word, title, text) for word in sought)
    age = max(now - entry.at, timedelta(0))
    points += FRESH * 0.5 ** (age / HALF_OF_FRESHNESS)
    return points + OFFICIAL * entry.is_official + ACCEPTED * entry.is_accepted


def _points_of_word(word: Sought, title: str, text: str) -> float:
    points = 0.0
    if not title.isspace():  # most posts have none
        points += _points_in_title(word, title)
    points += AS_TYPED * (word.as_typed in text or word.as_typed in title)
    often = max([text.count(term) for term in word.terms])
    return points + OFTEN * math.log1p(min(often, OFTEN_MAX))


def _points_in_title(word: Sought, title: str) -> float:
    if any(term in title for term in word.terms):
        return IN_TITLE
    return BEGUN_IN_TITLE if word.begun and word.begun in title else 0.0
