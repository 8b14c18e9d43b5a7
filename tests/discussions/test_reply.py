"""Replying: the post's place, its numbers, who may, and what a repetition does."""

import uuid

import pytest
from django.utils import timezone

from accounts.models import User
from forum.categories.models import Category
from forum.discussions import actions
from forum.discussions.models import Thread
from forum.discussions.reading import readable_thread
from forum.lib.answers import Refused
from forum.lib.paths import MAX_DEPTH
from tests.factories import a_category, a_reply, a_thread, opening_post

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "change",
    [
        lambda: Thread.objects.update(closed_at=timezone.now()),
        lambda: Category.objects.update(readers=Category.Readers.STAFF),
        lambda: User.objects.update(is_active=False),
    ],
)
def test_what_changed_since_the_thread_was_found_is_seen_under_its_lock(bob, alice, change):
    thread = readable_thread(bob, a_thread(alice).pk)
    a_reply(bob, thread)
    change()
    with pytest.raises(Refused):
        a_reply(bob, thread)
    assert thread.posts.count() == 2


def test_replies_are_numbered_without_gaps(bob):
    thread = a_thread(bob)
    numbers = [a_reply(bob, thread).number for _ in range(3)]
    assert numbers == [2, 3, 4]


def test_every_reply_is_one_change_of_the_thread(bob):
    thread = a_thread(bob)
    seqs = [a_reply(bob, thread).seq for _ in range(3)]
    thread.refresh_from_db()
    assert (seqs, thread.seq) == ([2, 3, 4], 4)


def test_a_reply_to_a_post_stands_below_it_and_before_later_branches(bob):
    thread = a_thread(bob)
    first = a_reply(bob, thread)
    second = a_reply(bob, thread)
    nested = a_reply(bob, thread, parent=first)

    in_tree = list(thread.posts.order_by("path"))
    assert in_tree == [opening_post(thread), first, nested, second]
    assert (nested.depth, nested.parent) == (1, first)


def test_an_answer_to_the_opening_post_is_an_answer_to_the_thread(bob):
    thread = a_thread(bob)
    post = a_reply(bob, thread, parent=opening_post(thread))
    assert (post.depth, post.parent) == (0, None)


def test_a_root_counts_its_whole_branch(bob):
    thread = a_thread(bob)
    root = a_reply(bob, thread)
    child = a_reply(bob, thread, parent=root)
    a_reply(bob, thread, parent=child)

    root.refresh_from_db()
    child.refresh_from_db()
    assert (root.branch_count, child.branch_count) == (2, 0)


def test_a_very_deep_reply_keeps_its_true_parent(bob):
    thread = a_thread(bob)
    post = a_reply(bob, thread)
    for _ in range(MAX_DEPTH + 3):
        parent, post = post, a_reply(bob, thread, parent=post)

    assert (post.parent, post.depth) == (parent, MAX_DEPTH - 1)
    assert list(thread.posts.order_by("path"))[-1] == post


def test_a_reply_moves_its_thread_to_the_top_of_lists(bob):
    category = a_category()
    older, newer = a_thread(bob, category), a_thread(bob, category)
    post = a_reply(bob, older)

    older.refresh_from_db()
    category.refresh_from_db()
    assert list(type(older).objects.latest_first()) == [older, newer]
    assert (older.last_post, older.listing_seq) == (post, category.seq)


def test_an_answer_of_the_office_marks_the_thread(bob, carol, starostwo):
    thread = a_thread(bob)
    a_reply(carol, thread)
    thread.refresh_from_db()
    assert not thread.has_official_answer

    a_reply(carol, thread, voice=starostwo)
    thread.refresh_from_db()
    assert thread.has_official_answer


def test_nobody_replies_where_they_may_not_write(bob, carol):
    thread = a_thread(carol, a_category(writers=Category.Writers.STAFF))
    with pytest.raises(Refused):
        a_reply(bob, thread)
    thread.refresh_from_db()
    assert (thread.last_number, thread.seq) == (1, 1)


def test_the_same_form_sent_twice_makes_one_post(bob):
    thread = a_thread(bob)
    form = {
        "author": bob,
        "voice": None,
        "thread": thread,
        "body": "Tylko raz.",
        "body_format": "markdown",
        "once": uuid.uuid4(),
    }
    assert actions.reply(**form) == actions.reply(**form)
    thread.refresh_from_db()
    assert (thread.posts.count(), thread.last_number, thread.seq) == (2, 2, 2)


def test_another_text_under_the_same_mark_is_a_post_of_its_own(bob):
    thread, other = a_thread(bob), a_thread(bob)
    form = {"author": bob, "voice": None, "body_format": "markdown", "once": uuid.uuid4()}
    first = actions.reply(**form, thread=thread, body="Raz.")
    second = actions.reply(**form, thread=thread, body="Raz, a dobrze.")
    third = actions.reply(**form, thread=other, body="Raz.")
    assert len({first.pk, second.pk, third.pk}) == 3
    assert third.thread == other
