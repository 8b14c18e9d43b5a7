"""New rows by a statement that is written once; later only the values are put in.

    WRITTEN = PreparedInsert(Post)
    WRITTEN.write(Post(thread=thread, …))

Django writes the text of each INSERT anew, which takes it longer than the database takes to do it.
Source: docs/decisions/0052-few-at-a-time.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    BooleanField,
    CharField,
    Field,
    ForeignKey,
    Model,
    TextField,
)
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery

from forum.lib.prepared import adapted, planned_cursor, this_database

M = TypeVar("M", bound=Model)

# Most of what is written goes to the database as it is: such values in such fields, of which Django
# asks six functions each.
_AS_THEY_ARE: dict[type, set[type]] = {
    CharField: {str, type(None)},
    TextField: {str, type(None)},
    BooleanField: {bool, type(None)},
    ForeignKey: {type(None)},
}


@dataclass(frozen=True, slots=True)
class _Statement:
    sql: str
    fields: Sequence["Field[Any, Any]"]
    returns_key: bool


def _value_of(field: "Field[Any, Any]", row: Model, database: BaseDatabaseWrapper) -> Any:
    value = getattr(row, field.attname)
    if type(value) in _AS_THEY_ARE.get(type(field), ()):
        return value
    value = field.get_db_prep_save(field.pre_save(row, add=True), database)
    # Keys come as bare numbers, of which PostgreSQL would plan each size apart.
    return adapted(value, database) if type(value) is int else value


class PreparedInsert(Generic[M]):
    """One row at a time, as `save(force_insert=True)` writes it, without signals.

    With `unique` a row that is there with the same values of these fields gets the new values of
    `replaced` instead; such a row is not told its key.
    """

    def __init__(
        self, model: type[M], *, unique: Sequence[str] = (), replaced: Sequence[str] = ()
    ) -> None:
        self._model, self._unique, self._replaced = model, unique, replaced
        self._statement = cache(self._write)

    def write(self, row: M) -> M:
        """The row, kept, with its key. Queries: one. Raises: IntegrityError."""
        database = this_database()
        statement = self._statement(database.vendor)
        values = [_value_of(field, row, database) for field in statement.fields]
        with (
            transaction.mark_for_rollback_on_error(database.alias),
            planned_cursor(database) as cursor,
        ):
            cursor.execute(statement.sql, values)
            if statement.returns_key:
                ((row.pk,),) = cursor.fetchall()
        row._state.adding, row._state.db = False, database.alias
        return row

    def _write(self, _vendor: str) -> _Statement:
        meta = self._model._meta
        fields = [field for field in meta.concrete_fields if field is not meta.auto_field]
        query = InsertQuery(
            self._model,
            on_conflict=OnConflict.UPDATE if self._unique else None,
            update_fields=[meta.get_field(name) for name in self._replaced],
            unique_fields=[meta.get_field(name) for name in self._unique],
        )
        query.insert_values(fields, [self._model()])
        compiler = query.get_compiler(connection=connection)
        if not self._unique:
            compiler.returning_fields = [meta.pk]
        ((sql, values),) = compiler.as_sql()
        assert len(values) == len(fields), "a field writes more than its value"
        return _Statement(sql, fields, returns_key=not self._unique)
