"""What waits for a member's answer: who turns to them, what answers it, and what never waits."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import Mandate
from forum.categories.models import Category
from forum.discussions import actions
from forum.discussions.models import Post
from forum.notifications.models import Follow
from forum.overview.followed import Wishes
from forum.overview.owed import LOOK_BACK, MOST, Why, owed_by
from tests.cast import a_mandate
from tests.factories import a_category, a_reaction, a_reply, a_thread

pytestmark = pytest.mark.django_db


def owed(member):
    return owed_by(member, Wishes.of(member)).shown


def why(member):
    """Why each thread waits for the member, and for which organization."""
    return [(each.why, each.to) for each in owed(member)]


@pytest.fixture
def talk(carol):
    """A thread of somebody else, where nobody has been called yet."""
    return a_thread(carol)


@pytest.fixture
def asked(talk, alice, bob):
    """Bob replies to a post of Alice's: the post that waits for her answer."""
    return a_reply(bob, talk, "A ile to kosztuje?", parent=a_reply(alice, talk))


# --- Who is turned to -----------------------------------------------------------------------------
def test_a_reply_to_ones_post_waits(alice, bob, talk, asked):
    (found,) = owed(alice)
    assert (found.post, found.why, found.to) == (asked, Why.REPLY, "")
    assert found.words == "A ile to kosztuje?"
    assert owed(bob) == []


def test_a_mention_waits_and_is_stronger_than_the_reply_it_is(alice, bob, talk):
    own = a_reply(alice, talk)
    a_reply(bob, talk, "@Alice Nowak, a Ty?", parent=own)
    assert why(alice) == [(Why.MENTION, "")]


def test_an_answer_in_ones_own_thread_waits(alice, bob):
    thread = a_thread(alice)
    assert owed(alice) == []
    answer = a_reply(bob, thread)
    (found,) = owed(alice)
    assert (found.post, found.why) == (answer, Why.ANSWER)


def test_what_others_say_to_each_other_in_ones_thread_does_not_wait(alice, bob, dana):
    thread = a_thread(alice)
    root = a_reply(bob, thread)
    a_reply(alice, thread, "Dziękuję.")
    a_reply(dana, thread, "A ja nie.", parent=root)
    assert owed(alice) == []


def test_what_turns_to_the_organization_waits_for_all_who_speak_for_it(alice, bob, talk, fundacja):
    said = a_reply(alice, talk, voice=fundacja)
    a_mandate(bob, fundacja, Mandate.Role.MEMBER)
    speaker = a_reply(talk.author, talk, "Kiedy?", parent=said)
    assert why(alice) == [(Why.REPLY, "Fundacja Dobry Start")]
    assert owed(bob) == []  # who is in it, but does not speak for it
    Mandate.objects.filter(user=bob).update(role=Mandate.Role.PROXY)
    assert [each.post for each in owed(bob)] == [speaker]


def test_each_way_to_turn_to_an_organization(alice, bob, talk, fundacja):
    a_reply(bob, talk, "@Fundacja Dobry Start, pomożecie?")
    own = a_thread(alice, voice=fundacja)
    a_reply(bob, own)
    name = "Fundacja Dobry Start"
    assert sorted(why(alice), key=lambda each: each[0].value) == [
        (Why.ANSWER, name),
        (Why.MENTION, name),
    ]


def test_a_mandate_that_ended_calls_nobody_any_more(alice, bob, talk, fundacja):
    a_reply(bob, talk, parent=a_reply(alice, talk, voice=fundacja))
    assert why(alice) == [(Why.REPLY, "Fundacja Dobry Start")]
    Mandate.objects.filter(user=alice).update(revoked_at=timezone.now())
    assert owed(alice) == []


# --- What answers it ------------------------------------------------------------------------------
def test_whatever_one_writes_later_in_the_thread_answers_it(alice, bob, talk, asked):
    later = a_reply(bob, talk, "Halo?", parent=Post.objects.get(pk=asked.parent_id))
    assert [each.post for each in owed(alice)] == [later]  # one of a thread: the newest
    a_reply(alice, talk, "Nic.")
    assert owed(alice) == []
    again = a_reply(bob, talk, "A kiedy?", parent=Post.objects.get(pk=asked.parent_id))
    assert [each.post for each in owed(alice)] == [again]


def test_thanks_are_an_answer(alice, bob, dana, talk, asked):
    a_reaction(dana, asked)
    assert len(owed(alice)) == 1
    a_reaction(alice, asked)
    assert owed(alice) == []


def test_thanks_for_the_newest_leave_the_older_one_waiting(alice, bob, talk, asked):
    newer = a_reply(bob, talk, "Halo?", parent=Post.objects.get(pk=asked.parent_id))
    a_reaction(alice, newer)
    assert [each.post for each in owed(alice)] == [asked]


