"""What is withdrawn, hidden, moved or closed leaves lists and counts, or follows."""

import pytest

from accounts.erasing import erase_account
from accounts.personal_data import Texts
from forum.categories.models import Category
from forum.discussions import actions
from forum.discussions.models import Post
from forum.notifications.actions import follow, look_again
from forum.notifications.actions.clearing import clear
from forum.notifications.models import (
    Event,
    Follow,
    Item,
    Notification,
    Preference,
    Tray,
)
from tests.factories import a_category, a_reply, a_thread
from tests.notifications.world import titles, told, unread, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(bob):
    return a_thread(bob)


def test_a_withdrawn_reply_counts_no_more(alice, bob, thread):
    posts = [a_reply(alice, thread) for _ in range(2)]
    assert told(bob) == [("reply", 2)]
    actions.withdraw(author=alice, post=posts[1])
    assert told(bob) == [("reply", 1)]
    assert titles(bob) == ["1 nowa odpowiedź"]
    actions.withdraw(author=alice, post=posts[0])
    assert (told(bob), titles(bob), unread(bob)) == ([], [], 0)


def test_a_reply_withdrawn_before_the_worker_came_is_told_to_nobody(alice, bob, thread):
    post = a_reply(alice, thread)
    actions.withdraw(author=alice, post=post)
    assert told(bob) == []
    assert not Item.objects.exists()


def test_what_is_shown_again_counts_again(alice, bob, thread):
    """As moderation will do it: the state of the post, and a word to the worker."""
    post = a_reply(alice, thread)
    assert told(bob) == [("reply", 1)]
    for state, expected in (("withdrawn", []), ("published", [("reply", 1)])):
        Post.objects.filter(pk=post.pk).update(state=state)
        look_again(abouts=[f"post.{post.pk}"])
        assert told(bob) == expected


def test_judging_again_changes_nothing_where_nothing_changed(alice, bob, thread):
    post = a_reply(alice, thread)
    work()
    before = Tray.objects.get(pk=bob.pk).seq
    look_again(abouts=[f"post.{post.pk}"])
    work()
    assert Tray.objects.get(pk=bob.pk).seq == before


def test_a_thread_in_a_closed_category_is_told_no_more(alice, bob, carol, thread):
    a_reply(alice, thread)
    assert told(bob) == [("reply", 1)]
    closed = a_category(readers=Category.Readers.STAFF)
    actions.move(staff=carol, thread=thread, category=closed)
    assert told(bob) == []
    actions.move(staff=carol, thread=thread, category=a_category())
    assert told(bob) == [("reply", 1)]


def test_a_right_lost_is_noticed_at_reading_and_the_count_healed(alice, bob, thread):
    a_reply(alice, thread)
    work()
    Category.objects.filter(pk=thread.category_id).update(readers=Category.Readers.STAFF)
    assert unread(bob) == 1  # nobody told us
    assert titles(bob) == []
    assert unread(bob) == 0


def test_what_is_left_beside_the_lost_is_still_told(alice, bob, thread):
    first, last = a_reply(alice, thread, "Pierwsza"), a_reply(alice, thread, "Ostatnia")
    work()
    Post.objects.filter(pk=last.pk).update(state=Post.State.WITHDRAWN)
    assert titles(bob) == ["1 nowa odpowiedź"]
    assert Notification.objects.get(user=bob).last_event.about == f"post.{first.pk}"


def test_a_split_takes_what_was_told_along(alice, bob, carol, thread):
    stays, goes = a_reply(alice, thread), a_reply(alice, thread)
    assert told(bob) == [("reply", 2)]
    target = actions.split(
        staff=carol, thread=thread, numbers=[goes.number], title="Osobno", category=a_category()
    )
    work()
    rows = Notification.objects.filter(user=bob).unread().order_by("place")
    places = {row.place: row.count for row in rows}
    assert places == {f"thread.{thread.pk}": 1, f"thread.{target.pk}": 1}
    assert stays.pk in {row.last_event.about_pk for row in rows}
    actions.mark_thread_read(user=bob, thread=target)
    assert [row.place for row in Notification.objects.filter(user=bob).unread()] == [
        f"thread.{thread.pk}"
    ]


def test_a_merge_brings_both_together_and_the_followers_along(alice, bob, carol, dana, thread):
    other = a_thread(dana)
    follow(member=bob, place=f"thread.{other.pk}", level="everything")
    a_reply(alice, thread)
    a_reply(alice, other)
    assert told(bob) == [("reply", 1), ("reply", 1)]
    actions.merge(staff=carol, thread=other, into=thread)
    assert told(bob) == [("reply", 2)]
    assert Follow.objects.filter(user=dana, place=f"thread.{thread.pk}").exists()
    thread.refresh_from_db()
    a_reply(alice, thread)
    assert told(dana)[-1][0] == "reply"


def test_what_was_read_moves_along_as_history(alice, bob, carol, thread):
    goes = a_reply(alice, thread)
    work()
    thread.refresh_from_db()
    actions.mark_thread_read(user=bob, thread=thread)
    target = actions.split(
        staff=carol, thread=thread, numbers=[goes.number], title="Osobno", category=a_category()
    )
    work()
    row = Notification.objects.get(user=bob)
    assert (row.place, row.is_unread) == (f"thread.{target.pk}", False)


def test_an_erased_member_leaves_nothing_of_their_own(alice, bob, thread):
    a_reply(bob, thread)
    a_reply(alice, thread)
    work()
    Preference.objects.create(user=bob)
    models = (Notification, Item, Follow, Preference, Tray)
    assert all(model.objects.filter(user=bob).exists() for model in models)
    erase_account(member=bob, texts=Texts.KEEP)
    assert not any(model.objects.filter(user=bob).exists() for model in models)


def test_the_words_of_an_erased_member_disappear_from_notifications(bob, dana, thread):
    a_reply(dana, thread, "Mój telefon")
    assert told(bob) == [("reply", 1)]
    erase_account(member=dana, texts=Texts.WITHDRAW)
    assert (told(bob), titles(bob)) == ([], [])


def test_the_name_of_an_erased_member_is_not_told(alice, bob, dana, thread):
    a_reply(dana, thread, f"@[Bob](member:{bob.pk})")
    assert titles(bob) == ["Dana Mazur oznacza Cię we wpisie"]
    erase_account(member=dana, texts=Texts.KEEP)
    assert titles(bob) == ["osoba usunięta oznacza Cię we wpisie"]


def test_old_things_are_forgotten_and_new_ones_stay(alice, bob, thread, time_machine_at):
    a_reply(alice, thread)
    work()
    thread.refresh_from_db()
    with time_machine_at(days=400):
        clear()
        assert unread(bob) == 1  # what is unread waits for ever
        actions.mark_thread_read(user=bob, thread=thread)
        clear()
        assert Notification.objects.exists()
    with time_machine_at(days=600):
        clear()
    assert not Notification.objects.exists()
    assert not Event.objects.exists()
