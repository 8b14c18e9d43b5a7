"""Queries that every page asks: the ORM writes their SQL once, later only the values are put in.

Writing the SQL of a question about rights takes the ORM ten times as long as SQLite takes to
answer it. The question itself stays a QuerySet verb, so there is no second text of any rule.

    IN_CATEGORY = Prepared(lambda pk: Thread.objects.filter(category=pk).values_list("pk", "title"))
    IN_CATEGORY.rows(pk=7)
    THREAD = Prepared(lambda pk: Thread.objects.select_related("category").filter(pk=pk))
    THREAD.object(pk=7)
    Post.objects.filter(thread__in=OF_AUTHOR.inside(author=7))

PostgreSQL keeps its plan of each as well. Source: docs/decisions/0021-shared-pages.md and
0049-prepared-statements.md.
"""

import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.sql import DeleteQuery, Query, UpdateQuery
from django.utils import timezone

# What no row and no constant of a query is equal to: a bigint column could hold it, and nobody's
# text does.
STAND_IN_NUMBER = 7_003_005_007_009_011_000
STAND_IN_TEXT = "\ue000stand-in-{}\ue001"
STAND_IN_YEAR = 31  # of moments
Value = int | str | datetime | UUID
LARGEST = 2**63 - 1  # of a bigint column
SHAPES_KEPT = 64  # of each query: kinds of viewers, and the day
QUARTER_S = 15 * 60  # a day begins with one of these, in every time zone


@dataclass(frozen=True, slots=True)
class _Making:
    """How rows become objects, with the related ones and what was annotated."""

    model: type[Model]
    columns: slice
    names: list[str]
    related: list[Any]
    annotations: dict[str, int]

    def object(self, row: tuple[Any, ...]) -> Any:
        made = self.model.from_db(connection.alias, self.names, row[self.columns])
        for each in self.related:
            each.populate(row, made)
        for name, place in self.annotations.items():
            setattr(made, name, row[place])
        return made


@dataclass(frozen=True, slots=True)
class _Written:
    """The SQL of one shape of a query, which value stands where, and how its columns are read."""

    sql: str
    values: tuple[Any, ...]
    places: dict[int, str]
    converters: dict[int, tuple[list[Any], Any]]
    making: _Making | None

    def asked(self, values: dict[str, Value], database: BaseDatabaseWrapper) -> list[Any]:
        asked = list(self.values)
        for place, name in self.places.items():
            asked[place] = adapted(values[name], database)
        return asked

    def done(self, values: dict[str, Value], database: BaseDatabaseWrapper) -> int:
        with (
            transaction.mark_for_rollback_on_error(database.alias),
            planned_cursor(database) as cursor,
        ):
            cursor.execute(self.sql, self.asked(values, database))
            count: int = cursor.rowcount
        return count

    def rows(
        self, values: dict[str, Value], database: BaseDatabaseWrapper
    ) -> list[tuple[Any, ...]]:
        with planned_cursor(database) as cursor:
            cursor.execute(self.sql, self.asked(values, database))
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return [_read(row, self.converters, database) for row in rows] if self.converters else rows


