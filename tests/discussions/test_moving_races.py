"""Several at once: splits, merges, replies and decisions in the same moment."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from forum.discussions import actions
from forum.discussions.models import Post, Thread
from forum.lib.answers import Refused
from tests import blocking
from tests.discussions.moving_world import assert_branch_counts, assert_dense, at, fresh, split
from tests.factories import a_category, a_reply, a_thread, opening_post


@pytest.fixture
def talk(bob):
    """1; 2 with 3 under it and 4 under that; 5."""
    thread = a_thread(bob, title="Stary wątek")
    second = a_reply(bob, thread, "drugi")
    third = a_reply(bob, thread, "trzeci", parent=second)
    a_reply(bob, thread, "czwarty", parent=third)
    a_reply(bob, thread, "piąty")
    return thread


def at_once(*deeds):
    failures = []

    def run(deed):
        try:
            deed()
        except Refused:
            pass
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    runs = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
    assert failures == []


@pytest.mark.django_db(transaction=True)
def test_a_split_while_others_reply(talk, carol, bob):
    parent = at(talk, 4)

    def reply_in_the_way():
        with contextlib.suppress(AssertionError):  # the action is never given such a parent
            a_reply(bob, talk, parent=parent)

    at_once(*[reply_in_the_way] * 6, lambda: split(carol, talk, 2), lambda: split(carol, talk, 2))
    assert Thread.objects.count() == 2
    for thread in Thread.objects.all():
        assert_dense(thread)
        assert_branch_counts(thread)
    left = talk.posts.exclude(state=Post.State.MOVED).filter(depth__gt=0)
    assert not left.filter(parent__state=Post.State.MOVED).exists()


@pytest.mark.django_db(transaction=True)
def test_two_merges_that_cross(talk, carol, bob):
    other = a_thread(bob)
    a_reply(bob, other)
    at_once(
        lambda: actions.merge(staff=carol, thread=talk, into=other),
        lambda: actions.merge(staff=carol, thread=other, into=talk),
        lambda: a_reply(bob, other),
        lambda: a_reply(bob, talk),
    )
    threads = [fresh(talk), fresh(other)]
    assert sum(thread.merged_into_id is not None for thread in threads) == 1
    for thread in threads:
        assert_dense(thread)


@pytest.mark.django_db(transaction=True)
def test_a_decision_on_a_thread_that_is_being_merged(talk, carol, bob):
    other = a_thread(bob)
    post = opening_post(talk)
    at_once(
        lambda: actions.merge(staff=carol, thread=talk, into=other),
        lambda: actions.close(staff=carol, thread=talk, on=True),
        lambda: actions.pin(staff=carol, thread=talk, on=True),
        lambda: actions.withdraw(author=bob, post=post),
    )
    assert fresh(talk).merged_into == other
    assert fresh(talk).pinned_at is None
    assert_dense(talk)
    assert_dense(other)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("readers", ["everybody", "staff"])
def test_a_reply_that_waits_while_its_thread_goes_elsewhere(talk, carol, bob, readers):
    """PostgreSQL gives a waiting question no row that fits it no more: it must be asked again, and
    may be refused in the category of then."""
    target = a_category(readers=readers)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        actions.move(staff=carol, thread=talk, category=target)
        reply = blocking.elsewhere(pool, lambda: a_reply(bob, talk))
        blocking.wait_until_blocked(reply)
    if readers == "everybody":
        assert reply.result(10).number == 6
    else:
        with pytest.raises(Refused):
            reply.result(10)
    assert fresh(talk).last_number == (6 if readers == "everybody" else 5)
