"""What a text is found by: for every word its forms, and the word as it stands.

A term is small letters, digits and underscores, so that both databases keep it as it is. The word
as it stands begins with an underscore. Source: docs/decisions/0039-polish-search.md.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from forum.lib.folding import fold, without_marks
from forum.lib.word_forms import forms_of
from forum.search.compounds import KINDS, compound_of

# Marks that are set apart from their letters, and signs that are not seen, belong to the word.
INSIDE = "\u00ad\u0300-\u036f\u200b-\u200d\u2060"
WORD = re.compile(
    "|".join(f"(?P<{kind}>{pattern})" for kind, (pattern, _reader) in KINDS.items())
    # Each repetition begins with what cannot end the one before: there is one way to read a word.
    + rf"|[^\W_]+(?:[{INSIDE}]+[^\W_]+)*[{INSIDE}]*",
    re.IGNORECASE,
)
MARKED = re.compile("[ąćęłńóśźż]", re.IGNORECASE)
UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060]")
SIGNS = re.compile(r"[^\w]")
WORDS_MAX = 20_000  # of one text: a longer one is found by its beginning
TERMS_MAX_BYTES = 900_000  # of different terms of one text: PostgreSQL keeps 2**20
BOOK_MAX_BYTES = 8  # what the index writes before a term
TERM_MAX_CHARS = 60
UNMARKED_MIN_WORDS = 4  # of a text without any Polish mark, where they were left out
WORDS_KEPT = 100_000
# Words that stand in every text find nothing; they count in phrases only.
COMMON = (
    "a aby ale albo bo by być co czy dla do gdy gdzie go i ich ile im ja jak jako je jego jej jest "
    "już każdy kto która które którego której który którzy lub ma mi mnie może na nad nie nas nam "
    "nich nim o od on ona one oni oraz po pod przez przy się są ta tak tam te tego tej ten to tu "
    "tylko tym u w we wam was więc z za ze że żeby the of and in is it for"
)
# "nr" stands in one text and not in the other. Without its mark "więc" is another word.
STOP_WORDS = frozenset({*COMMON.split(), *map(fold, COMMON.split()), "nr"} - {"wiec"})


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


@dataclass(frozen=True, slots=True)
class Reading:
    """A word of a text: as it stands, its forms, and what else finds a compound."""

    surface: str
    forms: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()


@lru_cache(WORDS_KEPT)
def reading(word: str, *, is_open: bool = False) -> Reading:
    """What the word is found by. `is_open` where it may lack its Polish marks."""
    clean = UNSEEN.sub("", unicodedata.normalize("NFC", word))
    found = WORD.fullmatch(clean)
    if found is None or found.lastgroup is None:
        return _plain(clean, is_open=is_open)
    compound = compound_of(_kind(found), clean)
    first, *others = compound.parts if not compound.kept else ["", *compound.parts]
    own = _plain(first, is_open=is_open) if first else Reading(_surface(compound.kept))
    pieces = [_plain(part, is_open=is_open) for part in others]
    return Reading(
        own.surface,
        own.forms,
        frozenset(_surface(each) for each in compound.also)
        | frozenset(term for piece in pieces for term in {piece.surface, *piece.forms}),
    )


def terms_of(word: str, *, is_asked: bool = False) -> frozenset[str]:
    """What the word is looked for by: its forms where it has any, else the word as it stands."""
    found = reading(word, is_open=is_asked)
    return found.forms or frozenset({found.surface})


def surface(word: str) -> str:
    """The word as it stands: without capitals, Polish marks and spaces."""
    return reading(word).surface


def indexed(text: str) -> str:
    """All terms of the text for the index, one space between them.

    Each word in its order, as it stands and then its forms; behind the last what else finds
    compounds. A text without any Polish mark is read as if they had been left out.
    """
    words = [token.text for token in islice(tokens(text), WORDS_MAX)]
    is_open = len(words) >= UNMARKED_MIN_WORDS and not MARKED.search(text)
    kept: list[str] = []
    parts: dict[str, None] = {}
    known: set[str] = set()
    room = TERMS_MAX_BYTES
    for word in words:
        found = reading(word, is_open=is_open)
        new = {found.surface, *found.forms, *found.parts} - known
        room -= sum(len(term.encode()) + BOOK_MAX_BYTES for term in new)
        if room < 0:
            break
        known |= new
        kept += [found.surface, *sorted(found.forms)]
        parts.update(dict.fromkeys(sorted(found.parts)))
    return " ".join([*kept, *parts])


@lru_cache(WORDS_KEPT)
def all_terms(word: str) -> frozenset[str]:
    """The forms of the word, the word as it stands, and the parts of a compound."""
    found = reading(word)
    return found.forms | found.parts | {found.surface}


def encoded(text: str) -> str:
    """The text with letters, digits and underscores only; signs become underscores.

    It never begins with one, whatever the letters are taken apart into: two underscores begin what
    the index itself says of an entry (forum/search/narrowing.py).
    """
    return SIGNS.sub("_", text.casefold()).lstrip("_")[:TERM_MAX_CHARS]


def _plain(word: str, *, is_open: bool) -> Reading:
    forms = forms_of(word, is_asked=is_open) if word.isalpha() else ()
    return Reading(_surface(word), frozenset(encoded(form) for form in forms) - {""})


def _surface(word: str) -> str:
    return f"_{encoded(without_marks(word.casefold()))}"[:TERM_MAX_CHARS]


def _kind(found: re.Match[str]) -> str:
    return next(kind for kind in KINDS if found[kind] is not None)
