"""How the promise is kept, in numbers that anybody could count again."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forum.categories.models import Category
from forum.discussions import actions
from forum.discussions.models import Post
from forum.duty.promise import count, how_kept, median_of
from tests.duty.world import a_club, asked, willing
from tests.factories import a_category, a_reply

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def answered(asker, helper, *, days, after, **fields):
    """A question of then that was answered so much later."""
    thread = asked(asker, days=days, **fields)
    post = a_reply(helper, thread)
    Post.objects.filter(pk=post.pk).update(created_at=thread.created_at + after)
    return thread


def page():
    response = Client().get(reverse("duty:promise"))
    assert response.status_code == 200
    return response.content.decode()


def test_nothing_was_asked():
    kept = count(timezone.now())
    assert (kept.questions, kept.within_a_day, kept.waiting, kept.willing) == (0, 0, 0, 0)
    assert kept.share is None
    assert kept.median is None
    assert not kept.is_telling
    assert 'class="empty"' in page()
    assert "%" not in page().partition("<main")[2].partition("</main>")[0]


def test_what_is_counted(alice, bob):
    answered(bob, alice, days=10, after=2 * HOUR)
    answered(bob, alice, days=10, after=24 * HOUR)
    answered(bob, alice, days=10, after=25 * HOUR)
    asked(bob, days=30)
    asked(bob, days=0.5)  # its day is not over
    answered(bob, alice, days=92, after=HOUR)  # too long ago
    kept = count(timezone.now())
    assert (kept.questions, kept.within_a_day, kept.waiting) == (4, 2, 2)
    assert kept.median == 24 * HOUR
    assert kept.share == 50


def test_few_questions_are_told_without_a_share(alice, bob):
    for _ in range(4):
        answered(bob, alice, days=5, after=HOUR)
    assert "(100" not in page()
    assert '<dd class="num">4' in page()
    answered(bob, alice, days=5, after=HOUR)
    cache.clear()
    assert "(100" in page()


def test_closing_a_question_helps_no_number(bob, carol):
    thread = asked(bob, days=10)
    assert count(timezone.now()).waiting == 1
    actions.close(staff=carol, thread=thread, on=True)
    kept = count(timezone.now())
    assert (kept.questions, kept.within_a_day, kept.waiting, kept.median) == (1, 0, 0, None)


def test_an_answer_that_is_older_than_its_question_was_no_wait(alice, bob, carol):
    category = a_category()
    older = answered(bob, alice, days=40, after=HOUR, category=category)
    newer = asked(bob, days=10, category=category)
    actions.merge(staff=carol, thread=older, into=newer)
    kept = count(timezone.now())
    assert (kept.questions, kept.within_a_day, kept.median) == (1, 1, timedelta(0))


def test_only_what_everybody_may_read_is_counted(alice, bob, fundacja):
    named = a_category(readers=Category.Readers.ORGANIZATIONS)
    named.organizations.add(fundacja)
    for category in (named, a_category(readers=Category.Readers.MEMBERS)):
        asked(alice, days=5, category=category)
    assert count(timezone.now()).questions == 0
    asked(alice, days=5)
    assert count(timezone.now()).questions == 1


@pytest.mark.parametrize(
    ("hours", "median"),
    [
        ([], None),
        ([3], 3),
        ([None], None),
        ([5, 1, 3], 3),
        ([1, 2, 3, 100], 2),  # half were answered within two hours
        ([1, 2, None, None], 2),
        ([1, None, None], None),
        ([None, None, 1, 2, 3], 3),
        ([0, 0, 5], 0),
    ],
)
def test_the_median_counts_the_unanswered_as_the_longest(hours, median):
    waits = [hour if hour is None else hour * HOUR for hour in hours]
    assert median_of(waits) == (median if median is None else median * HOUR)


def test_it_is_kept_for_ten_minutes(alice, bob, clock, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert how_kept().questions == 0
    asked(bob, days=5)
    with django_assert_num_queries(0):
        assert how_kept().questions == 0
    clock.shift(timedelta(minutes=10, seconds=1))
    assert how_kept().questions == 1


def test_the_queries_do_not_grow(alice, bob, django_assert_num_queries):
    for _ in range(3):
        answered(bob, alice, days=10, after=HOUR)
    with django_assert_num_queries(2):
        count(timezone.now())


def test_the_promise_says_who_is_asked(bob):
    assert "/organizations/" not in page().partition("<main")[2].partition("</main>")[0]
    assert how_kept().adviser_within_days == 3  # nobody else is there
    club, member = a_club("Orzeł")
    willing(club, member)
    cache.clear()
    assert how_kept().adviser_within_days == 5
    assert club.get_absolute_url() in page()


def test_a_page_costs_the_same_for_one_and_for_many(alice, bob, django_assert_max_num_queries):
    for name in ("Orzeł", "Sokół", "Iskra"):
        willing(*a_club(name))
    answered(bob, alice, days=10, after=HOUR)
    with django_assert_max_num_queries(6):
        page()
