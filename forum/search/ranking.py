"""Which of the candidates fit best: title, the form as it was typed, age, and who answers."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from forum.search.models import Entry
from forum.search.queries import Asked, Word
from forum.search.terms import all_terms, tokens

IN_TITLE = 3.0
AS_TYPED = 1.0
OFTEN = 0.4
FRESH = 1.5
OFFICIAL = 0.8
ACCEPTED = 0.8
HALF_OF_FRESHNESS = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Rated:
    """An entry with its points; more are better."""

    entry: Entry
    points: float


def rated(entries: Iterable[Entry], asked: Asked, now: datetime) -> list[Rated]:
    """Those that have the phrases too, the best first."""
    fitting = [
        entry for entry in entries if has_phrases(entry, asked) and _has_enough(entry, asked)
    ]
    found = [Rated(entry, round(_points(entry, asked, now), 6)) for entry in fitting]
    return sorted(found, key=lambda each: (-each.points, -each.entry.pk))


def has_phrases(entry: Entry, asked: Asked) -> bool:
    """Whether the words of every phrase stand behind each other in the title or in the text."""
    return all(
        _has_phrase(entry.title, phrase) or _has_phrase(entry.text, phrase)
        for phrase in asked.phrases
    )


def _has_enough(entry: Entry, asked: Asked) -> bool:
    """Whether half of the words stand in the title, where any of them is enough for the index."""
    if not asked.is_any:
        return True
    title = set(entry.title_terms.split())
    there = sum(bool({*word.terms, word.surface} & title) for word in asked.words)
    return 2 * there >= len(asked.words)


def _has_phrase(text: str, phrase: tuple[Word, ...]) -> bool:
    words = [all_terms(token.text) for token in tokens(text)]
    wanted = [{*word.terms, word.surface} for word in phrase]
    places = range(len(words) - len(wanted) + 1)
    return any(
        all(words[place + step] & terms for step, terms in enumerate(wanted)) for place in places
    )


def _points(entry: Entry, asked: Asked, now: datetime) -> float:
    title, text = entry.title_terms.split(), entry.text_terms.split()
    in_title, in_text = set(title), set(text)
    share = 1 / len(asked.words)
    points = 0.0
    for word in asked.words:
        terms = {*word.terms, word.surface}
        points += share * IN_TITLE * bool(terms & in_title)
        points += share * AS_TYPED * (word.surface in in_text or word.surface in in_title)
        points += share * OFTEN * math.log1p(max((text.count(term) for term in terms), default=0))
    age = max(now - entry.at, timedelta(0))
    points += FRESH * 0.5 ** (age / HALF_OF_FRESHNESS)
    return points + OFFICIAL * entry.is_official + ACCEPTED * entry.is_accepted
