"""Whether a word that stands in a text is found by a word that somebody types."""

from collections.abc import Callable

from forum.lib.folding import fold
from forum.search.queries import read
from forum.search.terms import indexed

UNMARKED = "Tekst bez znakow, jak ktos pisze z telefonu: "


def is_found(written: str, typed: str) -> bool:
    """Whether the question finds a text of the one word, as the index has it."""
    return _meets(indexed(written), typed)


def _meets(terms: str, typed: str) -> bool:
    words = read(f"{typed} ").words
    return bool(words) and all(word.any_term & set(terms.split()) for word in words)


def _bare(text: str) -> str:
    """As somebody types without Polish letters; signs stay."""
    return "".join(fold(sign) or sign for sign in text)


WAYS: dict[str, Callable[[str, str], bool]] = {
    "as written": is_found,
    "the other way round": lambda written, typed: is_found(typed, written),
    "typed without marks": lambda written, typed: is_found(written, _bare(typed)),
    "written without marks": lambda written, typed: _meets(
        indexed(UNMARKED + _bare(written)), typed
    ),
    "both without marks": lambda written, typed: _meets(
        indexed(UNMARKED + _bare(written)), _bare(typed)
    ),
}
