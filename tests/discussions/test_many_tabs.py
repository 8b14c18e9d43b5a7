"""One member in many tabs at once: reading, replying and marking all lose no mark."""

import threading

import pytest
from django.db import connection

from forum.discussions import actions
from forum.discussions.models import Thread
from forum.discussions.unread import read_state
from forum.lib.ranges import Ranges
from tests.factories import a_reply, a_thread

TABS = 8
POSTS = 80


def _in_threads(works):
    failures = []

    def run(work):
        try:
            work()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    tabs = [threading.Thread(target=run, args=(work,)) for work in works]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert failures == []


@pytest.mark.django_db(transaction=True)
def test_tabs_that_read_at_once_lose_no_mark(alice, bob):
    thread = a_thread(bob)
    Thread.objects.filter(pk=thread.pk).update(last_number=POSTS)
    thread.refresh_from_db()

    def tab(first):
        for number in range(first, POSTS + 1, TABS):
            actions.mark_read(user=alice, thread=thread, numbers=Ranges.of([number]))

    _in_threads([lambda first=first: tab(first) for first in range(1, TABS + 1)])
    assert str(read_state(alice, thread).read) == f"1-{POSTS}"


@pytest.mark.django_db(transaction=True)
def test_reading_replying_and_marking_all_never_block_each_other(alice, bob):
    threads = [a_thread(bob) for _ in range(4)]

    def replies():
        for thread in threads * 3:
            a_reply(alice, thread)

    def visits():
        for thread in threads * 3:
            actions.visit(user=alice, thread=thread)
            actions.mark_read(user=alice, thread=thread, numbers=Ranges.of([1]))

    def everything():
        for _ in range(6):
            actions.mark_all_read(user=alice)

    _in_threads([replies, visits, everything, replies])
    for thread in threads:
        thread.refresh_from_db()
        assert str(read_state(alice, thread).missing) == ""
        assert thread.last_number == 7
