"""Several workers at one member's deliveries: each is claimed once, each week has one letter."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from forum.jobs.models import Job
from forum.notifications import delivering, delivering_letters
from forum.notifications.models import Bundle, Delivery
from tests.factories import a_reply, a_thread

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 4


def at_once(work):
    """Runs it in several threads that begin together; what one of them raises is raised."""
    begin = threading.Barrier(WORKERS)
    raised = []

    def run():
        begin.wait()
        try:
            work()
        except Exception as error:  # told to the test
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert raised == []


@pytest.fixture
def waiting(work, alice, bob):
    """Three mails to Alice, due."""
    for number in range(3):
        a_reply(bob, a_thread(alice, title=f"Wątek {number}"))
    work()
    past = timezone.now() - timedelta(minutes=1)
    Delivery.objects.filter(user=alice).update(due_at=past)
    return alice


def test_sweeps_at_once_claim_each_delivery_once(waiting, monkeypatch):
    # Whatever hour it is.
    monkeypatch.setattr(delivering, "_without_quiet", lambda rows, wishes: rows)
    at_once(delivering.sweep.call)
    claimed = Delivery.objects.filter(user=waiting, state="sending")
    assert claimed.count() == 3
    assert Bundle.objects.filter(user=waiting).count() == 3
    assert set(claimed.values_list("attempts", flat=True)) == {1}
    assert Job.objects.filter(kind="notifications.mail").count() == Bundle.objects.count()


def test_the_cap_of_a_day_holds_for_all_workers_together(waiting, monkeypatch, settings):
    settings.MAILS_PER_DAY = 2
    monkeypatch.setattr(delivering, "_without_quiet", lambda rows, wishes: rows)
    at_once(delivering.sweep.call)
    assert Bundle.objects.filter(user=waiting).count() == 2
    states = Delivery.objects.filter(user=waiting, channel="mail").values_list("state", flat=True)
    assert sorted(states) == ["dropped", "sending", "sending"]


def test_letters_begun_at_once_are_one_a_member(waiting, outbox):
    day = timezone.localdate().isoformat()
    at_once(lambda: delivering_letters.write_letter.call(day, waiting.pk))
    assert Bundle.objects.filter(user=waiting).exclude(week=None).count() == 1
    # Each of the workers may have sent it, but always under one Message-ID.
    assert len({message.extra_headers["Message-ID"] for message in outbox}) <= 1
