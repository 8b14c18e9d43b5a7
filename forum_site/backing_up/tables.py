"""The tables of the forum as lines of JSON: the same lines, whichever database they come from."""

import base64
import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models

from forum_site.backing_up import places

# Made anew after a restore, or of no worth to anybody a day later.
LEFT_OUT = {
    "sessions.Session": "everybody logs in again",
    "usersessions.UserSession": "belongs to the sessions",
    "search.Entry": "made anew by `manage.py reindex`",
    "search.KnownWord": "belongs to the index",
    "operation.Maintenance": "whether there is maintenance is about the old machine",
    "operation.Beat": "likewise, which workers lived",
}
READ_ROWS, WRITE_ROWS = 2_000, 1_000

Model = type[models.Model]


def kept_models() -> list[Model]:
    """Every model with a table that is kept, in the order of their labels."""
    found = (
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label not in LEFT_OUT
    )
    return sorted(found, key=lambda model: model._meta.label)


def fields_of(model: Model) -> "list[models.Field[Any, Any]]":
    """The fields that are kept: what the database computes by itself is not."""
    return [each for each in model._meta.concrete_fields if not each.generated]


def columns_of(model: Model) -> list[str]:
    return [str(each.column) for each in fields_of(model)]


def lines_of(model: Model) -> Iterator[bytes]:
    """Every row as a line, by its primary key. Queries: one."""
    names = [each.attname for each in fields_of(model)]
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=READ_ROWS):
        yield as_line(row)


def files_named() -> Iterator[str]:
    """The files that rows speak of, by their names in the backup. Queries: one for each column."""
    for model in kept_models():
        for column in fields_of(model):
            if isinstance(column, models.FileField):
                rows = model._base_manager.exclude(**{column.attname: ""})
                names = rows.values_list(column.attname, flat=True)
                for name in names.iterator(chunk_size=READ_ROWS):
                    if name:
                        yield places.name_of(Path(column.storage.path(name)))


def as_line(row: Iterable[object]) -> bytes:
    # Sorted: PostgreSQL does not keep the order of what stands in a JSON field.
    text = json.dumps(
        list(row), default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return text.encode() + b"\n"


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, (uuid.UUID, Decimal)):
        return str(value)
    raise TypeError(f"a backup does not know how to keep {type(value).__name__}")


def digest_of(model: Model) -> tuple[int, str]:
    """How many rows the table has, and the SHA-256 of their lines. Queries: one."""
    digest, count = hashlib.sha256(), 0
    for line in lines_of(model):
        digest.update(line)
        count += 1
    return count, digest.hexdigest()


def load(model: Model, lines: Iterable[bytes]) -> int:
    """Write the lines as rows, as they are: nothing is computed, nobody is told.

    Locks: the caller's transaction, at whose end the foreign keys are judged.
    """
    fields = fields_of(model)
    quote = connection.ops.quote_name
    columns = ", ".join(map(quote, columns_of(model)))
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608  # names of our own
    count = 0
    rows = (_prepared(fields, line) for line in lines)
    with connection.cursor() as cursor:
        while batch := list(islice(rows, WRITE_ROWS)):
            cursor.executemany(statement, batch)
            count += len(batch)
    return count


def _prepared(fields: "list[models.Field[Any, Any]]", line: bytes) -> list[Any]:
    values = json.loads(line)
    return [
        each.get_db_prep_save(each.to_python(value), connection)
        for each, value in zip(fields, values, strict=True)
    ]


def set_counters() -> None:
    """Let PostgreSQL go on numbering after the rows that were loaded; SQLite does so by itself."""
    statements = connection.ops.sequence_reset_sql(no_style(), kept_models())
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
