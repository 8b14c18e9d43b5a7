"""Read, unread, all read; and what is read because its posts are."""

import pytest

from forum.discussions import actions as discussions
from forum.discussions.actions.informing import note_reading
from forum.lib.ranges import Ranges
from forum.notifications import actions
from forum.notifications.models import Item, Notification, Tray
from tests.factories import a_category, a_reply, a_thread
from tests.notifications.world import told, unread, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(bob):
    return a_thread(bob)


@pytest.fixture
def three(alice, bob, thread):
    """One notification of three replies to Bob's thread."""
    for _ in range(3):
        a_reply(alice, thread)
    assert told(bob) == [("reply", 3)]
    thread.refresh_from_db()
    return Notification.objects.get(user=bob)


def seq_of(member):
    return Tray.objects.get(pk=member.pk).seq


def test_one_is_read_and_unread_again(bob, three):
    actions.mark_read(member=bob, pks=[three.pk])
    three.refresh_from_db()
    assert (unread(bob), three.is_unread, three.count) == (0, False, 3)
    actions.mark_unread(member=bob, pk=three.pk)
    three.refresh_from_db()
    assert (unread(bob), three.is_unread, three.count) == (1, True, 3)


def test_marking_again_changes_nothing(bob, three):
    for act in (
        lambda: actions.mark_read(member=bob, pks=[three.pk]),
        lambda: actions.read_all(member=bob),
        lambda: actions.read_places(member=bob, places=[three.place]),
    ):
        before = seq_of(bob)
        act()
        first = seq_of(bob)
        act()
        assert seq_of(bob) == first
        assert first in (before, before + 1)
        actions.mark_unread(member=bob, pk=three.pk)


def test_nobody_marks_what_is_anothers(alice, bob, three):
    actions.mark_read(member=alice, pks=[three.pk])
    actions.mark_unread(member=alice, pk=three.pk)
    actions.read_places(member=alice, places=[three.place])
    actions.read_events(
        member=alice, abouts=list(Item.objects.values_list("event__about", flat=True))
    )
    actions.read_all(member=alice)
    assert unread(bob) == 1


def test_what_comes_after_reading_is_a_new_notification(alice, bob, three, thread):
    actions.read_all(member=bob)
    a_reply(alice, thread)
    assert told(bob) == [("reply", 1)]
    assert Notification.objects.filter(user=bob).count() == 2


def test_an_older_one_does_not_wait_beside_a_newer(alice, bob, three, thread):
    actions.read_all(member=bob)
    a_reply(alice, thread)
    work()
    actions.mark_unread(member=bob, pk=three.pk)
    assert told(bob) == [("reply", 1)]


def test_all_is_read_at_once(alice, bob, three):
    other = a_thread(bob)
    a_reply(alice, other)
    assert len(told(bob)) == 2
    before = seq_of(bob)
    actions.read_all(member=bob)
    assert (unread(bob), seq_of(bob)) == (0, before + 1)


def test_reading_the_posts_reads_what_was_told_of_them(bob, three, thread):
    discussions.mark_read(user=bob, thread=thread, numbers=Ranges.of([2, 3]))
    assert told(bob) == [("reply", 1)]
    discussions.mark_read(user=bob, thread=thread, numbers=Ranges.of([4]))
    three.refresh_from_db()
    assert (told(bob), three.is_unread, three.count) == ([], False, 3)


def test_reading_other_posts_leaves_it(bob, three, thread):
    discussions.mark_read(user=bob, thread=thread, numbers=Ranges.of([1]))
    assert told(bob) == [("reply", 3)]


def test_a_thread_marked_read_takes_the_word_of_its_beginning_along(alice, bob, dana):
    category = a_category()
    actions.follow(member=dana, place=f"category.{category.pk}", level="everything")
    thread = a_thread(bob, category)
    assert told(dana) == [("thread", 1)]
    discussions.mark_thread_read(user=dana, thread=thread)
    assert told(dana) == []


@pytest.mark.parametrize("of_category", [True, False], ids=["category", "everything"])
def test_marking_lists_read_reads_what_was_told_of_their_threads(alice, bob, three, of_category):
    other = a_thread(bob, a_category())
    a_reply(alice, other)
    work()
    category = three and other.category if of_category else None
    discussions.mark_all_read(user=bob, category=category)
    assert told(bob) == ([("reply", 3)] if of_category else [])


def test_reading_where_nothing_waits_costs_three_queries_more(
    alice, dana, thread, django_assert_num_queries
):
    with django_assert_num_queries(3):
        note_reading(dana, thread, Ranges.of([1]))


def test_a_reply_in_ones_own_thread_is_not_read_by_answering_it(alice, bob, three, thread):
    a_reply(bob, thread)
    assert told(bob) == [("reply", 3)]


def test_what_was_read_before_the_worker_came_is_not_told(alice, bob, dana, thread):
    """As on an open page, where a reply is read a second after it came."""
    post = a_reply(dana, thread, f"@[Bob](member:{bob.pk})")
    thread.refresh_from_db()
    discussions.mark_read(user=bob, thread=thread, numbers=Ranges.of([post.number]))
    assert told(bob) == []
    a_reply(alice, thread, f"@[Bob](member:{bob.pk})")
    assert told(bob) == [("mention", 1)]


def test_that_a_read_post_was_chosen_as_the_answer_is_told(alice, bob, dana, thread):
    post = a_reply(alice, thread)
    a_reply(dana, thread)
    work()
    thread.refresh_from_db()
    discussions.mark_thread_read(user=dana, thread=thread)
    discussions.accept(author=bob, post=post, on=True)
    assert told(dana) == [("accepted", 1)]
