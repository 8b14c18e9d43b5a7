"""Others hold threads while an account is erased: whoever waits keeps nobody else waiting."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from accounts import erasing
from accounts.personal_data import Texts
from forum.discussions.models import Post, Reaction, Thread
from tests.factories import a_reaction, a_reply, a_thread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]

WAITING = """SELECT 1 FROM pg_locks
    WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"""


@contextmanager
def erased_behind(member, thread):
    """Within it this thread of talk is held here, and the erasure of the member waits for it."""
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            Thread.objects.select_for_update(no_key=True).get(pk=thread.pk)
            outcome = other.submit(erase, member)
            wait_until_blocked(outcome)
            yield
        outcome.result()


def erase(member):
    try:
        erasing.erase_account(member=member, texts=Texts.WITHDRAW)
    finally:
        connection.close()


def wait_until_blocked(outcome: Future):
    moment = threading.Event()
    with connection.cursor() as cursor:
        while not outcome.done():
            cursor.execute(WAITING)
            if cursor.fetchone():
                return
            moment.wait(0.01)
    outcome.result()
    pytest.fail("the erasure waited for nobody")


def test_no_thread_is_held_while_an_earlier_one_is_waited_for(bob, alice):
    first, second = a_thread(alice), a_thread(alice)
    a_reply(bob, first)
    a_reaction(bob, second.posts.get())
    with erased_behind(bob, first):
        Thread.objects.select_for_update(no_key=True, nowait=True).get(pk=second.pk)
    assert not Reaction.objects.exists()
    assert Post.objects.get(author=bob).state == Post.State.WITHDRAWN
