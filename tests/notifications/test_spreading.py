"""The worker's part: every member once, in batches, whatever breaks off and however often."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from forum.jobs.models import Job
from forum.notifications.actions import spreading
from forum.notifications.actions.following import follow
from forum.notifications.actions.spreading import spread, spread_batch
from forum.notifications.models import Event, Follow, Item, Notification, Tray
from tests.cast import make_alice, make_bob
from tests.factories import a_reply, a_thread
from tests.notifications.world import told, unread, work

pytestmark = pytest.mark.django_db


def followers(thread, count, first=0):
    """So many members who follow the thread."""
    members = User.objects.bulk_create(
        User(email=f"f{number}@example.org", display_name=f"Osoba {number}")
        for number in range(first, first + count)
    )
    Follow.objects.bulk_create(Follow(user=each, place=f"thread.{thread.pk}") for each in members)
    return members


@pytest.fixture
def thread(bob):
    return a_thread(bob)


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(spreading, "BATCH", 3)


def the_reply(alice, thread):
    a_reply(alice, thread)
    return Event.objects.latest("pk")


def test_the_reply_itself_tells_nobody_yet(alice, thread):
    followers(thread, 20)
    spreading_jobs = Job.objects.filter(kind="notifications.spread")
    before = spreading_jobs.count()
    event = the_reply(alice, thread)
    assert (event.step, event.spread_at) == (0, None)
    assert spreading_jobs.count() == before + 1
    assert not Item.objects.exists()


def test_a_reply_costs_as_many_queries_with_many_followers(
    alice, bob, django_assert_num_queries, django_assert_max_num_queries
):
    few, many = a_thread(bob), a_thread(bob)
    followers(many, 40)
    for thread in (few, many):
        a_reply(alice, thread)  # the first one also begins what is kept of the thread
    with django_assert_max_num_queries(60) as captured:
        a_reply(alice, few)
    with django_assert_num_queries(len(captured)):
        a_reply(alice, many)


def test_everybody_is_told_once_in_many_batches(alice, thread, small_batches):
    members = followers(thread, 10)
    event = the_reply(alice, thread)
    spread.call(event.pk)
    assert Item.objects.filter(event=event).count() == 11  # and whoever began the thread
    assert [unread(each) for each in members] == [1] * 10
    event.refresh_from_db()
    assert event.spread_at is not None


def test_done_again_it_tells_nobody_twice(alice, thread, small_batches):
    members = followers(thread, 5)
    event = the_reply(alice, thread)
    for _ in range(2):
        spread.call(event.pk)
        # As if the worker had died before it noted how far it was.
        Event.objects.filter(pk=event.pk).update(step=0, reached=0, spread_at=None)
    spread.call(event.pk)
    counts = Notification.objects.filter(kind="reply").values_list("count", flat=True)
    assert list(counts) == [1] * 6
    assert Item.objects.filter(event=event).count() == 6
    assert Tray.objects.get(pk=members[0].pk).seq == 1


def test_broken_off_it_goes_on_where_it_was(alice, thread, small_batches):
    followers(thread, 7)
    event = the_reply(alice, thread)
    assert spread_batch(event.pk)  # the stronger kinds tell nobody; one batch of the last
    assert Item.objects.count() == 3
    spread.call(event.pk)
    assert Item.objects.count() == 8


def test_of_what_concerns_nobody_the_worker_asks_little(alice, bob, django_assert_num_queries):
    thread = a_thread(alice)
    work()
    event = the_reply(alice, thread)
    # The event under its lock, the post, its followers, how far it is; and a savepoint's two.
    with django_assert_num_queries(6):
        spread.call(event.pk)
    event.refresh_from_db()
    assert event.spread_at is not None
    assert Item.objects.count() == 0


def test_whoever_is_told_by_a_stronger_kind_is_not_told_again(alice, bob, thread, small_batches):
    a_reply(alice, thread, f"@[Bob]({'member'}:{bob.pk})")
    assert told(bob) == [("mention", 1)]


def test_the_number_of_the_tray_has_no_gaps(alice, bob, thread):
    for _ in range(3):
        a_reply(alice, thread)
        work()
    seqs = Notification.objects.filter(user=bob).values_list("seq", flat=True)
    assert (Tray.objects.get(pk=bob.pk).seq, list(seqs)) == (3, [3])


def test_an_event_that_is_gone_is_no_failure():
    spread.call(10**9)


def test_a_kind_of_a_newer_version_waits_for_it(alice, thread):
    event = the_reply(alice, thread)
    Event.objects.filter(pk=event.pk).update(kinds=["of-tomorrow"])
    with pytest.raises(LookupError):
        spread.call(event.pk)
    event.refresh_from_db()
    assert event.spread_at is None


def test_a_rolled_back_reply_tells_nobody(alice, thread):
    before = Event.objects.count()
    with transaction.atomic():
        a_reply(alice, thread)
        assert Event.objects.count() == before + 1
        transaction.set_rollback(True)
    assert Event.objects.count() == before


def test_the_queries_of_a_batch_do_not_grow_with_it(alice, bob, django_assert_max_num_queries):
    small, large = a_thread(bob), a_thread(bob)
    followers(small, 20)
    followers(large, 60, first=20)
    costs = []
    for thread in (small, large):
        event = the_reply(alice, thread)
        with django_assert_max_num_queries(90) as captured:
            spread.call(event.pk)
        costs.append(len(captured))
    assert costs[0] == costs[1]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_everybody_once(monkeypatch):
    monkeypatch.setattr(spreading, "BATCH", 4)
    alice, bob = make_alice(), make_bob()
    thread = a_thread(bob)
    members = followers(thread, 30)
    events = [the_reply(alice, thread) for _ in range(3)]
    failures = []

    def run():
        try:
            for event in events:
                spread.call(event.pk)
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failures == []
    assert [unread(each) for each in members] == [1] * 30
    rows = Notification.objects.filter(user__in=members)
    assert set(rows.values_list("count", "seq")) == {(3, 3)}
    assert set(Tray.objects.filter(pk__in=members).values_list("seq", flat=True)) == {3}


def test_whoever_follows_later_is_not_told_of_what_was_before(alice, bob, thread):
    event = the_reply(alice, thread)
    late = User.objects.create(email="late@example.org", display_name="Późna Osoba")
    follow(member=late, place=f"thread.{thread.pk}", level="everything")
    spread.call(event.pk)
    assert told(late) == []
    a_reply(alice, thread, "Następna.")
    assert told(late) == [("reply", 1)]


def test_a_clock_that_is_set_back_takes_no_notification(alice, bob, thread):
    """The reply seems to be older than the follow; it came after it."""
    reader = User.objects.create(email="reader@example.org", display_name="Osoba Czytająca")
    follow(member=reader, place=f"thread.{thread.pk}", level="everything")
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        event = the_reply(alice, thread)
        assert event.at < Follow.objects.get(user=reader).since
    assert told(reader) == [("reply", 1)]
