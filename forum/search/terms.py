"""What a text is found by: for every word its forms, and the word as it stands.

A term is small letters, digits and underscores, so that both databases keep it as it is. The word
as it stands begins with an underscore. Source: docs/decisions/0039-polish-search.md.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from forum.lib.folding import fold
from forum.lib.word_forms import forms_of

# Numbers of law and registers are one word: XXXII/154/21, 1,5%, 113-00-12-345, 5a, 15.11.2012.
COMPOUND = r"[^\W_]*\d[^\W_]*(?:[/.,:-][^\W_]+)+(?:\s?%)?|(?:[^\W_]+/)+[^\W_]*\d[^\W_]*|\d+\s?%"
WORD = re.compile(rf"{COMPOUND}|[^\W_]+", re.UNICODE)
SIGNS = re.compile(r"[^\w]")
# Registers' numbers, with or without signs in between: REGON 9 or 14 digits, NIP and KRS 10.
NUMBER_DIGITS = range(9, 15)
WORDS_MAX = 20_000  # of one text: a longer one is found by its beginning
WORDS_KEPT = 100_000
# Words that stand in every text find nothing; they count in phrases only.
COMMON = (
    "a aby ale albo bo by być co czy dla do gdy gdzie go i ich ile im ja jak jako je jego jej jest "
    "już każdy kto która które którego której który którzy lub ma mi mnie może na nad nie nas nam "
    "nich nim o od on ona one oni oraz po pod przez przy się są ta tak tam te tego tej ten to tu "
    "tylko tym u w we wam was więc z za ze że żeby the of and in is it for"
)
STOP_WORDS = frozenset(COMMON.split())


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text. Units: start and end count characters of the text."""

    text: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """The words of the text, numbers with their signs as one."""
    for found in WORD.finditer(text):
        yield Token(found.group(), found.start(), found.end())


@lru_cache(WORDS_KEPT)
def terms_of(word: str, *, is_asked: bool = False) -> frozenset[str]:
    """What the word is found by: its forms where it has any, else the word as it stands."""
    if not word.isalpha():
        return frozenset({surface(word)})
    return frozenset(encoded(form) for form in forms_of(word, is_asked=is_asked))


@lru_cache(WORDS_KEPT)
def surface(word: str) -> str:
    """The word as it stands: without capitals, Polish marks and spaces."""
    digits = re.sub(r"\D", "", word)
    if len(digits) in NUMBER_DIGITS and not re.search(r"[^\W\d]", word):
        return f"_{digits}"
    return "_" + encoded(_folded(word))


def indexed(text: str) -> str:
    """All terms of the text for the index, one space between them, each word in its order."""
    found: list[str] = []
    for place, token in enumerate(tokens(text)):
        if place == WORDS_MAX:
            break
        found += sorted(all_terms(token.text))
    return " ".join(found)


def all_terms(word: str) -> frozenset[str]:
    """The forms of the word, the word as it stands, and the parts of a compound."""
    parts: Iterable[str] = re.split(r"[^\w]+", word) if not word.isalnum() else ()
    alone = {surface(part) for part in parts if part}
    return frozenset({surface(word)}) | terms_of(word) | alone


def encoded(text: str) -> str:
    """The text with letters, digits and underscores only; signs become underscores."""
    return SIGNS.sub("_", text.casefold())


def _folded(word: str) -> str:
    """Like `fold`, but with the signs inside of it."""
    parts = re.split(r"(\W+)", word)
    return "".join(fold(part) if part.isalnum() else part.replace(" ", "") for part in parts)
