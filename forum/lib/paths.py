"""Places in a tree of posts as text that sorts depth first."""

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
MAX_DEPTH = 200  # levels that a path tells apart; deeper replies share their ancestor's level
AFTER_ALL = "~"  # sorts after every digit: path + AFTER_ALL ends the branch of path
ASIDE = AFTER_ALL  # before a path: the row keeps its number, and stands in no branch


def segment(number: int) -> str:
    """The number as text that sorts like the number: a length character, then base-62 digits.

    Units: a post's number in its thread, from 1. Source: docs/decisions/0005-tree.md.
    """
    digits = ""
    while number:
        number, rest = divmod(number, 62)
        digits = DIGITS[rest] + digits
    return DIGITS[len(digits)] + digits


def parent_path(path: str, depth: int) -> str:
    """The path's beginning down to the given depth (0 gives the root's own path)."""
    end = 0
    for _ in range(depth + 1):
        end += 1 + DIGITS.index(path[end])
    return path[:end]


def path_in(text: str) -> str:
    """The path that an address names, or an empty one where it could not be a path."""
    return text if set(text) <= _PATH_LETTERS else ""


_PATH_LETTERS = frozenset(DIGITS + AFTER_ALL)


class PathField(models.TextField):  # type: ignore[type-arg]  # not subscriptable at run time
    """Text compared byte by byte on every database (PostgreSQL would use the locale's order)."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, str | None]:
        parameters = super().db_parameters(connection)
        parameters["collation"] = "C" if connection.vendor == "postgresql" else None
        return parameters
