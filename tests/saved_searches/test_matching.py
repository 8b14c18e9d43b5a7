"""Whoever saved a search is told of what is new in it: once, and only of what they may read."""

from datetime import timedelta

import pytest

from accounts.erasing import erase_account
from accounts.personal_data import Texts
from forum.categories.models import Category
from forum.discussions import actions as discussions
from forum.discussions.actions import judging, managing
from forum.discussions.models import HeldText, Post
from forum.jobs.models import Job
from forum.lib import recent
from forum.moderation import actions as moderating
from forum.notifications.actions import follow, read_events
from forum.notifications.models import Event, Item, Notification
from forum.saved_searches import actions
from forum.saved_searches.actions.matching import (
    AT_ONCE,
    REMEMBERED_S,
    match,
    note_indexed,
    somebody_looks,
)
from forum.saved_searches.models import Match
from forum.search import listening
from tests.discussions.waiting_world import guards_on, send
from tests.factories import a_category, a_reply, a_thread, an_attachment, opening_post
from tests.moderation import world as moderation
from tests.saved_searches.world import a_search, found, work

pytestmark = pytest.mark.django_db
BODY = "Szukamy dotacji na remont podłogi."


def test_a_new_thread_that_fits_is_told(bob, alice):
    a_search(bob, "dotacja remont")
    a_thread(alice, body=BODY)
    assert found(bob) == 1


def test_and_a_reply_but_not_what_does_not_fit(bob, alice):
    a_search(bob)
    thread = a_thread(alice)
    assert found(bob) == 0
    a_reply(alice, thread, BODY)
    assert found(bob) == 1


def test_nobody_is_told_of_their_own_words(bob, alice, dana):
    for member in (alice, bob):
        a_search(member)
    a_thread(alice, body=BODY)
    assert (found(alice), found(bob)) == (0, 1)


def test_an_evening_of_posts_is_one_notification(bob, alice):
    a_search(bob)
    a_search(bob, "podłoga")
    for _ in range(7):
        a_thread(alice, body=BODY)
    assert found(bob) == 7
    assert Notification.objects.filter(user=bob).count() == 1


def test_what_one_may_not_read_is_not_told(bob, carol, alice, fundacja):
    for member in (bob, alice):
        a_search(member)
    secret = a_category(readers=Category.Readers.ORGANIZATIONS)
    secret.organizations.add(fundacja)
    a_thread(carol, secret, body=BODY)
    assert (found(bob), found(alice)) == (0, 1)
    assert not Match.objects.filter(search__user=bob).exists()


def test_whoever_loses_the_right_to_read_loses_the_notification(bob, alice):
    a_search(bob)
    thread = a_thread(alice, body=BODY)
    assert found(bob) == 1
    managing.move(
        staff=moderation.a_clerk(),
        thread=thread,
        category=a_category(readers=Category.Readers.STAFF),
    )
    assert found(bob) == 0


def test_what_was_written_before_is_not_new(bob, alice):
    thread = a_thread(alice, body=BODY)
    a_search(bob)
    post = opening_post(thread)
    discussions.edit(author=alice, post=post, body=f"{BODY} Pilne.", body_format="markdown")
    assert found(bob) == 0
    a_reply(alice, thread, BODY)
    assert found(bob) == 1


def test_an_edit_that_makes_it_fit_is_told_and_one_that_undoes_it_takes_it_back(bob, alice):
    a_search(bob)
    thread = a_thread(alice)
    assert found(bob) == 0
    post = opening_post(thread)
    post = discussions.edit(author=alice, post=post, body=BODY, body_format="markdown")
    assert found(bob) == 1
    discussions.edit(author=alice, post=post, body="Nic.", body_format="markdown")
    assert found(bob) == 0


def test_a_held_text_is_told_when_it_is_released(bob, alice, carol, dana):
    thread = a_thread(alice)
    a_search(bob)
    guards_on()
    send(dana, thread, BODY)
    assert found(bob) == 0
    judging.publish(staff=carol, held=HeldText.objects.get())
    assert found(bob) == 1


