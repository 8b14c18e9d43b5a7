"""Enqueueing: a row of the caller's transaction, with terms, once for each occasion."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction

from forum.jobs.models import Job
from forum.jobs.tasks import TASKS, periodic, task
from tests.jobs.sample_tasks import note

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_a_job_is_a_row_with_its_arguments_by_name() -> None:
    job = note.enqueue("ledger", word="hello")
    job.refresh_from_db()
    assert (job.kind, job.args) == ("test.note", {"ledger": "ledger", "word": "hello"})


def test_a_rolled_back_transaction_takes_its_jobs_with_it() -> None:
    with transaction.atomic():
        note.enqueue("ledger", word="hello")
        assert Job.objects.count() == 1
        transaction.set_rollback(True)
    assert Job.objects.count() == 0


def test_enqueueing_costs_one_query(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):
        note.enqueue("ledger", word="hello")


@time_machine.travel(NOON, tick=False)
def test_terms_say_when_a_job_is_due() -> None:
    hour = timedelta(hours=1)
    assert note.enqueue("l", "now").run_at == NOON
    assert note.using(after=hour).enqueue("l", "later").run_at == NOON + hour
    assert note.using(run_at=NOON - hour).enqueue("l", "at").run_at == NOON - hour
    assert note.using(run_at=NOON, after=hour).enqueue("l", "both").run_at == NOON + hour
    assert note.enqueue("l", "the task itself has no terms").run_at == NOON


def test_two_jobs_with_one_key_are_one_job() -> None:
    once = note.using(unique_key="mandate-granted:7")
    first = once.enqueue("ledger", "first")
    assert once.enqueue("ledger", "second").pk == first.pk
    assert [job.args["word"] for job in Job.objects.all()] == ["first"]
    assert note.using(unique_key="mandate-granted:8").enqueue("ledger", "other").pk != first.pk


def test_jobs_without_a_key_are_not_compared() -> None:
    note.enqueue("ledger", "same")
    note.enqueue("ledger", "same")
    assert Job.objects.count() == 2


def test_arguments_that_the_handler_does_not_take_are_refused() -> None:
    with pytest.raises(TypeError, match="word"):
        note.enqueue("ledger")  # type: ignore[call-arg]  # that is the point
    with pytest.raises(TypeError, match="JSON"), transaction.atomic():
        note.enqueue("ledger", word=object())  # type: ignore[arg-type]  # that is the point
    assert Job.objects.count() == 0


def test_two_tasks_cannot_share_a_name() -> None:
    with pytest.raises(AssertionError, match="two tasks"):
        task("test.note")(print)
    assert TASKS["test.note"] is note


def test_a_period_must_end_before_its_key_is_cleared() -> None:
    with pytest.raises(AssertionError, match="cleared"):
        periodic("test.monthly", every=timedelta(days=30))
    assert "test.monthly" not in TASKS


def test_due_jobs_are_found_by_an_index() -> None:
    due = Job.objects.due(NOON).longest_due_first()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert "job_due" in due.explain()
