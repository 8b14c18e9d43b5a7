"""What changed since N: the truth behind every live page."""

import time

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import User
from forum.discussions import actions
from forum.discussions.live import (
    CategoryStream,
    ThreadStream,
    fragments_of_post,
    row_of_thread,
    stream_of,
    telling_of_post,
    telling_of_row,
)
from forum.lib import fragments
from forum.live.streams import CHANGES_LIMIT
from tests.factories import a_category, a_reply, a_thread

pytestmark = pytest.mark.django_db


def test_streams_are_named_by_kind_and_number(bob):
    thread = a_thread(bob)
    assert stream_of(thread) == f"thread.{thread.pk}"
    assert stream_of(thread.category) == f"category.{thread.category.pk}"


def test_changes_carry_the_posts_changed_since_then(bob):
    thread = a_thread(bob)
    first, second = a_reply(bob, thread), a_reply(bob, thread)
    actions.withdraw(author=bob, post=first)

    changes = ThreadStream().changes(thread.pk, second.seq)

    assert (changes.seq, changes.more) == (4, False)
    assert f'id="post-{first.pk}"' in changes.html
    assert f'id="post-{second.pk}"' not in changes.html


def test_a_withdrawn_text_is_in_no_change(bob):
    thread = a_thread(bob)
    post = a_reply(bob, thread, "Numer konta prezeski")
    assert "Numer konta" in ThreadStream().changes(thread.pk, 0).html
    actions.withdraw(author=bob, post=post)
    assert "Numer konta" not in ThreadStream().changes(thread.pk, 0).html


def test_nothing_changed_is_an_empty_answer(bob):
    thread = a_thread(bob)
    changes = ThreadStream().changes(thread.pk, 1)
    assert (changes.seq, changes.html, changes.more) == (1, "", False)


def test_many_changes_come_in_parts_that_miss_nothing(bob):
    thread = a_thread(bob)
    pks = [a_reply(bob, thread).pk for _ in range(CHANGES_LIMIT + 5)]

    since, found, parts = 0, "", 0
    more = True
    while more:
        changes = ThreadStream().changes(thread.pk, since)
        since, more, parts = changes.seq, changes.more, parts + 1
        found += changes.html

    assert parts == 2
    assert all(f'id="post-{pk}"' in found for pk in pks)
    assert since == CHANGES_LIMIT + 6


def test_a_category_tells_which_threads_changed(bob):
    category = a_category()
    old, new = a_thread(bob, category), a_thread(bob, category)
    since = category.__class__.objects.get(pk=category.pk).seq
    a_reply(bob, old)

    changes = CategoryStream().changes(category.pk, since)

    assert changes.seq == since + 1
    assert f'id="thread-{old.pk}"' in changes.html
    assert f'id="thread-{new.pk}"' not in changes.html
    assert f'id="category-{category.pk}"' in changes.html


def test_the_cost_of_changes_does_not_grow_with_them(bob, django_assert_num_queries):
    thread = a_thread(bob)
    for _ in range(30):
        a_reply(bob, thread)
    with django_assert_num_queries(3):
        ThreadStream().changes(thread.pk, 0)
    with django_assert_num_queries(2):  # the fragment is ready by now
        ThreadStream().changes(thread.pk, 29)


def test_current_numbers_cost_one_query(bob, django_assert_num_queries):
    threads = [a_thread(bob) for _ in range(3)]
    with django_assert_num_queries(1):
        seqs = ThreadStream().seqs([thread.pk for thread in threads])
    assert seqs == {thread.pk: 1 for thread in threads}


def test_a_push_says_nothing_of_what_went_elsewhere_meanwhile(bob):
    """It is rendered after the commit: by then it may be out of the listener's sight."""
    thread, other = a_thread(bob), a_thread(bob)
    post = a_reply(bob, thread)
    assert f'id="post-{post.pk}"' in fragments_of_post(post.pk, thread.pk)
    assert fragments_of_post(post.pk, other.pk) == ""
    assert f'id="thread-{thread.pk}"' in row_of_thread(thread.pk, thread.category_id)
    assert row_of_thread(thread.pk, other.category_id) == ""
    assert telling_of_post(post.pk, other.pk, head=True)() == ""
    assert telling_of_row(thread.pk, other.category_id)() == ""


def test_what_is_told_reads_its_rows_once_for_all_languages(bob):
    thread = a_thread(bob)
    post = a_reply(bob, thread)
    tellings = (
        telling_of_post(post.pk, thread.pk, head=True),
        telling_of_row(thread.pk, thread.category_id),
    )
    asked = []
    for language in ("pl", "en"):
        with translation.override(language), CaptureQueriesContext(connection) as captured:
            told = [tell() for tell in tellings]
        asked.append(len(captured))
        caches["fragments"].clear()
        with translation.override(language):
            post_told = fragments_of_post(post.pk, thread.pk, head=True)
            assert told == [post_told, row_of_thread(thread.pk, thread.category_id)]
    assert asked[0] > 0
    assert asked[1] == 0


def test_what_was_told_is_ready_for_the_pages_to_come(bob, django_assert_num_queries):
    thread = a_thread(bob)
    post = a_reply(bob, thread)
    caches["fragments"].clear()
    for _ in range(2):  # the first finds no number of the names, and keeps one
        told = telling_of_post(post.pk, thread.pk)()
    with django_assert_num_queries(1):
        assert fragments_of_post(post.pk, thread.pk) == told


def test_a_name_that_changes_while_it_is_told_is_not_kept(bob):
    thread = a_thread(bob)
    post = a_reply(bob, thread)
    telling_of_post(post.pk, thread.pk)()
    tell = telling_of_post(post.pk, thread.pk)
    with translation.override("pl"):
        tell()  # its rows are read now
    User.objects.filter(pk=bob.pk).update(display_name="Bogdan Nowy")
    # As forget_names leaves it after the commit.
    caches["fragments"].set(fragments.NAMES, time.time_ns(), timeout=None)
    with translation.override("en"):
        tell()
        assert "Bogdan Nowy" in fragments_of_post(post.pk, thread.pk)