def test_what_is_hidden_takes_the_notification_along(bob, alice, carol):
    a_search(bob)
    post = a_reply(alice, a_thread(alice), BODY)
    assert found(bob) == 1
    decision = moderation.found(carol, post)
    assert Post.objects.get(pk=post.pk).state == "hidden"
    assert found(bob) == 0
    moderating.undo(moderator=carol, decision=decision, own_words="Pomyłka.")
    assert found(bob) == 1


def test_the_job_done_twice_tells_once(bob, alice):
    a_search(bob)
    thread = a_thread(alice, body=BODY)
    for _ in range(2):
        match.call("post", [opening_post(thread).pk])
    assert found(bob) == 1
    assert (Item.objects.filter(user=bob).count(), Match.objects.count()) == (1, 1)


def test_whoever_is_told_of_the_post_anyway_is_not_told_twice(bob, alice):
    a_search(bob)
    thread = a_thread(bob)
    a_reply(alice, thread, BODY)
    work()
    kinds = Notification.objects.filter(user=bob).unread().values_list("kind", flat=True)
    assert list(kinds) == ["reply"]


def test_a_muted_thread_stays_silent(bob, alice):
    a_search(bob)
    thread = a_thread(alice)
    follow(member=bob, place=f"thread.{thread.pk}", level="muted")
    a_reply(alice, thread, BODY)
    assert found(bob) == 0
    assert Event.objects.filter(kinds=["saved_search"]).exists()


def test_a_paused_search_tells_nothing_until_it_is_resumed(bob, alice):
    search = a_search(bob)
    actions.pause(member=bob, search=search)
    a_thread(alice, body=BODY)
    assert found(bob) == 0
    actions.resume(member=bob, search=search)
    work()
    a_thread(alice, body=BODY)
    assert found(bob) == 1


def test_a_removed_search_takes_its_notification_along(bob, alice):
    search = a_search(bob)
    other = a_search(bob, "podłoga")
    a_thread(alice, body=BODY)
    a_thread(alice, body="Dotacja.")
    assert found(bob) == 2
    actions.remove(member=bob, search=search)
    assert found(bob) == 1
    actions.remove(member=bob, search=other)
    assert found(bob) == 0


def test_a_suspended_member_is_told_nothing(bob, alice):
    a_search(bob)
    type(bob).objects.filter(pk=bob.pk).update(is_active=False)
    a_thread(alice, body=BODY)
    assert found(bob) == 0


def test_it_is_read_with_the_post(bob, alice, client):
    a_search(bob)
    thread = a_thread(alice, body=BODY)
    assert found(bob) == 1
    client.force_login(bob)
    client.post(f"/threads/{thread.pk}/read/", {"numbers": "1"})
    assert found(bob) == 0


def test_an_attachment_makes_it_fit(bob, alice):
    a_search(bob, "dotacja", has_files=True)
    thread = a_thread(alice, body=BODY)
    assert found(bob) == 0
    an_attachment(alice, opening_post(thread))
    assert found(bob) == 1


def test_the_words_of_a_file_make_it_fit_too(bob, alice):
    a_search(bob, "kapok")
    a_search(bob, "dotacja kapok")  # both words in one thing, as on the page of results
    thread = a_thread(alice, body=BODY)
    an_attachment(alice, opening_post(thread), name="lista-kapok.pdf")
    assert found(bob) == 1
    assert Match.objects.get().search.text == "kapok"
    post = opening_post(thread)
    discussions.edit(author=alice, post=post, body="Bez listy.", body_format="markdown")
    assert found(bob) == 1  # its file is still there


def test_a_long_text_is_told_once_it_is_taken_apart(bob, alice):
    a_search(bob)
    thread = a_thread(alice, body=f"{'Sprawozdanie roczne. ' * 400} {BODY}")
    match.call("post", [opening_post(thread).pk])
    assert not Match.objects.exists()
    assert found(bob) == 1


