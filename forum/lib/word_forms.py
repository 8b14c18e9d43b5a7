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

from forum.lib.endings import stem

try:
    import morfeusz2
except ImportError:  # no wheel for this kind of machine: see `has_dictionary`
    morfeusz2 = None

# A number that changes whenever the same text would give other words: rows of the index say by
# which one they were made.
VERSION = 3
UNKNOWN = "ign"  # the tag of what Morfeusz does not know
# What Morfeusz takes apart from a word: zrobił|by|m. It says nothing of the word.
ATTACHED = ("aglt", "part", "conj", "comp", "prep", "interp")
STEM_SIGN = "_"  # behind what is left of a word by rule, so that it is no word of the dictionary
FORMS_KEPT = 200_000  # words; about 60 MiB where a forum uses so many different ones
LONGEST_CHARS = 40  # of what is looked up: longer ones are no words
CANDIDATES_OF_QUERY = 4_096  # spellings tried for one word that somebody asks for
CANDIDATES_OF_TEXT = 1_024  # and for one word of a text
VOWELS = set("aeiouyąęó")
# Before a vowel softness is written with an i: ć, ń, ś and ź do not stand there; ą and ę do not
# stand beside a vowel, but behind an i.
MARKS = {
    "a": "aą", "c": "cć", "e": "eę", "l": "lł", "n": "nń", "o": "oó", "s": "sś", "z": "zźż",
}  # fmt: skip
MARKS_BEFORE_VOWELS = {"l": "lł", "z": "zż"}
PLAIN = set("abcdefghijklmnopqrstuvwxyz")

# Morfeusz says nothing of threads: one object, and one caller at a time. Names are found in small
# letters too.
_lock = threading.Lock()
_dictionary = (
    morfeusz2.Morfeusz(expand_tags=False, case_handling=morfeusz2.IGNORE_CASE)
    if morfeusz2 is not None
    else None
)


def has_dictionary() -> bool:
    """Whether Morfeusz is there; without it fewer forms of a word are found."""
    return _dictionary is not None


@lru_cache(FORMS_KEPT)
def forms_of(word: str, *, is_asked: bool = False) -> frozenset[str]:
    """What the word has in common with its other forms, in small letters and with Polish marks.

    `is_asked` is for the words of a question: they may be written without marks, so each spelling
    counts that the dictionary knows, and more of them are tried; and a text may have a form that
    it does not know. Never empty.
    """
    small = word.casefold()
    if len(small) > LONGEST_CHARS:
        return frozenset({small})
    known = _known([small])
    if not known or (is_asked and set(small) <= PLAIN):
        limit = CANDIDATES_OF_QUERY if is_asked else CANDIDATES_OF_TEXT
        known |= _known(spellings(small, limit))
    by_rule = {stem(small) + STEM_SIGN} if is_asked or not known else set()
    return frozenset(known | by_rule)


def spellings(word: str, limit: int) -> list[str]:
    """The word with Polish marks in every combination; none where these were too many.

    Units: `limit` counts spellings.
    """
    following = [*(letter in VOWELS for letter in word[1:]), False]
    choices = [
        (MARKS_BEFORE_VOWELS if is_before_vowel else MARKS).get(letter, letter)
        for letter, is_before_vowel in zip(word, following, strict=True)
    ]
    count = 1
    for letters in choices:
        count *= len(letters)
        if count > limit:
            return []
    return ["".join(letters) for letters in product(*choices)][1:]


def likely_spelling(word: str) -> str:
    """The word with the Polish marks that somebody left out; as it is where it is a word, or no
    spelling of it is known."""
    if _known([word]):
        return word
    return next((each for each in spellings(word, CANDIDATES_OF_TEXT) if _known([each])), word)


def _known(words: Iterable[str]) -> set[str]:
    if _dictionary is None:
        return set()
    with _lock:
        return set(_asked_of_dictionary(words))


def _asked_of_dictionary(words: Iterable[str]) -> Iterator[str]:
    assert _dictionary is not None
    for word in words:
        found = _dictionary.analyse(word)
        # A word of two pieces, one of which is not known, is not known.
        if any(tag == UNKNOWN for _start, _end, (_form, _lemma, tag, *_more) in found):
            continue
        last = max((end for _start, end, _piece in found), default=0)
        for start, end, (_form, lemma, tag, *_more) in found:
            is_whole = start == 0 and end == last
            if is_whole or not tag.startswith(ATTACHED):
                yield lemma.split(":")[0].casefold()
