"""A question that waits too long is offered: to whom, once, and until when."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Mandate
from forum.categories.models import Category
from forum.discussions import actions as discussions
from forum.duty import actions
from forum.duty.models import Entry, Offer
from forum.lib.answers import Refused
from tests.cast import a_mandate
from tests.duty.world import WEEK, a_club, asked, look_after, unended, willing
from tests.factories import a_category, a_reply

pytestmark = pytest.mark.django_db
Ending = Offer.Ending


@pytest.fixture
def orzel():
    return a_club("Orzeł")


@pytest.fixture
def sokol():
    return a_club("Sokół")


def endings(thread):
    offers = Offer.objects.filter(thread=thread).order_by("pk")
    return list(offers.values_list("organization", "ending"))


def test_it_is_offered_after_72_hours_to_the_one_on_duty(bob, orzel, clock):
    willing(*orzel)
    thread = asked(bob, days=2.9)
    look_after()
    assert unended() == []
    clock.shift(timedelta(hours=3))
    look_after()
    assert unended() == [(thread.pk, orzel[0].pk)]


def test_looking_again_offers_nothing_twice(bob, orzel):
    willing(*orzel)
    asked(bob, days=4)
    look_after()
    before = list(Offer.objects.values_list("pk", flat=True))
    look_after()
    assert list(Offer.objects.values_list("pk", flat=True)) == before
    assert len(before) == 1


def test_without_a_willing_organization_the_adviser_is_asked_after_72_hours(bob):
    thread = asked(bob, days=3)
    look_after()
    assert unended() == [(thread.pk, None)]
    look_after()
    assert Offer.objects.count() == 1


def test_after_120_hours_the_adviser_is_asked_too(bob, orzel, clock):
    willing(*orzel)
    thread = asked(bob, days=3)
    look_after()
    clock.shift(timedelta(days=3, hours=23))  # with a weekend: 47 hours of working days
    look_after()
    assert unended() == [(thread.pk, orzel[0].pk)]
    clock.shift(timedelta(hours=1))
    look_after()
    look_after()
    assert unended() == [(thread.pk, orzel[0].pk), (thread.pk, None)]


def test_an_answer_ends_it_at_the_next_reading(alice, bob, orzel):
    """At once for every page and every notification, which ask the thread; its row says so when
    the worker comes by."""
    willing(*orzel)
    thread = asked(bob, days=8)
    look_after()
    assert Offer.objects.standing().count() == 2
    a_reply(alice, thread)
    assert Offer.objects.standing().count() == 0
    assert Offer.objects.unended().count() == 2
    look_after()
    assert endings(thread) == [(orzel[0].pk, Ending.ANSWERED), (None, Ending.ANSWERED)]


@pytest.mark.parametrize("fate", ["closed", "withdrawn", "merged", "answered"])
def test_what_waits_no_more_stands_nowhere(fate, alice, bob, carol, orzel):
    willing(*orzel)
    thread = asked(bob, days=4)
    look_after()
    assert Offer.objects.standing().exists()
    if fate == "closed":
        discussions.close(staff=carol, thread=thread, on=True)
    elif fate == "withdrawn":
        discussions.withdraw(author=bob, post=thread.posts.get(number=1))
    elif fate == "merged":
        into = asked(alice, days=1, category=thread.category)
        discussions.merge(staff=carol, thread=thread, into=into)
    else:
        a_reply(alice, thread)
    assert not Offer.objects.standing().exists()
    look_after()
    expected = Ending.ANSWERED if fate == "answered" else Ending.OVER
    assert endings(thread) == [(orzel[0].pk, expected)]


def test_a_deleted_thread_takes_its_offers_along(bob, orzel):
    willing(*orzel)
    thread = asked(bob, days=8)
    look_after()
    assert Offer.objects.count() == 2
    thread.delete()
    assert Offer.objects.count() == 0
    look_after()


def test_a_question_whose_answer_is_withdrawn_is_offered_again(alice, bob, orzel):
    willing(*orzel)
    thread = asked(bob, days=4)
    look_after()
    answer = a_reply(alice, thread)
    look_after()
    assert unended() == []
    discussions.withdraw(author=alice, post=answer)
    look_after()
    assert unended() == [(thread.pk, orzel[0].pk)]
    assert endings(thread) == [(orzel[0].pk, Ending.ANSWERED), (orzel[0].pk, "")]


def test_it_is_passed_on_to_the_next_and_in_the_end_to_the_adviser(bob, orzel, sokol):
    willing(*orzel)
    willing(*sokol)
    thread = asked(bob, days=4)
    look_after()
    actions.pass_on(member=orzel[1], offer=Offer.objects.get())
    assert unended() == [(thread.pk, sokol[0].pk)]
    actions.pass_on(member=sokol[1], offer=Offer.objects.unended().get())
    assert unended() == [(thread.pk, None)]
    look_after()
    assert unended() == [(thread.pk, None)]
    assert [ending for _, ending in endings(thread)] == [Ending.PASSED, Ending.PASSED, ""]


def test_passing_on_what_the_adviser_has_makes_no_second_offer(bob, orzel, sokol):
    willing(*orzel)
    willing(*sokol)
    thread = asked(bob, days=8)
    look_after()
    offer = Offer.objects.exclude(organization=None).get()
    actions.pass_on(member=orzel[1], offer=offer)
    assert unended() == [(thread.pk, None)]


def test_who_may_pass_on(alice, bob, carol, orzel, sokol):
    willing(*orzel)
    thread = asked(bob, days=4)
    look_after()
    offer = Offer.objects.get()
    for stranger in (bob, carol, sokol[1]):
        with pytest.raises(Refused):
            actions.pass_on(member=stranger, offer=offer)
    a_reply(alice, thread)
    with pytest.raises(Refused):
        actions.pass_on(member=orzel[1], offer=offer)
    assert endings(thread) == [(orzel[0].pk, "")]


def test_a_second_pass_of_the_same_offer_is_refused(bob, orzel, sokol):
    willing(*orzel)
    willing(*sokol)
    thread = asked(bob, days=4)
    look_after()
    offer = Offer.objects.get()
    actions.pass_on(member=orzel[1], offer=offer)
    with pytest.raises(Refused):
        actions.pass_on(member=orzel[1], offer=offer)
    assert unended() == [(thread.pk, sokol[0].pk)]


def test_the_adviser_passes_nothing_on(bob, carol):
    asked(bob, days=4)
    look_after()
    with pytest.raises(Refused):
        actions.pass_on(member=carol, offer=Offer.objects.get())


def test_an_organization_that_may_not_read_it_is_not_asked(alice, fundacja, orzel):
    willing(*orzel)
    willing(fundacja, alice)
    named = a_category(readers=Category.Readers.ORGANIZATIONS)
    named.organizations.add(fundacja)
    asker = a_club("Iskra")
    named.organizations.add(asker[0])
    thread = asked(asker[1], days=4, category=named)
    open_to_all = asked(asker[1], days=4)
    look_after()
    assert unended() == [(thread.pk, fundacja.pk), (open_to_all.pk, orzel[0].pk)]


def test_an_organization_that_may_only_read_is_not_asked(bob, orzel, carol):
    willing(*orzel)
    category = a_category()
    thread = asked(bob, days=4, category=category)
    Category.objects.filter(pk=category.pk).update(writers=Category.Writers.ORGANIZATIONS)
    look_after()
    assert unended() == [(thread.pk, None)]


def test_nobody_is_asked_their_own_question(orzel, sokol):
    willing(*orzel)
    in_its_voice = asked(orzel[1], days=4, voice=orzel[0])
    by_its_only_representative = asked(orzel[1], days=4)
    look_after()
    assert unended() == [(in_its_voice.pk, None), (by_its_only_representative.pk, None)]
    a_mandate(sokol[1], orzel[0])
    third = asked(orzel[1], days=4)
    look_after()
    assert (third.pk, orzel[0].pk) in unended()  # a colleague can answer


def test_a_thread_that_moves_out_of_sight_goes_to_somebody_else(alice, bob, carol, fundacja, orzel):
    willing(*orzel)
    willing(fundacja, alice)
    thread = asked(alice, days=4)
    named = a_category(readers=Category.Readers.ORGANIZATIONS)
    named.organizations.add(fundacja)
    look_after()
    assert unended() == [(thread.pk, orzel[0].pk)]
    assert Offer.objects.readable_by(orzel[1]).exists()
    discussions.move(staff=carol, thread=thread, category=named)
    assert not Offer.objects.readable_by(orzel[1]).exists()
    look_after()
    # The foundation's only representative asked it.
    assert unended() == [(thread.pk, None)]
    assert endings(thread) == [(orzel[0].pk, Ending.LEFT), (None, "")]


@pytest.mark.parametrize("way", ["leaves", "rests", "is left by its people"])
def test_what_an_organization_cannot_look_after_goes_on(way, bob, orzel, sokol):
    willing(*orzel)
    willing(*sokol)
    thread = asked(bob, days=4)
    look_after()
    assert unended() == [(thread.pk, orzel[0].pk)]
    if way == "leaves":
        actions.leave(member=orzel[1], organization=orzel[0])
    elif way == "rests":
        until = timezone.localdate() + timedelta(days=7)
        willing(*orzel, rests_until=until)
    else:
        yesterday = timezone.localdate() - timedelta(days=1)
        Mandate.objects.filter(organization=orzel[0]).update(valid_to=yesterday)
        look_after()
    assert unended() == [(thread.pk, sokol[0].pk)]


def test_an_organization_that_goes_takes_its_offers_along(bob, orzel, sokol):
    willing(*orzel)
    willing(*sokol)
    thread = asked(bob, days=4)
    look_after()
    Mandate.objects.filter(organization=orzel[0]).delete()
    orzel[0].delete()
    assert not Entry.objects.filter(organization=orzel[0].pk).exists()
    look_after()
    assert unended() == [(thread.pk, sokol[0].pk)]


def test_what_was_offered_stays_when_the_week_is_over(bob, orzel, sokol, clock):
    willing(*orzel, every_weeks=4)
    willing(*sokol, every_weeks=4)
    thread = asked(bob, days=3)
    look_after()
    assert unended() == [(thread.pk, orzel[0].pk)]
    clock.shift(timedelta(days=3, hours=20))  # Monday morning
    look_after()
    assert unended() == [(thread.pk, orzel[0].pk)]


def test_after_a_pause_everything_is_caught_up_once(bob, orzel, clock):
    willing(*orzel)
    for _ in range(3):
        asked(bob, days=1)
    clock.shift(WEEK + timedelta(days=1))
    look_after()
    look_after()
    offers = Offer.objects.values_list("organization", flat=True)
    assert sorted(offers, key=str) == [orzel[0].pk] * 3 + [None] * 3


def test_a_clock_that_goes_back_does_no_harm(bob, orzel, clock):
    willing(*orzel)
    thread = asked(bob, days=3)
    look_after()
    clock.shift(timedelta(days=-2))
    look_after()
    assert unended() == [(thread.pk, orzel[0].pk)]
