"""SQLite connections that outlive a request: reused where they are clean, and only there."""

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import IntegrityError, connections, transaction

from forum_site.sqlite3 import base

pytestmark = pytest.mark.django_db


@pytest.fixture
def connect(tmp_path):
    """Opens connections to one file, as requests do; none is left at the end."""
    settings = {
        "ENGINE": "forum_site.sqlite3", "NAME": str(tmp_path / "forum.sqlite3"), "OPTIONS": {},
        "ATOMIC_REQUESTS": False, "AUTOCOMMIT": True, "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False, "TIME_ZONE": None, "USER": "", "PASSWORD": "", "HOST": "",
        "PORT": "", "TEST": {},
    }  # fmt: skip

    def open_one(**options):
        wrapper = base.DatabaseWrapper({**settings, "OPTIONS": options}, alias="other")
        wrapper.ensure_connection()
        return wrapper

    first = open_one()
    with first.cursor() as cursor:
        cursor.execute("CREATE TABLE posts (number INTEGER NOT NULL)")
        cursor.execute("INSERT INTO posts VALUES (1), (2), (3)")
    first.close()
    yield open_one
    first.close_pool()


@pytest.fixture
def other(connect):
    """A connection that `transaction.atomic(using="other")` knows."""
    wrapper = connections["other"] = connect()
    yield wrapper
    del connections["other"]


def raw(wrapper):
    return wrapper.connection


def numbers(wrapper):
    """How many posts there are."""
    return raw(wrapper).execute("SELECT count(*) FROM posts").fetchone()[0]


def test_the_next_request_takes_the_connection_of_the_last(connect):
    first = connect()
    kept = raw(first)
    first.close()
    second = connect()
    assert raw(second) is kept
    third = connect()
    assert raw(third) is not kept
    second.close()
    third.close()


def test_an_open_transaction_is_not_handed_on(connect):
    first = connect()
    kept = raw(first)
    kept.execute("BEGIN")
    kept.execute("DELETE FROM posts")
    first.close()
    second = connect()
    assert raw(second) is not kept
    assert raw(second).execute("SELECT count(*) FROM posts").fetchone() == (3,)
    second.close()


def test_a_transaction_that_failed_leaves_a_clean_connection(connect, other):
    kept = raw(other)

    @transaction.atomic(using="other")
    def fail():
        kept.execute("DELETE FROM posts")
        assert numbers(other) == 0
        with other.cursor() as cursor:
            cursor.execute("INSERT INTO posts VALUES (NULL)")

    with pytest.raises(IntegrityError):
        fail()
    other.close()
    second = connect()
    assert raw(second) is kept
    assert not kept.in_transaction
    assert kept.isolation_level is None
    assert numbers(second) == 3
    second.close()


def test_a_connection_closed_within_a_failed_transaction_is_not_handed_on(connect, other):
    kept = raw(other)
    with suppress(IntegrityError), transaction.atomic(using="other"):
        kept.execute("DELETE FROM posts")
        try:
            with transaction.atomic(using="other"), other.cursor() as cursor:
                cursor.execute("INSERT INTO posts VALUES (NULL)")
        finally:
            other.close()
    assert other.connection is None
    second = connect()
    assert raw(second) is not kept
    assert numbers(second) == 3
    with pytest.raises(sqlite3.ProgrammingError):
        kept.execute("SELECT 1")  # it is closed, not forgotten
    second.close()


def test_a_transaction_without_its_end_is_rolled_back(connect):
    """As where a thread ends between the first statement and the commit."""
    first = connect()
    kept = raw(first)
    first.set_autocommit(False)
    with first.cursor() as cursor:
        cursor.execute("DELETE FROM posts")
        with pytest.raises(IntegrityError):
            cursor.execute("INSERT INTO posts VALUES (NULL)")
    assert kept.in_transaction
    first.close()
    second = connect()
    assert raw(second) is not kept
    assert numbers(second) == 3
    second.close()


def test_keys_are_checked_again_by_whoever_comes_next(connect):
    first = connect()
    kept = raw(first)
    assert first.disable_constraint_checking()
    first.close()
    second = connect()
    assert raw(second) is kept
    assert kept.execute("PRAGMA foreign_keys").fetchone() == (1,)
    second.close()


def test_threads_never_share_a_connection(connect):
    """Requests and workers at the same time: each connection has one user, every row is kept."""
    in_use, shared = set(), []

    def work(_):
        wrapper = connect(timeout=20)
        mine = id(raw(wrapper))
        if mine in in_use:
            shared.append(mine)
        in_use.add(mine)
        with wrapper.cursor() as cursor:
            cursor.execute("INSERT INTO posts VALUES (9)")
        in_use.discard(mine)
        wrapper.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(200)))
    assert not shared
    assert sum(len(idle) for idle in base._idle.values()) <= base.IDLE_MAX
    last = connect()
    assert numbers(last) == 203
    last.close()


def test_at_the_end_nothing_is_open_and_the_log_is_tidied_up(connect, tmp_path):
    first = connect()
    raw(first).execute("PRAGMA journal_mode = WAL")
    raw(first).execute("INSERT INTO posts VALUES (9)")
    first.close()
    log = tmp_path / "forum.sqlite3-wal"
    assert log.stat().st_size
    first.close_pool()
    assert not base._idle
    assert not log.exists()


def test_an_answer_half_read_is_not_handed_on(connect):
    """Its cursor would hold the next reader in the past."""
    first = connect()
    kept = raw(first)
    half_read = kept.execute("SELECT number FROM posts")
    half_read.fetchone()
    first.close()
    second = connect()
    assert raw(second) is not kept
    second.close()


def test_a_connection_with_an_error_is_not_handed_on(connect):
    first = connect()
    kept = raw(first)
    first.errors_occurred = True
    first.close()
    second = connect()
    assert raw(second) is not kept
    second.close()


def test_another_file_under_the_name_is_opened_anew(connect, tmp_path):
    first = connect()
    kept = raw(first)
    first.close()
    file = tmp_path / "forum.sqlite3"
    shutil.copy(file, tmp_path / "backup")
    (tmp_path / "backup").replace(file)
    second = connect()
    assert raw(second) is not kept
    second.close()


def test_other_options_get_a_connection_of_their_own(connect):
    first = connect()
    kept = raw(first)
    first.close()
    second = connect(timeout=1)
    assert raw(second) is not kept
    second.close()


def test_what_one_request_wrote_the_next_reads(connect):
    for count in range(4, 8):
        writer = connect()
        with writer.cursor() as cursor:
            cursor.execute("INSERT INTO posts VALUES (9)")
        writer.close()
        reader = connect()
        with reader.cursor() as cursor:
            assert cursor.execute("SELECT count(*) FROM posts").fetchone() == (count,)
        reader.close()
