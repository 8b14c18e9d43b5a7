"""A second chance for a question that found nothing: words of the index that are nearly the same.

Which words there are says nothing of where they stand: a question is offered only after it has
been asked for the same reader and has found something.
"""

from collections.abc import Iterable
from functools import lru_cache

from django.db.models.functions import Substr

from accounts.similarity import likeness
from forum.lib.folding import fold
from forum.search.models import KnownWord
from forum.search.queries import Asked
from forum.search.terms import tokens

LETTERS_MIN = 4
LETTERS_MAX = 30
LOOKED_AT = 4_000  # words of the index for one word
ENOUGH = 0.7  # of 1
OFFERED = 3  # questions at most


def note_words(texts: Iterable[str]) -> None:
    """Keep which words there are. Queries: none where all are known to this process, else one."""
    words = {fold(token.text) for text in texts for token in tokens(text) if token.text.isalpha()}
    new = [word for word in sorted(words) if LETTERS_MIN <= len(word) <= LETTERS_MAX]
    new = [word for word in new if _is_news(word)]
    if new:
        rows = [KnownWord(word=word) for word in new]
        KnownWord.objects.bulk_create(rows, ignore_conflicts=True)


def corrected(text: str, asked: Asked) -> list[str]:
    """The question with each of its words replaced by a likely one, the likeliest first.

    Queries: one for each word.
    """
    offers: list[str] = []
    for word in asked.words:
        for other in _near(fold(word.text)):
            offer = text.replace(word.text, other)
            if offer not in offers:
                offers.append(offer)
    return offers[:OFFERED]


def _near(word: str) -> list[str]:
    if not LETTERS_MIN <= len(word) <= LETTERS_MAX:
        return []
    alike = KnownWord.objects.annotate(first=Substr("word", 1, 1)).filter(first=word[0])
    alike = alike.filter(letters__range=(len(word) - 1, len(word) + 1)).exclude(word=word)
    found = alike.values_list("word", flat=True)[:LOOKED_AT]
    rated = sorted((-likeness(word, other), other) for other in found)
    return [other for points, other in rated if -points >= ENOUGH][:OFFERED]


@lru_cache(100_000)
def _noted(word: str) -> list[bool]:
    return [False]


def _is_news(word: str) -> bool:
    """Whether this process has not kept the word yet. A transaction that is taken back costs a
    word of a suggestion, nothing else."""
    noted = _noted(word)
    is_news, noted[0] = not noted[0], True
    return is_news
