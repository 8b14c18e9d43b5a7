"""Rows written by kept statements: the same rows as Django writes."""

import uuid
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.transaction import TransactionManagementError

from forum.discussions.models import Draft, Post, Thread
from forum.jobs.models import Job
from forum.lib.prepared import PreparedWrite, deleting, updating
from forum.lib.prepared_insert import PreparedInsert
from forum.notifications.models import Event
from forum.search.models import Entry
from tests.factories import a_thread

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 27, 8, 30, 15, 250, tzinfo=UTC)


def a_post(thread, number, **fields):
    path = f"{number:03d}"
    return Post(thread=thread, author=thread.author, number=number, path=path, seq=number, **fields)


def new_rows(alice, fundacja):
    """Two equal rows of each model that is written so, but for what must differ."""
    thread = a_thread(alice)
    filled = {"when": "we wtorek", "list": ['"', "\\"]}
    for number in (2, 3):
        yield a_post(thread, number, created_at=AT)
    for number in (4, 5):
        said = {"source": "„Świetlica” 100 %s \\", "html": "<p>100 %%</p>", "filled": filled}
        post = a_post(thread, number, organization=fundacja, **said, created_at=AT)
        post.once, post.is_about_office, post.language = uuid.uuid4(), True, "en"
        yield post
    for _ in range(2):
        yield Job(kind="próba", args={"a": [1, None, "ą"]}, run_at=AT, created_at=AT)
        yield Event(kinds=["reply"], about="post.1", actor=alice, once=True, at=AT)
    for pk in (10, 11):
        yield Entry(kind="post", object_pk=pk, place=1, at=AT, title="Tytuł", text="Słowa")


def values(row):
    kept = type(row)._default_manager.get(pk=row.pk)
    apart = {"id", "number", "path", "seq", "once", "object_pk"}
    names = {field.attname for field in row._meta.concrete_fields} - apart
    return {name: getattr(kept, name) for name in names}


def test_a_row_is_what_save_would_have_written(alice, fundacja):
    by_model = {}
    for row in new_rows(alice, fundacja):
        by_model.setdefault((type(row), getattr(row, "source", None)), []).append(row)
    assert len(by_model) == 5
    for (model, _source), (one, other) in by_model.items():
        saved, written = one, PreparedInsert(model).write(other)
        saved.save(force_insert=True)
        assert written.pk
        assert not written._state.adding
        assert values(written) == values(saved)


def test_the_statement_is_written_once(alice, monkeypatch, django_assert_num_queries):
    insert, thread = PreparedInsert(Post), a_thread(alice)
    insert.write(a_post(thread, 2))
    monkeypatch.setattr("forum.lib.prepared_insert.InsertQuery", None)
    with django_assert_num_queries(1):
        insert.write(a_post(thread, 3))
    assert thread.posts.count() == 3


def test_a_row_that_may_not_be_there_is_refused_and_ends_the_transaction(alice):
    thread = a_thread(alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        PreparedInsert(Post).write(a_post(thread, 1))
    with transaction.atomic():
        with pytest.raises(IntegrityError):
            PreparedInsert(Post).write(a_post(thread, 1))
        with pytest.raises(TransactionManagementError):
            thread.posts.count()
        transaction.set_rollback(True)
    assert thread.posts.count() == 1


def test_a_row_that_is_there_gets_what_is_replaced_and_nothing_else():
    insert = PreparedInsert(Entry, unique=("kind", "object_pk"), replaced=("title",))
    for title in ("Pierwszy", "Drugi"):
        insert.write(Entry(kind="post", object_pk=7, place=1, at=AT, title=title, text=title))
    entry = Entry.objects.get(kind="post", object_pk=7)
    assert (entry.title, entry.text) == ("Drugi", "Pierwszy")


def test_rows_are_changed_as_update_changes_them(alice, django_assert_num_queries):
    one, other = a_thread(alice), a_thread(alice)
    change = PreparedWrite(
        lambda is_closed, pk, title, number, at: updating(
            Thread.objects.filter(pk=pk),
            title=title,
            last_number=number,
            last_post_at=at,
            has_official_answer=is_closed,
        )
    )
    for thread, title, number in ((one, "Nowy %s „tytuł”", 12), (other, "Inny", 70_000)):
        with django_assert_num_queries(1):
            assert change.done(True, pk=thread.pk, title=title, number=number, at=AT) == 1
        thread.refresh_from_db()
        assert (thread.title, thread.last_number, thread.last_post_at) == (title, number, AT)
        assert thread.has_official_answer
    assert change.done(False, pk=other.pk + 1, title="Nigdzie", number=1, at=AT) == 0


def test_rows_are_deleted_and_counted(alice, bob):
    for user, context in ((alice, "thread-1"), (alice, "thread-2"), (bob, "thread-1")):
        Draft.objects.create(user=user, context=context)
    gone = PreparedWrite(
        lambda user, context: deleting(Draft.objects.filter(user=user, context=context))
    )
    assert [gone.done(user=alice.pk, context="thread-1") for _ in range(2)] == [1, 0]
    assert set(Draft.objects.values_list("user", "context")) == {
        (alice.pk, "thread-2"),
        (bob.pk, "thread-1"),
    }
