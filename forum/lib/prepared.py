"""Queries that every page asks: the ORM writes their SQL once, later only the values are put in.

Writing the SQL of a question about rights takes the ORM ten times as long as SQLite takes to
answer it. The question itself stays a QuerySet verb, so there is no second text of any rule.

    IN_CATEGORY = Prepared(lambda pk: Thread.objects.filter(category=pk).values_list("pk", "title"))
    IN_CATEGORY.rows(pk=7)

Source: docs/decisions/0021-shared-pages.md.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

# What no row and no constant of a query is equal to: a bigint column could hold it, and nobody's
# text does.
STAND_IN_NUMBER = 7_003_005_007_009_011_000
STAND_IN_TEXT = "\ue000stand-in-{}\ue001"
LARGEST = 2**63 - 1  # of a bigint column
SHAPES_KEPT = 64  # of each query: kinds of viewers, and the day


@dataclass(frozen=True, slots=True)
class _Written:
    """The SQL of one shape of a query, which value stands where, and how its columns are read."""

    sql: str
    values: tuple[Any, ...]
    places: dict[int, str]
    converters: dict[int, tuple[list[Any], Any]]


class Prepared:
    """A `values_list` QuerySet whose SQL is kept for each shape.

    `make` gets the shape, where there is one, and a stand-in for each value; what it does with a
    value must not depend on it, except through the shape. The SQL is written anew every day, since
    rules ask for today.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Any]]) -> None:
        self._make = make
        self._written = lru_cache(SHAPES_KEPT)(self._write)

    def rows(self, *shape: Hashable, **values: int | str) -> list[tuple[Any, ...]]:
        """The rows for these values; none for a number too large for any column. Queries: one."""
        if any(isinstance(value, int) and value > LARGEST for value in values.values()):
            return []
        kinds = tuple((name, type(value)) for name, value in values.items())
        written = self._written(shape, kinds, timezone.localdate(), connection.vendor)
        asked = list(written.values)
        for place, name in written.places.items():
            asked[place] = values[name]
        with connection.cursor() as cursor:
            cursor.execute(written.sql, asked)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return [_read(row, written.converters) for row in rows] if written.converters else rows

    def first(self, *shape: Hashable, **values: int | str) -> tuple[Any, ...] | None:
        """The first of the rows, if there is one. Queries: one."""
        return next(iter(self.rows(*shape, **values)), None)

    def _write(
        self, shape: tuple[Hashable, ...], kinds: tuple[tuple[str, type], ...], *_: Hashable
    ) -> _Written:
        stand_ins = {
            name: STAND_IN_TEXT.format(place) if kind is str else STAND_IN_NUMBER + place
            for place, (name, kind) in enumerate(kinds)
        }
        compiler = self._make(*shape, **stand_ins).query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        names = {stand_in: name for name, stand_in in stand_ins.items()}
        places = {
            place: names[value]
            for place, value in enumerate(values)
            if isinstance(value, int | str) and value in names
        }
        apart = [sql, *(value for value in values if isinstance(value, str) and value not in names)]
        assert not any(str(stand_in) in text for stand_in in names for text in apart), (
            "a value stands in the SQL, or inside another value"
        )
        columns = [column for column, *_rest in compiler.select]
        return _Written(sql, tuple(values), places, compiler.get_converters(columns))


def _read(row: tuple[Any, ...], converters: dict[int, tuple[list[Any], Any]]) -> tuple[Any, ...]:
    read = list(row)
    for place, (convert, column) in converters.items():
        for each in convert:
            read[place] = each(read[place], column, connection)
    return tuple(read)
