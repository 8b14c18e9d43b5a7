"""What somebody types into the search field, read as they mean it; nothing in it is an operator
of a database."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from forum.search.terms import STOP_WORDS, surface, terms_of, tokens

CHARS_MAX = 400  # of a question: what stands behind is not read
WORDS_MAX = 12
PREFIX_MIN_CHARS = 3
# Provisions are read as one: art. 5a ust. 1 pkt 2.
PROVISION = re.compile(
    r"(?:art|§|ust|pkt|lit)\.?\s*[0-9]+[a-z]?(?:\s*(?:ust|pkt|lit)\.?\s*[0-9a-z]+)*", re.IGNORECASE
)
PIECE = re.compile(
    r"(?P<minus>(?:(?<=\s)|^)[-−])?"
    r'(?:["„”“](?P<phrase>[^"„”“]*)["„”“]?|(?P<bare>[^\s"„”“]+))'
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word asked for: a text has it where it has any of the terms."""

    text: str
    terms: frozenset[str]
    prefix: str = ""  # the beginning of a word as it stands, where it may go on

    @property
    def surface(self) -> str:
        return surface(self.text)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: all words, none of the unwanted, and the phrases word by word in their order."""

    words: tuple[Word, ...] = ()
    unwanted: tuple[Word, ...] = ()
    phrases: tuple[tuple[Word, ...], ...] = ()
    is_any: bool = False  # one of the words is enough

    def __bool__(self) -> bool:
        return bool(self.words)


def read(text: str) -> Asked:
    """The question in the text; an empty one where nothing can be looked for."""
    clean = "".join(sign if sign.isprintable() else " " for sign in text)[:CHARS_MAX]
    words: list[Word] = []
    unwanted: list[Word] = []
    phrases = [_words(found.group()) for found in PROVISION.finditer(clean)]
    for piece in PIECE.finditer(clean):
        found = _words(piece["phrase"] if piece["phrase"] is not None else piece["bare"])
        if piece["minus"]:
            unwanted += found
            continue
        words += found
        if piece["phrase"] is not None and len(found) > 1:
            phrases.append(found)
    telling = [word for word in words if word.text.casefold() not in STOP_WORDS]
    return Asked(
        tuple(_last_goes_on(telling[:WORDS_MAX], clean)),
        tuple(unwanted[:WORDS_MAX]),
        tuple(tuple(phrase) for phrase in phrases if len(phrase) > 1),
    )


def any_of(asked: Asked) -> Asked:
    """The question that is content with any of the words."""
    return Asked(asked.words, is_any=True)


def _words(text: str) -> list[Word]:
    return [Word(each.text, terms_of(each.text, is_asked=True)) for each in tokens(text)]


def _last_goes_on(words: Sequence[Word], text: str) -> list[Word]:
    """The words, the last of which may be the beginning of one that is still being typed."""
    if not words or not text.endswith(words[-1].text) or len(words[-1].text) < PREFIX_MIN_CHARS:
        return list(words)
    last = words[-1]
    return [*words[:-1], Word(last.text, last.terms, prefix=last.surface)]
