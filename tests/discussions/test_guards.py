"""What stops a text before it is seen, of which author, and in which form of writing."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from forum.discussions import guards
from forum.discussions.knowing import know
from forum.discussions.models import HeldText, Post, Thread
from forum.lib.answers import Refused
from forum.moderation.guarding import Reason
from forum.moderation.models import GuardSettings, ListedWord
from tests.discussions.waiting_world import (
    LONG,
    case_of,
    change,
    guards_on,
    send,
    start,
    verify,
)
from tests.factories import a_category, a_reply, a_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(carol):
    return a_thread(carol)


@pytest.fixture(autouse=True)
def _on(db):
    guards_on()


def held_for(sent, *reasons):
    assert isinstance(sent, HeldText)
    assert sent.reasons == [reason.value for reason in reasons]
    return sent


# --- First texts ----------------------------------------------------------------------------------
def test_a_first_text_waits_and_is_no_post(bob, thread):
    held = held_for(send(bob, thread), Reason.FIRST)
    thread.refresh_from_db()
    assert (thread.posts.count(), thread.last_number, thread.seq) == (1, 1, 1)
    assert held.is_waiting
    assert case_of(held).reasons == "held"


def test_a_first_thread_waits_and_is_no_thread(bob):
    category = a_category()
    held = held_for(start(bob, category), Reason.FIRST)
    category.refresh_from_db()
    assert (category.seq, category.threads_count) == (0, 0)
    assert not Thread.objects.filter(category=category).exists()
    assert (held.category, held.title) == (category, "Nowa sprawa")


def test_whoever_speaks_for_a_verified_organization_is_trusted_at_once(alice, fundacja, thread):
    held_for(send(alice, thread), Reason.FIRST)
    verify(fundacja)
    assert isinstance(send(alice, thread, voice=fundacja), Post)
    assert isinstance(send(alice, thread), Post)  # in her own voice too: somebody answers for her


def test_a_mandate_that_does_not_speak_vouches_for_nobody(alice, fundacja):
    verify(fundacja)
    assert guards.speaks_for_a_verified_organization(alice)
    alice.mandates.update(role="member")
    assert not guards.speaks_for_a_verified_organization(alice)
    alice.mandates.update(role="representative", revoked_at=timezone.now())
    assert not guards.speaks_for_a_verified_organization(alice)


def test_staff_is_trusted_at_once(carol, thread):
    assert isinstance(send(carol, thread), Post)


def test_an_earlier_published_text_is_enough(bob, thread):
    guards_on(holds_first_texts=False)
    a_reply(bob, thread)
    guards_on()
    assert isinstance(send(bob, thread), Post)


def test_a_text_that_was_hidden_before_earns_no_trust(bob, thread):
    guards_on(holds_first_texts=False)
    post = a_reply(bob, thread)
    guards_on()
    Post.objects.filter(pk=post.pk).update(state="hidden")
    held_for(send(bob, thread), Reason.FIRST)


def test_the_second_text_of_somebody_new_waits_like_the_first(bob, thread):
    send(bob, thread)
    held_for(send(bob, thread, "I jeszcze jedno."), Reason.FIRST)


def test_moderators_are_few(bob, thread):
    for number in range(10):
        send(bob, thread, f"Tekst {number}")
    with pytest.raises(Refused):
        send(bob, thread, "Tekst 10")
    assert HeldText.objects.count() == 10


# --- Newcomers ------------------------------------------------------------------------------------
@pytest.fixture
def newcomer(bob, thread):
    guards_on(holds_first_texts=False)
    a_reply(bob, thread, "Pierwszy wpis")
    guards_on()
    return bob


LINKS = " ".join(f"https://example.org/{number}" for number in range(3))


def test_many_links_of_a_newcomer_wait(newcomer, thread):
    assert isinstance(send(newcomer, thread, "https://a.example i https://b.example"), Post)
    held_for(send(newcomer, thread, LINKS), Reason.LINKS)


def test_nobody_is_a_newcomer_for_ever(newcomer, thread):
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert isinstance(send(newcomer, thread, LINKS), Post)


def test_a_flood_of_a_newcomer_waits(newcomer, thread):
    sent = [send(newcomer, thread, f"Wpis {number}") for number in range(7)]
    assert [isinstance(each, Post) for each in sent] == [True] * 5 + [False] * 2
    held_for(sent[-1], Reason.FLOOD)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert isinstance(send(newcomer, thread, "Po godzinie"), Post)


# --- Listed words ---------------------------------------------------------------------------------
@pytest.fixture
def known(bob, thread):
    guards_on(holds_first_texts=False, newcomer_days=0)
    a_reply(bob, thread, "Pierwszy wpis")
    return bob


@pytest.fixture
def listed(db):
    return ListedWord.objects.create(words="pożycz*")


def test_a_listed_word_waits_wherever_it_stands(known, thread, listed):
    held_for(send(known, thread, "Tanie POŻYCZKI"), Reason.WORDS)
    category = a_category(templates=["question"])
    held_for(start(known, category, title="O pożyczkach"), Reason.WORDS)
    filled = {"about": "law", "tried": "Pożyczałem od sąsiada."}
    held_for(start(known, category, template="question", filled=filled), Reason.WORDS)
    assert isinstance(send(known, thread, "O życzeniach"), Post)


# --- The same text elsewhere ----------------------------------------------------------------------
def test_the_same_text_in_another_thread_waits(known, thread):
    assert isinstance(send(known, thread, LONG), Post)
    other = a_thread(known)
    held_for(send(known, other, LONG.upper()), Reason.REPEATED)
    held_for(start(known, a_category(), LONG), Reason.REPEATED)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert isinstance(send(known, other, LONG), Post)


def test_what_an_edit_made_a_post_say_is_what_counts(known, thread):
    post, other = send(known, thread, LONG), a_thread(known)
    assert isinstance(change(known, post, f"{LONG} Zapraszamy rodziny."), Post)
    held_for(send(known, other, f"{LONG} Zapraszamy rodziny!"), Reason.REPEATED)
    assert isinstance(send(known, other, LONG), Post)


def test_what_waits_elsewhere_counts_as_said(known, thread, listed):
    text = f"{LONG} Pożyczamy też rzutnik."
    held_for(send(known, thread, text), Reason.WORDS)
    held_for(send(known, a_thread(known), text), Reason.WORDS, Reason.REPEATED)


def test_what_may_be_said_again(alice, known, thread):
    assert isinstance(send(known, thread, LONG), Post)
    assert isinstance(send(known, thread, LONG), Post)  # in the same thread readers see it
    assert isinstance(send(alice, a_thread(known), LONG), Post)  # others may say it too
    thanks = "Dziękuję!"
    assert isinstance(send(known, thread, thanks), Post)
    assert isinstance(send(known, a_thread(known), thanks), Post)


# --- Edits ----------------------------------------------------------------------------------------
def test_an_edit_that_trips_a_guard_waits_and_the_post_stands(known, thread, listed):
    post = send(known, thread, "Spokojny tekst.")
    held = held_for(change(known, post, "Tanie pożyczki!"), Reason.WORDS)
    post.refresh_from_db()
    thread.refresh_from_db()
    assert (post.source, post.edited_at, thread.seq) == ("Spokojny tekst.", None, post.seq)
    assert (held.edited, held.thread, held.source) == (post, thread, "Tanie pożyczki!")


def test_an_edit_is_judged_by_what_is_new_in_it(known, thread):
    post = send(known, thread, "Tanie pożyczki.")
    ListedWord.objects.create(words="pożyczki")
    assert isinstance(change(known, post, "Bardzo tanie pożyczki."), Post)


def test_a_newcomers_edit_may_not_bring_links_in_afterwards(newcomer, thread):
    post = send(newcomer, thread, "Zapraszam.")
    held_for(change(newcomer, post, LINKS), Reason.LINKS)
    assert isinstance(change(newcomer, post, "Zapraszam na https://example.org"), Post)


def test_a_later_edit_takes_the_place_of_the_one_that_waits(known, thread, listed):
    post = send(known, thread, "Spokojny tekst.")
    first = change(known, post, "Tanie pożyczki!")
    second = change(known, post, "Drogie pożyczki!")
    assert (first.pk, second.source) == (second.pk, "Drogie pożyczki!")
    assert isinstance(change(known, post, "Jeszcze spokojniejszy."), Post)
    second.refresh_from_db()
    assert (second.state, second.html) == ("withdrawn", "")
    assert not case_of(second).is_open


def test_a_first_text_that_stands_is_edited_freely(bob, thread):
    guards_on(holds_first_texts=False)
    post = a_reply(bob, thread)
    guards_on()
    assert isinstance(change(bob, post, "Poprawiony."), Post)


# --- Cost -----------------------------------------------------------------------------------------
def test_what_the_guards_cost(carol, alice, fundacja, known, django_assert_num_queries):
    text = guards.Text(html=f"<p>{LONG}</p>", title="Tytuł", thread_pk=1)
    verify(fundacja)
    settings_of_today = GuardSettings.current()
    # What is known of the author; the words, where there are some.
    for author, is_listed, count in (
        (carol, False, 1),
        (alice, False, 1),
        (known, False, 1),
        (known, True, 2),
    ):
        if is_listed:
            ListedWord.objects.create(words="pożycz*")
        with django_assert_num_queries(count):
            facts = know(
                author,
                "thread-1",
                text.html,
                guards=settings_of_today,
                category_pk=1,
                thread_pk=1,
                once=None,
            )
            guards.why_it_waits(author, text, facts)


def test_it_is_said_to_be_about_the_office(known, thread, listed):
    assert not send(known, thread).is_about_office
    post = send(known, thread, is_about_office=True)
    assert post.is_about_office
    assert not change(known, post, "Jednak nie o urzędzie.", is_about_office=False).is_about_office
    held = send(known, thread, "Urząd pożyczy?", is_about_office=True)
    assert held_for(held, Reason.WORDS).is_about_office
    assert case_of(held).is_about_office