def test_an_erased_member_leaves_no_search(bob, alice):
    a_search(bob)
    a_thread(alice, body=BODY)
    assert found(bob) == 1
    erase_account(member=bob, texts=Texts.KEEP)
    assert not Match.objects.exists()


def test_a_hundred_searches_cost_no_more_than_one(bob, alice, dana, django_assert_num_queries):
    """Which do not fit: what fits is asked for rights, all at once."""
    thread = a_thread(alice, body=BODY)
    a_search(bob, "kwark")
    work()
    post = a_reply(alice, thread, "Nic.")
    queries = 6  # searches, entries, the entry, what was known; a savepoint and its end
    with django_assert_num_queries(queries):
        match.call("post", [post.pk])
    for number in range(19):
        a_search(bob, f"kwark{number}")
        a_search(dana, f"kwark{number}")
    with django_assert_num_queries(queries):
        match.call("post", [post.pk])


def test_writing_costs_one_row_however_many_search(bob, alice):
    a_search(bob)
    work()
    a_thread(alice, body=BODY)
    assert Job.objects.filter(kind="saved_searches.match").count() == 1


def test_reading_elsewhere_leaves_it(bob, alice):
    a_search(bob)
    a_thread(alice, body=BODY)
    assert found(bob) == 1
    read_events(member=bob, abouts=["post.999999"])
    assert found(bob) == 1


# --- Whether there is anything to do -------------------------------------------------------------
def jobs_of_a_thread(author):
    """Where what was remembered of others is forgotten."""
    somebody_looks.forget()
    Job.objects.all().delete()
    a_thread(author, body=BODY)
    return Job.objects.filter(kind="saved_searches.match").count()


def test_where_nobody_looks_for_anything_no_job_is_written(bob, alice):
    assert jobs_of_a_thread(alice) == 0
    search = a_search(bob)
    assert jobs_of_a_thread(alice) == 1
    actions.pause(member=bob, search=search)
    assert jobs_of_a_thread(alice) == 0
    actions.resume(member=bob, search=search)
    assert jobs_of_a_thread(alice) == 1
    actions.remove(member=bob, search=search)
    assert jobs_of_a_thread(alice) == 0


def test_whether_anybody_does_is_asked_once_in_a_while(bob, django_assert_num_queries, monkeypatch):
    now = [1_000.0]
    monkeypatch.setattr(recent, "_now", lambda: now[0])
    for queries in (1, 0, 0):
        with django_assert_num_queries(queries):
            note_indexed("post", [1])
    assert not Job.objects.exists()
    now[0] += REMEMBERED_S
    with django_assert_num_queries(1):
        note_indexed("post", [1])
    a_search(bob)
    Job.objects.all().delete()
    for queries in (2, 1):
        with django_assert_num_queries(queries):
            note_indexed("post", [1])
    assert [job.args for job in Job.objects.all()] == [{"kind": "post", "pks": [1]}] * 2


def test_what_is_written_where_nobody_is_remembered_to_search_is_found(bob, alice, monkeypatch):
    """In another process, which does not forget when a search is saved in this one."""
    note_indexed("post", [1])
    monkeypatch.setattr(somebody_looks, "forget", lambda: None)
    a_search(bob)
    a_thread(alice, body=BODY)
    assert not Job.objects.filter(kind="saved_searches.match").exists()
    assert found(bob) == 1
    assert timedelta(seconds=REMEMBERED_S) < AT_ONCE


def test_what_was_written_while_a_search_was_saved_is_found(bob, alice, monkeypatch):
    monkeypatch.setattr(listening, "listeners", [])  # as one who does not see the search yet
    search = a_search(bob)
    a_thread(alice, body=BODY)
    assert found(bob) == 1
    actions.pause(member=bob, search=search)
    a_thread(alice, body=BODY)  # and this one nobody looked for
    actions.resume(member=bob, search=search)
    a_thread(alice, body=BODY)
    assert found(bob) == 2
