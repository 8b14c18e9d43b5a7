"""Several at once: forms sent twice, moderators who disagree, authors who take back or leave."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import erasing
from accounts.personal_data import Texts
from forum.discussions import actions
from forum.discussions.actions import judging, waiting
from forum.discussions.models import Draft, HeldText, Post
from forum.lib.answers import Refused
from forum.moderation import actions as moderating
from forum.moderation.measures import Measure
from forum.moderation.models import Decision, ListedWord
from tests.discussions.moving_world import assert_branch_counts, assert_dense
from tests.discussions.waiting_world import case_of, change, guards_on, send, start
from tests.factories import a_category, a_reply, a_thread
from tests.moderation.world import a_clerk, a_verdict, at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def thread(carol):
    return a_thread(carol)


@pytest.fixture(autouse=True)
def _on(db):
    guards_on()


def state_of(held):
    return HeldText.objects.get(pk=held.pk).state


def deciding(moderator, held, measure):
    case = case_of(held)
    return lambda: moderating.decide(
        moderator=moderator, case=case, case_version=case.version, verdict=a_verdict(measure)
    )


def test_a_form_sent_many_times_at_once_waits_once(bob, thread):
    form = {"once": uuid.uuid4(), "body": "Tylko raz."}
    sent = at_once(*[lambda: send(bob, thread, **form)] * 4)
    assert len({each.pk for each in sent}) == 1
    assert HeldText.objects.count() == 1


def test_a_thread_sent_many_times_at_once_waits_once(bob):
    category, form = a_category(), {"once": uuid.uuid4()}
    sent = at_once(*[lambda: start(bob, category, **form)] * 4)
    assert len({each.pk for each in sent}) == 1


def test_one_publishes_while_another_refuses(bob, carol, thread):
    held = send(bob, thread)
    at_once(deciding(carol, held, Measure.PUBLISH), deciding(a_clerk(), held, Measure.REFUSE_HELD))
    assert Decision.objects.count() == 1
    is_seen = thread.posts.filter(author=bob).exists()
    assert state_of(held) == ("published" if is_seen else "refused")
    assert not case_of(held).is_open


def test_two_publish_at_once_and_it_is_one_post(bob, carol, thread):
    held = send(bob, thread)
    at_once(deciding(carol, held, Measure.PUBLISH), deciding(a_clerk(), held, Measure.PUBLISH))
    assert thread.posts.filter(author=bob).count() == 1
    assert_dense(thread)


def test_the_author_takes_it_back_while_it_is_published(bob, carol, thread):
    held = send(bob, thread)
    at_once(
        deciding(carol, held, Measure.PUBLISH),
        lambda: waiting.take_back(author=bob, held=held),
    )
    is_seen = thread.posts.filter(author=bob).exists()
    assert state_of(held) == ("published" if is_seen else "withdrawn")
    assert Draft.objects.exists() != is_seen
    assert not case_of(held).is_open


def test_the_author_is_erased_while_it_is_published(bob, carol, thread):
    held = send(bob, thread, "Dzień dobry wszystkim.")
    at_once(
        deciding(carol, held, Measure.PUBLISH),
        lambda: erasing.erase_account(member=bob, texts=Texts.WITHDRAW),
    )
    bob.refresh_from_db()
    assert bob.erased_at is not None
    row = HeldText.objects.get(pk=held.pk)
    assert (row.source, row.html) == ("", "")
    post = thread.posts.filter(author=bob).first()
    # Published before the erasure, it went with it; after it there was nothing to publish.
    assert post is None or (post.state, post.source) == ("withdrawn", "")


def test_it_is_published_while_its_thread_is_merged(bob, carol, thread):
    other = a_thread(carol)
    held = [send(bob, thread, f"Tekst {number}") for number in range(3)]

    def publish(one):
        for _try in range(5):
            try:
                return judging.publish(staff=carol, held=HeldText.objects.get(pk=one.pk))
            except Refused:
                continue
        raise AssertionError("refused again and again")

    at_once(
        lambda: actions.merge(staff=carol, thread=thread, into=other),
        *[lambda one=one: publish(one) for one in held],
    )
    assert {state_of(one) for one in held} == {"published"}
    assert other.posts.filter(author=bob).count() == 3
    assert_dense(other)
    assert_branch_counts(other)


def test_it_is_sent_while_its_thread_is_merged(bob, carol, thread):
    other = a_thread(carol)
    at_once(
        lambda: actions.merge(staff=carol, thread=thread, into=other),
        *[lambda n=n: send(bob, thread, f"Tekst {n}") for n in range(3)],
    )
    # What came too late was refused; what came in time went along.
    assert set(HeldText.objects.values_list("thread", flat=True)) <= {other.pk}


def test_many_replies_at_once_in_a_slow_thread_are_one(bob, carol, thread):
    guards_on(holds_first_texts=False, newcomer_days=0)
    actions.set_pace(staff=carol, thread=thread, slow_minutes=15, quiet=None)
    outcomes = at_once(*[lambda n=n: send(bob, thread, f"Tekst {n}") for n in range(4)])
    assert outcomes.count("refused") == 3
    assert thread.posts.filter(author=bob).count() == 1


def test_many_texts_at_once_of_a_slowed_account_are_one(bob, carol, thread):
    guards_on(holds_first_texts=False, newcomer_days=0)
    bob.slowed_until = timezone.now() + timedelta(days=1)
    bob.save()
    threads = [thread, a_thread(carol), a_thread(carol)]
    outcomes = at_once(*[lambda each=each: send(bob, each) for each in threads])
    assert outcomes.count("refused") == 2
    assert Post.objects.filter(author=bob).count() == 1


def test_edits_at_once_wait_once(bob, carol, thread):
    guards_on(holds_first_texts=False, newcomer_days=0)
    post = a_reply(bob, thread, "Przed zmianą")
    ListedWord.objects.create(words="pożycz*")
    at_once(*[lambda n=n: change(bob, post, f"Pożyczki {n}") for n in range(4)])
    assert HeldText.objects.waiting().count() == 1
    held = HeldText.objects.get()
    at_once(
        deciding(carol, held, Measure.PUBLISH),
        lambda: change(bob, post, "Całkiem spokojnie"),
    )
    assert state_of(held) in ("published", "withdrawn")
    post.refresh_from_db()
    assert post.source == "Całkiem spokojnie" or state_of(held) == "published"
    assert_dense(thread)
