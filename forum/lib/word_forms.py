"""What Polish words have in common with their other forms: `dotacją` and `dotacji` are `dotacja`.

Morfeusz, the dictionary of Polish forms, knows them; a word it does not know is asked again with
the marks that somebody may have left out (`swietlica`), and at last loses its ending by rule.
Where there is no Morfeusz (no wheel for the machine), rules alone must do.
Source: docs/decisions/0039-polish-search.md.
"""

import threading
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product

import snowballstemmer

from forum.lib.folding import fold

try:
    import morfeusz2
except ImportError:  # no wheel for this kind of machine: see `has_dictionary`
    morfeusz2 = None

# A number that changes whenever the same text would give other words: rows of the index say by
# which one they were made.
VERSION = 1
UNKNOWN = "ign"  # the tag of what Morfeusz does not know
FORMS_KEPT = 200_000  # words; about 60 MiB where a forum uses so many different ones
LONGEST_CHARS = 40  # of what is looked up: longer ones are no words
CANDIDATES_OF_QUERY = 8_192  # spellings tried for one word that somebody asks for
CANDIDATES_OF_TEXT = 1_024  # and for one word of a text
MARKS = {
    "a": "aą", "c": "cć", "e": "eę", "l": "lł", "n": "nń", "o": "oó", "s": "sś", "z": "zźż",
}  # fmt: skip
PLAIN = set("abcdefghijklmnopqrstuvwxyz")

# Morfeusz says nothing of threads: one object, and one caller at a time.
_lock = threading.Lock()
_dictionary = morfeusz2.Morfeusz(expand_tags=False) if morfeusz2 is not None else None
_rules = snowballstemmer.stemmer("polish")


def has_dictionary() -> bool:
    """Whether Morfeusz is there; without it fewer forms of a word are found."""
    return _dictionary is not None


@lru_cache(FORMS_KEPT)
def forms_of(word: str, *, is_asked: bool = False) -> frozenset[str]:
    """What the word has in common with its other forms, in small letters and with Polish marks.

    `is_asked` is for the words of a question: they may be written without marks, so each spelling
    counts that the dictionary knows, and more of them are tried. Never empty.
    """
    small = word.casefold()
    known = _known([small]) if len(small) <= LONGEST_CHARS else set()
    if _is_plain(small) and (is_asked or not known):
        limit = CANDIDATES_OF_QUERY if is_asked else CANDIDATES_OF_TEXT
        known |= _known(spellings(small, limit))
    return frozenset(known or {_by_rule(small)})


def spellings(word: str, limit: int) -> list[str]:
    """The word with Polish marks in every combination; none where these were too many.

    Units: `limit` counts spellings.
    """
    choices = [MARKS.get(letter, letter) for letter in word]
    count = 1
    for letters in choices:
        count *= len(letters)
        if count > limit:
            return []
    return ["".join(letters) for letters in product(*choices)][1:]


def _known(words: Iterable[str]) -> set[str]:
    if _dictionary is None:
        return set()
    with _lock:
        return set(_asked_of_dictionary(words))


def _asked_of_dictionary(words: Iterable[str]) -> Iterator[str]:
    assert _dictionary is not None
    for word in words:
        for _start, _end, (_form, lemma, tag, *_more) in _dictionary.analyse(word):
            if tag != UNKNOWN:
                yield lemma.split(":")[0].casefold()


def _is_plain(word: str) -> bool:
    return set(word) <= PLAIN and len(word) <= LONGEST_CHARS


def _by_rule(word: str) -> str:
    """What is left of an unknown word without its ending: the same with and without marks."""
    return fold(_rules.stemWord(fold(word) or word)) or word