def test_another_who_speaks_for_the_organization_answers_for_it(alice, bob, carol, talk, fundacja):
    a_mandate(bob, fundacja, Mandate.Role.PROXY)
    own = a_reply(alice, talk, voice=fundacja)
    a_reply(carol, talk, "Kiedy?", parent=own)
    a_reply(bob, talk, "Ja nie wiem.")
    assert [len(owed(each)) for each in (alice, bob)] == [1, 0]  # his own voice is his alone
    a_reply(bob, talk, "We wtorek.", voice=fundacja)
    assert owed(alice) == []


def test_the_words_of_ones_own_organization_do_not_wait(alice, bob, talk, fundacja):
    a_mandate(bob, fundacja, Mandate.Role.PROXY)
    a_reply(bob, talk, "Dopowiem.", parent=a_reply(alice, talk, voice=fundacja), voice=fundacja)
    assert owed(alice) == []


def test_a_chosen_answer_ends_the_waiting_in_ones_thread_but_not_for_a_reply(alice, bob):
    thread = a_thread(alice)
    answer = a_reply(bob, thread)
    assert why(alice) == [(Why.ANSWER, "")]
    actions.accept(author=alice, post=answer, on=True)
    assert owed(alice) == []


# --- What never waits -----------------------------------------------------------------------------
def test_one_that_is_withdrawn_or_hidden_does_not_wait(alice, bob, asked):
    assert len(owed(alice)) == 1
    actions.withdraw(author=bob, post=asked)
    assert owed(alice) == []
    Post.objects.filter(pk=asked.pk).update(state=Post.State.HIDDEN)
    assert owed(alice) == []


def test_nothing_waits_in_a_closed_thread(alice, carol, talk, asked):
    assert len(owed(alice)) == 1
    actions.close(staff=carol, thread=talk, on=True)
    assert owed(alice) == []


def test_nothing_waits_where_one_may_not_read(client, alice, talk, asked):
    client.force_login(alice)
    address = reverse("overview:owed")
    assert talk.title in client.get(address).content.decode()
    Category.objects.update(readers=Category.Readers.STAFF)
    assert owed(alice) == []
    for page in (address, reverse("overview:home")):
        assert talk.title not in client.get(page).content.decode()


@pytest.mark.parametrize("muted", ["thread", "category", "organization"])
def test_nothing_waits_in_what_is_muted(alice, dana, talk, orlik, muted):
    a_reply(dana, talk, parent=a_reply(alice, talk), voice=orlik)
    assert len(owed(alice)) == 1
    Follow.objects.filter(user=alice).delete()  # who wrote follows: the thread's own choice
    pk = {"thread": talk.pk, "category": talk.category_id, "organization": orlik.pk}[muted]
    Follow.objects.create(user=alice, place=f"{muted}.{pk}", level=Follow.Level.MUTED)
    assert owed(alice) == []
    if muted != "thread":
        Follow.objects.create(user=alice, place=f"thread.{talk.pk}")
        assert len(owed(alice)) == 1


def test_after_two_months_nothing_waits(alice, asked):
    with time_machine.travel(asked.created_at + LOOK_BACK - timedelta(minutes=1)):
        assert len(owed(alice)) == 1
    with time_machine.travel(asked.created_at + LOOK_BACK + timedelta(minutes=1)):
        assert owed(alice) == []


# --- The page -------------------------------------------------------------------------------------
def test_a_guest_is_asked_to_log_in(client):
    assert "/accounts/login/" in client.get(reverse("overview:owed"))["Location"]


def test_the_page_says_who_turns_to_whom_and_leads_to_the_answer(client, alice, asked, talk):
    client.force_login(alice)
    html = client.get(reverse("overview:owed")).content.decode()
    for fact in [talk.title, "Bob Kowalski", "A ile to kosztuje?", asked.get_absolute_url()]:
        assert fact in html
    assert reverse("discussions:answer", args=[asked.pk]) in html
    a_reply(alice, talk)
    assert talk.title not in client.get(reverse("overview:owed")).content.decode()


@pytest.mark.parametrize("count", [1, 12])
def test_what_waits_costs_the_same_however_much_it_is(
    alice, bob, fundacja, django_assert_num_queries, count
):
    category = a_category()
    for _ in range(count):
        thread = a_thread(alice, category)
        a_reply(
            bob, thread, "@Fundacja Dobry Start, a @Alice Nowak?", parent=a_reply(alice, thread)
        )
        a_reply(bob, thread, parent=a_reply(alice, thread, voice=fundacja))
    # The follows, the voices, mentions, replies (2), threads begun and their newest answers; last
    # words (2), thanks (2); the threads, the posts, and the names that they mention.
    with django_assert_num_queries(13):
        assert len(owed(alice)) == min(count, MOST)
