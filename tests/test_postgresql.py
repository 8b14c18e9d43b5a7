"""What our PostgreSQL backend adds to Django's (docs/decisions/0049-prepared-statements.md)."""

import socket
import time
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.rules import Kind
from forum.discussions.listing import _UNREAD
from forum.discussions.models import Post, Thread
from forum.lib.prepared import Prepared
from forum_site.postgresql.base import RESTED_S, _has_something_to_say, _may_be_dead
from tests.factories import a_thread

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]


def test_a_kept_question_is_planned_once_for_small_and_large_numbers():
    question = Prepared(lambda pk: Thread.objects.filter(pk=pk, title="A").values_list("pk"))
    for pk in (1, 40_000, 3_000_000_000) * 4:
        assert question.rows(pk=pk) == []
    [(statement, times)] = kept_like("%discussions_thread%")
    assert times >= 6
    assert "'A'" in statement
    assert "3000000000" not in statement


def test_a_plan_for_all_values_may_use_an_index_of_some_rows(bob):
    roots = Prepared(lambda pk: Post.objects.filter(thread=pk, depth=0).order_by("path")[:20])
    thread = a_thread_with_few_roots(bob)
    with connection.cursor() as cursor:
        # A table small enough is read whole, and how small depends on what other tests left there.
        cursor.execute("SET LOCAL enable_seqscan = off")
    for _ in range(8):
        roots.objects(pk=thread.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_prepared_statements WHERE statement LIKE '%\"depth\" = 0%'"
        )
        cursor.execute(f"EXPLAIN EXECUTE {cursor.fetchone()[0]} ({thread.pk})")
        assert "post_roots" in str(cursor.fetchall())


def test_a_line_is_asked_only_where_its_other_end_has_spoken():
    """That nobody meets a connection from before a restart: tests/production/test_faults.py."""
    here, there = socket.socketpair()
    with here, there:
        assert not _has_something_to_say(here.fileno())
        there.send(b"E")  # the server says why it ends
        assert _has_something_to_say(here.fileno())
        here.recv(1)
        assert not _has_something_to_say(here.fileno())
        there.close()
        assert _has_something_to_say(here.fileno())


def test_what_rested_is_asked_and_what_did_not_is_not():
    here, there = socket.socketpair()
    with here, there:
        resting = SimpleNamespace(fileno=here.fileno, rests_since=time.monotonic() - RESTED_S - 1)
        assert _may_be_dead(resting)
        resting.rests_since = time.monotonic()
        assert not _may_be_dead(resting)
        assert _may_be_dead(SimpleNamespace(fileno=here.fileno))  # it has never been used


def test_a_connection_given_back_to_the_pool_tells_since_when():
    database = connection.copy()
    assert database.pool
    with database.cursor():
        used = database.connection
    database.close()
    assert time.monotonic() - used.rests_since < RESTED_S


def test_signs_of_a_pattern_stay_what_they_are():
    """A percent sign in a constant is no place for a value."""
    question = Prepared(
        lambda pk: Thread.objects.filter(pk=pk, title__contains="5 %s").values_list("pk")
    )
    with CaptureQueriesContext(connection) as asked:
        assert question.rows(pk=7) == []
    [told] = asked.captured_queries
    assert "5 \\%s" in told["sql"].replace("\\\\", "\\")
    assert "= 7" in told["sql"]


def test_other_statements_are_planned_for_their_values():
    for pk in range(12):
        list(Thread.objects.filter(pk=pk, title="Nobody asks this elsewhere"))
    assert kept_like("%Nobody asks%") == []
    assert kept_like("%discussions_thread%") == []


def test_a_question_of_seven_tables_is_not_planned_for_each_member(alice):
    """PostgreSQL by itself would: it expects that a plan for one member is worth its making."""
    for pk in range(1, 14):
        _UNREAD.objects(Kind.of(alice), viewer=pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
            " WHERE statement LIKE '%discussions_readmark%'"
        )
        [(for_all, for_one)] = cursor.fetchall()
    assert for_all >= 7
    assert for_one == 0


def a_thread_with_few_roots(author: User) -> Thread:
    """One of 3,000 posts, of which 30 answer no other, and PostgreSQL has counted them.

    An index of these alone is a hundredth of what any other would have to be read of.
    """
    thread = a_thread(author)
    Post.objects.bulk_create(
        Post(
            thread=thread,
            number=number,
            path=f"{number:08}",
            depth=1 if number % 100 else 0,
            author=author,
            source="Tak.",
            source_format=Post.Format.MARKDOWN,
            html="<p>Tak.</p>",
            seq=number,
        )
        for number in range(2, 3_002)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE discussions_post")
    return thread


def kept_like(text: str) -> list[tuple[str, int]]:
    """The prepared statements like the text, and how often each was run since."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT statement, generic_plans + custom_plans FROM pg_prepared_statements"
            " WHERE statement LIKE %s",
            [text],
        )
        return [(statement, times) for statement, times in cursor.fetchall()]
