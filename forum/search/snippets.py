"""The place of a text where the words asked for stand, with these words marked in their form."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from forum.search.queries import Asked
from forum.search.terms import Token, all_terms, surface, tokens

WORDS_BEFORE = 8
WORDS_SHOWN = 34
WORDS_READ = 5_000  # of a text at once
WORDS_READ_MAX = 20_000  # of one where none of the first was asked for: a hundred pages


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; marked where it is a word that was asked for."""

    text: str
    is_marked: bool = False


def snippet(text: str, asked: Asked) -> list[Piece]:
    """About thirty words of the text, from where most of the words asked for stand."""
    found, marked = _looked_through(text, asked)
    if not found:
        return []
    first = _densest(marked)
    shown = found[first : first + WORDS_SHOWN]
    pieces = _pieces(text, shown, marked[first : first + WORDS_SHOWN])
    before = [Piece("… ")] if first else []
    after = [Piece(" …")] if first + WORDS_SHOWN < len(found) else []
    return [*before, *pieces, *after]


def _looked_through(text: str, asked: Asked) -> tuple[list[Token], list[bool]]:
    """The words of the text, and which were asked for; read on only until there is one."""
    found: list[Token] = []
    marked: list[bool] = []
    rest = islice(tokens(text), WORDS_READ_MAX)
    while not any(marked) and (more := list(islice(rest, WORDS_READ))):
        found += more
        marked += [_is_asked(token.text, asked) for token in more]
    return found, marked


def marked(text: str, asked: Asked) -> list[Piece]:
    """The whole text, as a title, with the words asked for marked."""
    found = _read(text)
    if not found:
        return [Piece(text)]
    pieces = _pieces(text, found, [_is_asked(token.text, asked) for token in found])
    return [Piece(text[: found[0].start]), *pieces, Piece(text[found[-1].end :])]


def _read(text: str) -> list[Token]:
    return list(islice(tokens(text), WORDS_READ))


def _is_asked(word: str, asked: Asked) -> bool:
    return any(_fits(word, each.terms, each.surface, each.prefix) for each in asked.words)


@lru_cache(50_000)
def _fits(word: str, terms: frozenset[str], as_typed: str, prefix: str) -> bool:
    own = all_terms(word)
    if own & terms or as_typed in own:
        return True
    return bool(prefix) and surface(word).startswith(prefix)


def _densest(marked: Sequence[bool]) -> int:
    """Where to begin, so that most marked words are seen."""
    places = [place for place, is_marked in enumerate(marked) if is_marked]
    if not places:
        return 0
    best = max(places, key=lambda place: (sum(marked[place : place + WORDS_SHOWN]), -place))
    return max(best - WORDS_BEFORE, 0)


def _pieces(text: str, shown: Sequence[Token], marked: Sequence[bool]) -> list[Piece]:
    pieces = []
    end = shown[0].start
    for token, is_marked in zip(shown, marked, strict=True):
        if not is_marked:
            continue
        if token.start > end:
            pieces.append(Piece(text[end : token.start]))
        pieces.append(Piece(text[token.start : token.end], is_marked=True))
        end = token.end
    if shown[-1].end > end:
        pieces.append(Piece(text[end : shown[-1].end]))
    return pieces
