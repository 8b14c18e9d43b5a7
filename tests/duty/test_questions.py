"""What is a question, what is an answer, and which questions wait how long."""

from datetime import timedelta

import pytest
from django.utils import timezone

from forum.categories.models import Category
from forum.discussions import actions
from forum.discussions.models import Post, Thread
from forum.duty.models import has_answer
from forum.duty.questions import due_for_adviser, due_for_duty, questions, waiting_questions
from tests.cast import a_mandate, a_member
from tests.duty.world import asked
from tests.factories import a_category, a_reply, a_thread, opening_post

pytestmark = pytest.mark.django_db


def waits(thread):
    return waiting_questions().filter(pk=thread.pk).exists()


def test_a_question_waits_until_somebody_else_answers(alice, bob):
    thread = a_thread(bob)
    assert waits(thread)
    a_reply(bob, thread, "Nikt nie wie?")
    assert waits(thread)  # one's own reminder is no answer
    a_reply(alice, thread)
    assert not waits(thread)
    assert has_answer(thread.pk)


def test_the_voice_that_asked_does_not_answer_itself(alice, bob, fundacja):
    colleague = a_member("Ewa", "Lis")
    a_mandate(colleague, fundacja)
    thread = a_thread(alice, voice=fundacja)
    a_reply(colleague, thread, "Dopisuję termin.", voice=fundacja)
    assert waits(thread)
    a_reply(colleague, thread, "Prywatnie: tak.")
    assert not waits(thread)


def test_an_organization_answers_a_question_in_ones_own_voice(alice, bob, fundacja):
    thread = a_thread(bob)
    a_reply(alice, thread, voice=fundacja)
    assert not waits(thread)


def test_a_withdrawn_or_hidden_answer_is_none(alice, bob):
    thread = a_thread(bob)
    answer = a_reply(alice, thread)
    assert not waits(thread)
    actions.withdraw(author=alice, post=answer)
    assert waits(thread)
    hidden = a_reply(alice, thread)
    assert not waits(thread)
    Post.objects.filter(pk=hidden.pk).update(state=Post.State.HIDDEN)
    assert waits(thread)


def test_a_question_that_is_closed_withdrawn_or_merged_does_not_wait(bob, carol):
    closed, withdrawn, merged, into = (a_thread(bob) for _ in range(4))
    assert all(waits(each) for each in (closed, withdrawn, merged, into))
    actions.close(staff=carol, thread=closed, on=True)
    actions.withdraw(author=bob, post=opening_post(withdrawn))
    actions.merge(staff=carol, thread=merged, into=into)
    assert not any(waits(each) for each in (closed, withdrawn, merged))
    assert questions().filter(pk=closed.pk).exists()  # it was asked nevertheless


def test_what_was_merged_in_is_no_answer_but_its_answers_are(alice, bob, carol):
    category = a_category()
    thread, same = a_thread(bob, category), a_thread(alice, category)
    actions.merge(staff=carol, thread=same, into=thread)
    assert waits(thread)
    third = a_thread(alice, category)
    a_reply(carol, third)
    actions.merge(staff=carol, thread=third, into=thread)
    assert not waits(thread)


def test_what_asks_nothing_does_not_wait(alice, carol, starostwo):
    forms = a_category(templates=["practice", "report", "partner"])
    news = a_category(writers=Category.Writers.STAFF)
    among_staff = a_category(readers=Category.Readers.STAFF)
    below = a_category(parent=among_staff)
    silent = [
        a_thread(carol, voice=starostwo),
        a_thread(carol, news),
        a_thread(carol, among_staff),
        a_thread(carol, below),
    ]
    told = [a_thread(alice, forms) for _ in range(3)]
    for thread, form in zip(told, ("practice", "report", "partner"), strict=True):
        Thread.objects.filter(pk=thread.pk).update(template=form)
    assert not any(waits(each) for each in [*silent, *told[:2]])
    assert waits(told[2])


# Thursday noon: 72 hours of working days ago was Monday noon, 120 hours ago Thursday noon.
@pytest.mark.parametrize(
    ("days", "for_duty", "for_adviser"),
    [
        (2.9, False, False),
        (3, True, False),
        (6.9, True, False),
        (7, True, True),
        (89, True, True),
        (91, False, False),  # too old to be dug out
    ],
)
def test_when_it_has_waited_long_enough(bob, days, for_duty, for_adviser):
    thread = asked(bob, days=days)
    now = timezone.now()
    assert (thread in due_for_duty(now)) == for_duty
    assert (thread in due_for_adviser(now)) == for_adviser


def test_days_off_do_not_count(bob, clock):
    thread = asked(bob, days=1)  # on Wednesday noon
    clock.shift(timedelta(days=1, hours=23))  # Saturday
    assert thread not in due_for_duty(timezone.now())
    clock.shift(timedelta(days=1))  # Sunday: 96 hours have passed
    assert thread not in due_for_duty(timezone.now())
    clock.shift(timedelta(days=1, hours=1))  # Monday noon
    assert thread in due_for_duty(timezone.now())


def test_the_hours_are_settings(bob, settings):
    thread = asked(bob, days=1)
    assert thread not in due_for_duty(timezone.now())
    settings.UNANSWERED_DUTY_HOURS = settings.UNANSWERED_ADVISER_HOURS = 24
    assert thread in due_for_duty(timezone.now())
    assert thread in due_for_adviser(timezone.now())
