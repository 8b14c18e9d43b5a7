"""Names that would be taken for another organization's.

A name is taken where its folded words are those of another one in the same commune (or where
either has no seat), and close where a letter or two differ. Words of public offices are kept.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher

from accounts.models import Organization
from forum.lib.folding import fold

CLOSE = 0.92  # of 1: about one letter in twelve
# Beginnings of words: starosta, starostwo, starosty.
OFFICE_WORDS: tuple[str, ...] = ("starost",)
AUTHORITY_WORDS: tuple[str, ...] = ("urzad", "urzed")


@dataclass(frozen=True, slots=True)
class Found:
    """The organization whose name it is, or nearly is."""

    organization: Organization
    is_exact: bool


def sounds_official(name: str, kind: str) -> bool:
    """Whether the name is one of a public office that this kind of organization is not."""
    words = fold(name).split()
    is_authority = kind == Organization.Kind.LOCAL_GOVERNMENT
    kept = OFFICE_WORDS if is_authority else OFFICE_WORDS + AUTHORITY_WORDS
    return any(word.startswith(kept) for word in words)


def find_taken(names: list[str], gmina: str) -> Found | None:
    """The organization that carries one of the names, before one that nearly does. Queries: 1."""
    wanted = [folded for name in names if (folded := fold(name))]
    close: Organization | None = None
    for other in Organization.objects.only("name", "short_name", "gmina", "kind").order_by("pk"):
        if gmina and other.gmina and gmina != other.gmina and not other.is_office:
            continue
        theirs = [folded for name in (other.name, other.short_name) if (folded := fold(name))]
        if set(wanted) & set(theirs):
            return Found(other, is_exact=True)
        if close is None and any(_is_close(one, two) for one in wanted for two in theirs):
            close = other
    return Found(close, is_exact=False) if close else None


def _is_close(one: str, two: str) -> bool:
    # School no. 1 is not school no. 2, however alike the names are.
    if _numbers(one) != _numbers(two):
        return False
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    return (
        matcher.real_quick_ratio() >= CLOSE
        and matcher.quick_ratio() >= CLOSE
        and matcher.ratio() >= CLOSE
    )


def _numbers(folded: str) -> list[str]:
    return [word for word in folded.split() if word.isdigit()]
