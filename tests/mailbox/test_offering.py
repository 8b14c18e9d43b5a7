"""What mails of notifications offer: an address to answer to, and acts with one button."""

import pytest

from forum.discussions import actions
from forum.mailbox.acts import Act, linked_by
from forum.mailbox.addresses import Named, named_by
from forum.mailbox.offering import mail_acts, reply_place
from forum.notifications.models import Event, Notification
from tests.factories import a_category, a_reply, a_thread, opening_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(bob):
    return a_thread(bob)


def offered(member, post):
    """The acts that a mail about the post offers the member."""
    event = Event(kinds=["reply"], about=f"post.{post.pk}")
    tokens = [
        act.url.rstrip("/").rpartition("/")[2] for act in mail_acts(member, Notification(), event)
    ]
    links = [linked_by(token) for token in tokens]
    assert all((link.member_pk, link.post_pk) == (member.pk, post.pk) for link in links)
    return [link.act for link in links]


def test_a_thread_is_answered_at_an_address_of_its_own(alice, thread):
    place = reply_place(alice, f"thread.{thread.pk}")
    assert named_by(place.address) == Named(alice.pk, thread.pk, None, has_ended=False)
    assert place.line == "--- Odpowiedz powyżej tej linii ---"


def test_a_mail_about_one_post_is_answered_below_it(alice, thread):
    post = opening_post(thread)
    place = reply_place(alice, f"thread.{thread.pk}", f"post.{post.pk}")
    assert named_by(place.address) == Named(alice.pk, None, post.pk, has_ended=False)


def test_where_one_may_not_reply_no_address_is_given(alice, carol, bob, thread, settings):
    hidden = a_thread(carol, a_category(readers="staff"))
    assert reply_place(alice, f"thread.{hidden.pk}") is None
    assert reply_place(alice, "organization.1") is None
    assert reply_place(alice, "thread.x") is None
    actions.close(staff=carol, thread=thread, on=True)
    assert reply_place(alice, f"thread.{thread.pk}") is None
    settings.REPLY_ADDRESS = ""
    assert reply_place(bob, f"thread.{a_thread(bob).pk}") is None


def test_a_reader_is_offered_what_they_may_do(alice, bob, thread):
    assert offered(alice, opening_post(thread)) == [Act.THANK, Act.SUPPORT, Act.READ]
    assert offered(bob, opening_post(thread)) == [Act.READ]


def test_who_asked_is_offered_to_say_that_it_is_answered(alice, bob, thread):
    answer, other = a_reply(alice, thread), a_reply(alice, thread)
    assert offered(bob, answer) == [Act.ACCEPT, Act.THANK, Act.SUPPORT, Act.READ]
    actions.accept(author=bob, post=answer, on=True)
    assert Act.ACCEPT not in offered(bob, other)


def test_other_events_offer_nothing(alice, carol, thread):
    event = Event(kinds=["x"], about="mandate.1")
    assert list(mail_acts(alice, Notification(), event)) == []
    hidden = a_thread(carol, a_category(readers="staff"))
    event = Event(kinds=["x"], about=f"post.{opening_post(hidden).pk}")
    assert list(mail_acts(alice, Notification(), event)) == []
