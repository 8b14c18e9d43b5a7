"""A backup of a running forum, restored beside it (docs/production.md)."""

import shutil
import subprocess

import psycopg
import pytest
from psycopg import sql

from tests.production.crowd import thread_and_members
from tests.production.installation import Installation

pytestmark = [pytest.mark.server, pytest.mark.postgresql]


def test_a_backup_restores_every_row(forum: Installation) -> None:
    thread, _ = thread_and_members(forum, "Kopia", 1)
    place = forum.postgres.directory
    binaries = forum.postgres.binaries
    dump = forum.place / "forum.dump"
    reach = ["-h", place, "-U", "forum"]
    with dump.open("wb") as file:
        subprocess.run(
            [binaries / "pg_dump", *reach, "-Fc", "forum"], stdout=file, check=True, timeout=60
        )
    with psycopg.connect(forum.postgres.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE restored")
    restored = forum.postgres.url.replace("/forum?", "/restored?")
    try:
        subprocess.run(
            [binaries / "pg_restore", *reach, "-d", "restored", "--clean", "--if-exists"]
            + ["--no-owner", "--exit-on-error", dump],
            check=True,
            timeout=60,
        )
        # The workers of the running forum come and go in these.
        moving = {"jobs_job", "django_session", "usersessions_usersession"}
        before, after = _counts(forum.postgres.url), _counts(restored)
        assert before["discussions_post"] >= 1
        assert {k: n for k, n in after.items() if k not in moving} == {
            k: n for k, n in before.items() if k not in moving
        }
        prepared = forum.manage("migrate", "--check", DATABASE_URL=restored)
        assert "Traceback" not in prepared
        shown = forum.manage("shell", "-c", SHOWN.format(pk=thread), DATABASE_URL=restored)
        assert "Kopia" in shown
    finally:
        with psycopg.connect(forum.postgres.url, autocommit=True) as connection:
            connection.execute("DROP DATABASE restored WITH (FORCE)")


def test_the_forum_s_own_backup_is_made_and_tried_while_it_runs(forum: Installation) -> None:
    """And it goes into an empty PostgreSQL, and into SQLite as well."""
    thread, _ = thread_and_members(forum, "Jeden plik", 1)
    file = forum.place / "forum.tar.gz"
    assert "PostgreSQL" in forum.manage("backup", str(file), "--verify")
    alone = {"DATABASE_URL": "", "DATA_DIR": str(forum.place / "alone"), "REDIS_URL": ""}
    small = {**alone, "FILES_DIR": str(forum.place / "alone" / "files"), "WEB_PROCESSES": "1"}
    try:
        assert "post: " in forum.manage("restore", str(file), **small)
        assert "Jeden plik" in forum.manage("shell", "-c", TITLE.format(pk=thread), **small)
    finally:
        file.unlink()
        shutil.rmtree(forum.place / "alone", ignore_errors=True)


TITLE = """
from forum.discussions.models import Thread
print(Thread.objects.get(pk={pk}).title)
"""
SHOWN = """
from django.test import Client
print(Client(headers={{"host": "localhost"}}).get("/threads/{pk}/").content.decode())
"""


def _counts(address: str) -> dict[str, int]:
    with psycopg.connect(address) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        return {
            name: connection.execute(
                sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))
            ).fetchone()[0]
            for (name,) in tables
        }
