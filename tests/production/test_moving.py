"""A forum that began on SQLite goes on in PostgreSQL (docs/production.md)."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from psycopg import sql

from forum_site.backing_up.tables import LEFT_OUT
from tests.production.installation import Installation

pytestmark = [pytest.mark.server, pytest.mark.postgresql]

# What each database keeps for itself, or is not in a backup.
OWN = {"django_migrations", *(apps.get_model(label)._meta.db_table for label in LEFT_OUT)}
KINDS = """SELECT column_name, data_type FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = %s AND data_type IN ('boolean', 'jsonb')"""

LIVED = """
from django.contrib.auth import get_user_model
from forum.categories.models import Category
from forum.discussions.actions.posting import start_thread
member = get_user_model().objects.create_user(
    "anna@old.example", display_name="Anna Żuraw", password="stare hasło 1"
)
start_thread(
    author=member, voice=None, category=Category.objects.filter(readers="everybody")[0],
    title="Przeprowadzka świetlicy", body="Zażółcone ściany – 🐢 i *gęś*.",
    body_format="markdown",
)
"""
GOES_ON = """
import io
import json
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client
from forum.discussions.actions.posting import reply
from forum.discussions.models import Post, Thread
from forum.moderation.models import Decision
call_command("migrate", check_unapplied=True, verbosity=0)
call_command("verify_log", verbosity=0, stdout=io.StringIO())
thread = Thread.objects.get(title="Przeprowadzka świetlicy")
member, told = thread.author, {}
visitor = Client(headers={"host": "localhost"})
found = lambda words: visitor.get("/search/", {"q": words}).content.decode()
told["logs_in"] = visitor.login(username=member.email, password="stare hasło 1")
told["finds_title"] = "Przeprowadzka" in found("przeprowadzki świetlic")
told["finds_text"] = "Przeprowadzka" in found("zażółcona")
page = visitor.get(thread.get_absolute_url()).content.decode()
told["shows"] = "ściany – 🐢" in page and "<em>gęś</em>" in page
highest = Post.objects.order_by("-pk")[0].pk
said = reply(
    author=member, voice=None, thread=thread, body="Wiewiórki też.", body_format="markdown",
)
told["free_pk"] = said.pk > highest
told["finds_new"] = "Przeprowadzka" in found("wiewiórka")
try:
    with transaction.atomic():
        Decision.objects.update(measure="leave")
    told["is_guarded"] = False
except DatabaseError as error:
    told["is_guarded"] = "never changed" in str(error)
print(json.dumps(told))
"""


@pytest.fixture
def moved(forum: Installation) -> Iterator[str]:
    """The address of an empty database beside the installation's own."""
    with psycopg.connect(forum.postgres.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE moved")
    yield forum.postgres.url.replace("/forum?", "/moved?")
    with psycopg.connect(forum.postgres.url, autocommit=True) as connection:
        connection.execute("DROP DATABASE moved WITH (FORCE)")


def test_a_forum_moves_from_sqlite_to_postgresql_and_goes_on(
    forum: Installation, moved: str, tmp_path: Path
) -> None:
    both = {"GUARD_NEWCOMERS": "false"}
    old = both | {"DATABASE_URL": "", "REDIS_URL": "", "WEB_PROCESSES": "1"}
    old |= _directories(tmp_path / "old")
    new = both | {"DATABASE_URL": moved} | _directories(tmp_path / "new")
    file = str(tmp_path / "forum.tar.gz")
    forum.manage("migrate", "-v0", **old)
    forum.manage("demo", "--anyway", "--quiet", **old)
    forum.manage("shell", "-c", LIVED, **old)
    forum.manage("backup", file, **old)
    forum.manage("prepare", **new)
    assert "post: " in forum.manage("restore", file, **new)

    assert_same(tmp_path / "old" / "forum.sqlite3", moved)
    assert_numbers_are_free(moved)
    told = json.loads(forum.manage("shell", "-v0", "-c", GOES_ON, **new))
    assert told == dict.fromkeys(told, True)


def _directories(place: Path) -> dict[str, str]:
    (place / "files").mkdir(parents=True)
    return {"DATA_DIR": str(place), "FILES_DIR": str(place / "files")}


# --- What the two databases hold, read without the forum ------------------------------------------
def assert_same(old: Path, new: str) -> None:
    """As many rows in every table, and every truth value and every JSON value the same."""
    compared = 0
    with sqlite3.connect(old) as before, psycopg.connect(new) as after:
        for table, key in _tables(after):
            kinds = dict(after.execute(KINDS, [table]).fetchall())
            names = sql.SQL(", ").join(map(sql.Identifier, [key, *kinds]))
            asked = sql.SQL("SELECT {} FROM {} ORDER BY 1")
            asked = asked.format(names, sql.Identifier(table)).as_string()
            there = after.execute(asked).fetchall()
            here = before.execute(asked).fetchall()
            assert there == [_as_there(row, [*kinds.values()]) for row in here], table
            compared += len(there) * len(kinds)
    assert compared > 1_000


def _tables(after: "psycopg.Connection[Any]") -> list[tuple[str, str]]:
    """Every table that is moved, and its primary key."""
    found = after.execute(
        "SELECT indrelid::regclass::text, attname FROM pg_index JOIN pg_attribute"
        " ON attrelid = indrelid AND attnum = indkey[0] WHERE indisprimary"
        " AND indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)"
    ).fetchall()
    return [(table, key) for table, key in found if table not in OWN]


def _as_there(row: tuple[Any, ...], kinds: list[str]) -> tuple[Any, ...]:
    key, *values = row
    return (key, *map(_value, values, kinds))


def _value(value: Any, kind: str) -> Any:
    if value is None:
        return None
    return bool(value) if kind == "boolean" else json.loads(value)


def assert_numbers_are_free(new: str) -> None:
    """The next number that each table gives is above all that it has."""
    with psycopg.connect(new) as connection:
        found = connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND is_identity = 'YES'"
        ).fetchall()
        assert len(found) > 50
        for table, column in found:
            highest = sql.SQL("SELECT coalesce(max({}), 0) FROM {}").format(
                sql.Identifier(column), sql.Identifier(table)
            )
            (top,) = connection.execute(highest).fetchone() or (0,)
            following = "SELECT nextval(pg_get_serial_sequence(%s, %s))"
            (number,) = connection.execute(following, [table, column]).fetchone() or (0,)
            assert number > top, table
