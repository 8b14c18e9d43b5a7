"""What somebody types into the search field, read as they mean it; nothing in it is an operator
of a database."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from forum.search.terms import STOP_WORDS, Token, surface, terms_of, tokens

CHARS_MAX = 400  # of a question: what stands behind is not read
WORDS_MAX = 12  # and so many different words of it, of a phrase, and not wanted
PHRASES_MAX = 3
PREFIX_MIN_CHARS = 3
# A number goes on where it is one of a register or of a resolution: `art. 5` is not `art. 51`.
BEGINNING_OF_NUMBER = re.compile(r"[\w/]{5,}")
QUOTES = '"„”“«»'
PHRASE = re.compile(rf"(?P<minus>(?<!\S)[-−])?[{QUOTES}](?P<text>[^{QUOTES}]*)[{QUOTES}]?")
MINUS = ("-", "−")


@dataclass(frozen=True, slots=True)
class Word:
    """One word asked for: a text has it where it has any of the terms."""

    text: str
    terms: frozenset[str]
    prefix: str = ""  # the beginning of a word as it stands, where it may go on

    @property
    def surface(self) -> str:
        return surface(self.text)

    @property
    def any_term(self) -> frozenset[str]:
        """Its forms, and the word as it stands."""
        return self.terms | {self.surface}


Phrase = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: all words, none of the unwanted, and phrases word by word in their order."""

    words: tuple[Word, ...] = ()
    unwanted: tuple[Word, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    unwanted_phrases: tuple[Phrase, ...] = ()
    is_any: bool = False  # one of the words is enough

    def __bool__(self) -> bool:
        return bool(self.words)


def read(text: str) -> Asked:
    """The question in the text; an empty one where nothing can be looked for."""
    clean = _clean(text)[:CHARS_MAX]
    wanted: list[Token] = []
    unwanted: list[Token] = []
    phrases: dict[bool, list[Phrase]] = {True: [], False: []}
    end = 0
    for found in PHRASE.finditer(clean):
        _sort_bare(clean, end, found.start(), wanted, unwanted)
        inside = _between(clean, found.start("text"), found.end("text"))
        is_wanted = found["minus"] is None
        if len(inside) > 1:
            phrases[is_wanted].append(tuple(_words(inside[:WORDS_MAX])))
        if is_wanted or len(inside) == 1:
            (wanted if is_wanted else unwanted).extend(inside)
        end = found.end()
    _sort_bare(clean, end, len(clean), wanted, unwanted)
    return Asked(
        _last_goes_on(_telling(wanted), clean),
        tuple(_words(_different(unwanted))),
        tuple(phrases[True][:PHRASES_MAX]),
        tuple(phrases[False][:PHRASES_MAX]),
    )


def any_of(asked: Asked) -> Asked:
    """The question that is content with any of the words."""
    return Asked(asked.words, is_any=True)


def _clean(text: str) -> str:
    """The text in letters that are whole, without signs that are not seen."""
    whole = unicodedata.normalize("NFC", text[: 4 * CHARS_MAX])
    seen = (sign for sign in whole if unicodedata.category(sign) != "Cf")
    return "".join(sign if sign.isprintable() else " " for sign in seen)


def _sort_bare(text: str, start: int, end: int, wanted: list[Token], unwanted: list[Token]) -> None:
    for token in _between(text, start, end):
        before = text[max(token.start - 2, 0) : token.start]
        is_unwanted = before.endswith(MINUS) and not before[:-1].strip()
        (unwanted if is_unwanted else wanted).append(token)


def _between(text: str, start: int, end: int) -> list[Token]:
    return [Token(t.text, t.start + start, t.end + start) for t in tokens(text[start:end])]


def _different(found: Iterable[Token]) -> list[Token]:
    """The first of each word, and not too many."""
    first: dict[str, Token] = {}
    for token in found:
        first.setdefault(surface(token.text), token)
    return [*first.values()][:WORDS_MAX]


def _telling(found: Iterable[Token]) -> list[Token]:
    return _different(token for token in found if token.text.casefold() not in STOP_WORDS)


def _words(found: Iterable[Token]) -> list[Word]:
    return [Word(each.text, terms_of(each.text, is_asked=True)) for each in found]


def _last_goes_on(found: list[Token], text: str) -> tuple[Word, ...]:
    """The words, the last of which may be the beginning of one that is still being typed."""
    words = _words(found)
    if words and max(token.end for token in found) == len(text) and _may_go_on(found[-1].text):
        words[-1] = replace(words[-1], prefix=words[-1].surface)
    return tuple(words)


def _may_go_on(word: str) -> bool:
    # Behind its underscore: of some letters nothing is left, and every word begins with nothing.
    if len(surface(word)) <= PREFIX_MIN_CHARS:
        return False
    if word.isalpha():
        return len(word) >= PREFIX_MIN_CHARS
    return BEGINNING_OF_NUMBER.fullmatch(word) is not None