class Prepared:
    """A QuerySet whose SQL is kept for each shape: of `values_list` for `rows`, of whole rows for
    `objects`; what it would prefetch is left out.

    `make` gets the shape, where there is one, and a stand-in for each value; what it does with a
    value must not depend on it, except through the shape. The SQL is written anew every day, since
    rules ask for today.

    Raises: EmptyResultSet at a question that nothing can answer: `pk__in=[]`, or a number asked of
    a column that holds no bigint.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Any]]) -> None:
        self._make = make
        self._written = lru_cache(SHAPES_KEPT)(self._write)

    def rows(self, *shape: Hashable, **values: Value) -> list[tuple[Any, ...]]:
        """The rows for these values; none for a number too large for any column. Queries: one."""
        return self._asked(shape, values)[1]

    def objects(self, *shape: Hashable, **values: Value) -> list[Any]:
        """The model's objects for these values, as `rows` finds them. Queries: one."""
        written, rows = self._asked(shape, values)
        assert written is None or written.making is not None, "the QuerySet gives no objects"
        return [written.making.object(row) for row in rows] if written and written.making else []

    def object(self, *shape: Hashable, **values: Value) -> Any:
        """The first of the objects; None where there is none. Queries: one."""
        return next(iter(self.objects(*shape, **values)), None)

    def first(self, *shape: Hashable, **values: Value) -> tuple[Any, ...] | None:
        """The first of the rows, if there is one. Queries: one."""
        return next(iter(self.rows(*shape, **values)), None)

    def inside(self, *shape: Hashable, **values: Value) -> RawSQL:
        """The question as a part of others, for `filter(pk__in=…)`: as its QuerySet would be, which
        the ORM copies and writes anew each time."""
        database = this_database()
        written = self._in_shape(shape, values, database)
        return RawSQL(written.sql, tuple(written.asked(values, database)))  # noqa: S611  # the ORM's own text

    def _asked(
        self, shape: tuple[Hashable, ...], values: dict[str, Value]
    ) -> tuple[_Written | None, list[tuple[Any, ...]]]:
        if any(isinstance(value, int) and value > LARGEST for value in values.values()):
            return None, []
        database = this_database()
        written = self._in_shape(shape, values, database)
        return written, written.rows(values, database)

    def _in_shape(
        self, shape: tuple[Hashable, ...], values: dict[str, Value], database: BaseDatabaseWrapper
    ) -> _Written:
        kinds = tuple((name, type(value)) for name, value in values.items())
        today = _today(int(time.time()) // QUARTER_S)
        return self._written(shape, kinds, today, database.vendor)

    def _write(
        self, shape: tuple[Hashable, ...], kinds: tuple[tuple[str, type], ...], *_: Hashable
    ) -> _Written:
        stand_ins = {name: _stand_in(kind, place) for place, (name, kind) in enumerate(kinds)}
        asked = self._make(*shape, **stand_ins)
        compiler = asked.query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        names = {adapted(stand_in, connection): name for name, stand_in in stand_ins.items()}
        places = {
            place: names[value]
            for place, value in enumerate(values)
            if isinstance(value, Value) and value in names
        }
        apart = [sql, *(value for value in values if isinstance(value, str) and value not in names)]
        assert not any(str(stand_in) in text for stand_in in names for text in apart), (
            "a value stands in the SQL, or inside another value"
        )
        sql, values, places = _with_constants(sql, values, places)
        columns = [column for column, *_rest in compiler.select or ()]
        converters = compiler.get_converters(columns)
        makes_objects = bool(columns) and issubclass(asked._iterable_class, ModelIterable)
        making = _making(compiler) if makes_objects else None
        return _Written(sql, tuple(values), places, converters, making)


class PreparedWrite(Prepared):
    """As `Prepared`, of an `updating` or `deleting` QuerySet.

    NUMBERED = PreparedWrite(lambda pk, seq: updating(Thread.objects.filter(pk=pk), seq=seq))
    """

    def done(self, *shape: Hashable, **values: Value) -> int:
        """Write; how many rows it was. No value may be None: that is another shape. Queries: one.

        Raises: whatever the database has against it.
        """
        database = this_database()
        return self._in_shape(shape, values, database).done(values, database)


def updating(rows: QuerySet[Any, Any], **values: object) -> QuerySet[Any, Any]:
    """The QuerySet as the statement that `update` would send."""
    query: UpdateQuery = rows.query.chain(UpdateQuery)  # type: ignore[assignment]  # it is one
    query.add_update_values(values)
    return _with(rows, query)


def deleting(rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """The QuerySet as the statement that deletes its rows and nothing else: for a model that no
    other refers to."""
    return _with(rows, rows.query.chain(DeleteQuery))


def _with(rows: QuerySet[Any, Any], query: Query) -> QuerySet[Any, Any]:
    made = rows.all()
    made.query = query
    return made


@lru_cache(2)
def _today(_quarter: int) -> date:
    return timezone.localdate()


def _stand_in(kind: type, place: int) -> Value:
    if kind is str:
        return STAND_IN_TEXT.format(place)
    if kind is datetime:
        return datetime(STAND_IN_YEAR, 1, 1, 0, 0, 0, place, tzinfo=UTC)
    return UUID(int=STAND_IN_NUMBER + place) if kind is UUID else STAND_IN_NUMBER + place


def this_database() -> BaseDatabaseWrapper:
    """This thread's connection itself: `django.db.connection` looks for it at each attribute, which
    a statement has a dozen of."""
    return connections[DEFAULT_DB_ALIAS]


def planned_cursor(database: BaseDatabaseWrapper) -> Any:
    """Where PostgreSQL plans once (forum_site.postgresql); else a cursor as any other."""
    return getattr(database, "planned_cursor", database.cursor)()


def _with_constants(
    sql: str, values: Sequence[Any], places: dict[int, str]
) -> tuple[str, Sequence[Any], dict[int, str]]:
    """The same with only what changes beside the SQL, where plans are kept."""
    if not hasattr(connection, "with_constants"):
        return sql, values, places
    changing = [values[place] for place in places]
    return (
        connection.with_constants(sql, values, places),
        changing,
        dict(enumerate(places.values())),
    )


def adapted(value: Value, database: BaseDatabaseWrapper) -> Any:
    """The value as the ORM hands it to the database; numbers all in one type, since PostgreSQL
    plans for each mixture of types anew."""
    if isinstance(value, int):
        return database.ops.adapt_integerfield_value(value, "BigIntegerField")
    if isinstance(value, datetime):
        return database.ops.adapt_datetimefield_value(value)
    if isinstance(value, UUID) and not database.features.has_native_uuid_field:
        return value.hex
    return value


def _making(compiler: Any) -> _Making:
    known = compiler.klass_info
    first, last = known["select_fields"][0], known["select_fields"][-1]
    columns = slice(first, last + 1)
    return _Making(
        model=known["model"],
        columns=columns,
        names=[column.target.attname for column, *_rest in compiler.select[columns]],
        related=get_related_populators(known, compiler.select, connection.alias),  # type: ignore[call-arg]  # the stubs are Django 6.0's
        annotations=compiler.annotation_col_map or {},
    )


def _read(
    row: tuple[Any, ...],
    converters: dict[int, tuple[list[Any], Any]],
    database: BaseDatabaseWrapper,
) -> tuple[Any, ...]:
    read = list(row)
    for place, (convert, column) in converters.items():
        for each in convert:
            read[place] = each(read[place], column, database)
    return tuple(read)
