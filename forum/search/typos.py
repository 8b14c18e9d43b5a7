"""A second chance for a question that found nothing: words of the index that are nearly the same.

Only words are known that stood where everybody may read when they were written: what is offered
says nothing of other places. And a question is offered only after it has been asked for the same
reader and has found something.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from string import ascii_lowercase

from django.db.models.functions import Substr

from accounts.similarity import distance
from forum.lib.folding import fold
from forum.lib.word_forms import likely_spelling
from forum.search.models import KnownWord
from forum.search.queries import Asked
from forum.search.terms import WORDS_KEPT, tokens

LETTERS_MIN = 4
LETTERS_MAX = 30
LONG_WORD = 7  # letters: in such a word two may be wrong
BEGINNING = 2  # letters that are right where two are wrong
LOOKED_AT = 4_000  # words of the index for one word
WORDS_TRIED = 4  # of a question
OFFERED = 3  # questions at most


def news_in(text: str) -> set[str]:
    """The words of the text that this process has not kept yet. Queries: none."""
    words = {_folded(token.text) for token in tokens(text) if token.text.isalpha()}
    fitting = (word for word in words if LETTERS_MIN <= len(word) <= LETTERS_MAX)
    return {word for word in fitting if not _noted(word)[0]}


def note_words(words: Iterable[str]) -> None:
    """Keep that there are these words, of `news_in`. Queries: one, none for no news."""
    new = [word for word in sorted(words) if _is_news(word)]
    if new:
        rows = [KnownWord(word=word) for word in new]
        KnownWord.objects.bulk_create(rows, ignore_conflicts=True)


def forget_words() -> None:
    """Keep no word any more, before all texts are read anew: some words are gone, or stand where
    not everybody may read by now. Queries: one."""
    KnownWord.objects.all().delete()
    _noted.cache_clear()


def corrected(text: str, asked: Asked) -> list[str]:
    """The question with one of its words replaced by a likely one, the likeliest first.

    Queries: at most two for each of four words, and one.
    """
    words = {word.text: fold(word.text) for word in asked.words if word.text.isalpha()}
    known = set(KnownWord.objects.filter(word__in=words.values()).values_list("word", flat=True))
    # A word that stands somewhere is likely right: those that do not are tried first.
    tried = sorted(words, key=lambda word: words[word] in known)[:WORDS_TRIED]
    offers = [
        re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", likely_spelling(other), text)
        for word in tried
        for other in _near(words[word])
    ]
    return list(dict.fromkeys(offers))[:OFFERED]


def _near(word: str) -> list[str]:
    """Known words with one slip, else with two, the likeliest first."""
    if not LETTERS_MIN <= len(word) <= LETTERS_MAX:
        return []
    known = KnownWord.objects.exclude(word=word)
    one = known.filter(word__in=set(_with_one_slip(word)))
    found = sorted(one.values_list("word", flat=True), key=lambda other: _rank(word, other))
    if found or len(word) < LONG_WORD:
        return found[:OFFERED]
    alike = known.annotate(first=Substr("word", 1, 1)).filter(
        first=word[0],
        letters__range=(len(word) - 2, len(word) + 2),
        word__startswith=word[:BEGINNING],
    )
    near = alike.order_by("pk").values_list("word", flat=True)[:LOOKED_AT]
    two = [other for other in near if distance(word, other, 2) <= 2]
    return sorted(two, key=lambda other: _rank(word, other))[:OFFERED]


def _with_one_slip(word: str) -> Iterator[str]:
    """Every word with one letter left out, changed, added, or swapped with the next."""
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        yield from (before + letter + after for letter in ascii_lowercase)
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in ascii_lowercase)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]


def _rank(word: str, other: str) -> tuple[bool, bool, int, str]:
    """Letters swapped first, then a word with the same beginning; of the same length."""
    is_swapped = sorted(word) == sorted(other)
    return (not is_swapped, other[0] != word[0], abs(len(other) - len(word)), other)


@lru_cache(WORDS_KEPT)
def _folded(word: str) -> str:
    return fold(word)


@lru_cache(WORDS_KEPT)
def _noted(word: str) -> list[bool]:
    return [False]


def _is_news(word: str) -> bool:
    """Whether this process has not kept the word yet. A transaction that is taken back costs a
    word of a suggestion, nothing else."""
    noted = _noted(word)
    is_news, noted[0] = not noted[0], True
    return is_news
