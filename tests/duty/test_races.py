"""Two workers, a worker and a member, a worker and the answer: each question is offered once."""

import pytest

from forum.duty import actions
from forum.duty.models import Offer, Turn
from tests.cast import a_mandate, a_member
from tests.duty.world import a_club, asked, look_after, unended, willing
from tests.factories import a_reply
from tests.moderation.world import at_once, fresh

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clubs():
    found = [a_club(name) for name in ("Orzeł", "Sokół", "Iskra")]
    for club in found:
        willing(*club)
    return found


def test_two_workers_offer_once(bob, clubs):
    threads = [asked(bob, days=20) for _ in range(3)]
    Turn.objects.all().delete()  # the week is given by both as well
    outcomes = at_once(look_after, look_after)
    assert "refused" not in outcomes
    first = clubs[0][0].pk
    assert unended() == [pair for each in threads for pair in ((each.pk, first), (each.pk, None))]
    assert Offer.objects.count() == 6
    assert Turn.objects.count() == 1


def test_two_colleagues_pass_on_once(bob, clubs):
    organization, member = clubs[0]
    colleague = a_member("Ewa", "Lis")
    a_mandate(colleague, organization)
    thread = asked(bob, days=4)
    look_after()
    offer = Offer.objects.get()
    outcomes = at_once(
        lambda: actions.pass_on(member=member, offer=fresh(offer)),
        lambda: actions.pass_on(member=colleague, offer=fresh(offer)),
    )
    assert outcomes.count("refused") == 1
    assert unended() == [(thread.pk, clubs[1][0].pk)]


def test_a_worker_and_a_pass(bob, clubs):
    thread = asked(bob, days=4)
    look_after()
    offer = Offer.objects.get()
    at_once(look_after, lambda: actions.pass_on(member=clubs[0][1], offer=fresh(offer)))
    assert unended() == [(thread.pk, clubs[1][0].pk)]


def test_a_worker_and_the_answer(alice, bob, clubs):
    thread = asked(bob, days=20)
    at_once(look_after, lambda: a_reply(alice, fresh(thread)))
    assert not Offer.objects.standing().exists()
    look_after()
    assert unended() == []


def test_two_that_leave_while_a_worker_offers(bob, clubs):
    thread = asked(bob, days=4)
    look_after()
    at_once(
        look_after,
        *(
            lambda club=club: actions.leave(member=club[1], organization=club[0])
            for club in clubs[:2]
        ),
    )
    look_after()
    assert unended() == [(thread.pk, clubs[2][0].pk)]
