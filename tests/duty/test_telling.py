"""Who is told that a question waits, in how many notifications, and until when."""

from datetime import timedelta

import pytest

from accounts.models import User
from forum.categories.models import Category
from forum.duty import actions
from forum.duty.kinds import ALL
from forum.duty.models import Offer
from forum.notifications.models import Event
from tests.cast import a_mandate, a_member
from tests.duty.world import WEEK, a_club, asked, look_after, willing
from tests.factories import a_category, a_reply
from tests.notifications.world import titles, told, unread, work

pytestmark = pytest.mark.django_db
OFFERED, LEFT = "question_offered", "question_left"


@pytest.fixture
def orzel():
    club = a_club("Orzeł")
    willing(*club)
    return club


def test_the_representatives_are_told_and_nobody_else(bob, carol, orzel):
    second, plain = a_member("Ewa", "Lis"), a_member("Jan", "Sowa")
    a_mandate(second, orzel[0])
    a_mandate(plain, orzel[0], "member")
    asked(bob, days=4)
    look_after()
    assert told(orzel[1]) == told(second) == [(OFFERED, 1)]
    for other in (plain, bob, carol):
        assert OFFERED not in dict(told(other))


def test_many_questions_are_one_notification(bob, carol, orzel, clock):
    for _ in range(4):
        asked(bob, days=1)
    clock.shift(WEEK + timedelta(days=1))  # the worker stood still
    look_after()
    look_after()
    assert told(orzel[1]) == [(OFFERED, 4)]
    assert dict(told(carol))[LEFT] == 4
    assert len(titles(orzel[1])) == 1


def test_the_adviser_is_told_only_of_what_is_left_to_them(bob, carol, orzel, clock):
    asked(bob, days=6.9)
    look_after()
    assert LEFT not in dict(told(carol))
    clock.shift(timedelta(hours=3))
    look_after()
    assert dict(told(carol))[LEFT] == 1


def test_an_answer_takes_the_notification_away(alice, bob, orzel):
    thread = asked(bob, days=4)
    look_after()
    assert told(orzel[1]) == [(OFFERED, 1)]
    a_reply(alice, thread)
    assert titles(orzel[1]) == []  # at once, where it is shown
    look_after()
    work()
    assert unread(orzel[1]) == 0


def test_an_answer_before_the_worker_tells_it_leaves_nothing_to_tell(alice, bob, orzel):
    thread = asked(bob, days=4)
    look_after()
    a_reply(alice, thread)
    assert told(orzel[1]) == []


def test_a_passed_question_is_told_to_the_next_only(bob, orzel):
    sokol = a_club("Sokół")
    willing(*sokol)
    asked(bob, days=4)
    look_after()
    assert told(orzel[1]) == [(OFFERED, 1)]
    actions.pass_on(member=orzel[1], offer=Offer.objects.get())
    assert told(sokol[1]) == [(OFFERED, 1)]
    assert told(orzel[1]) == []


def test_the_three_ways_to_ask_who_may_see_agree(alice, bob, carol, dana, erin, fundacja, orzel):
    """For all, for one and for many."""
    willing(fundacja, alice)
    erin.is_active = True  # erin represents the foundation, too, but is suspended
    named = a_category(readers=Category.Readers.ORGANIZATIONS)
    named.organizations.add(fundacja)
    iskra = a_club("Iskra")
    named.organizations.add(iskra[0])
    for category in (a_category(), named):
        asked(iskra[1], days=8, category=category)
        answered = asked(iskra[1], days=8, category=category)
        look_after()
        a_reply(iskra[1], answered)
        a_reply(alice, answered)
    events = [each for each in Event.objects.all() if each.about.startswith("offer.")]
    seen_at_all = {kind.name: 0 for kind in ALL}
    for kind in ALL:
        theirs = [each for each in events if each.kinds == [kind.name]]
        for member in User.objects.all():
            seen = kind.seen_by(member, theirs)
            for event in theirs:
                of_all = kind.who_may_see(event).filter(pk=member.pk).exists()
                assert of_all == (event.pk in seen) == kind.may_see(member, event)
            seen_at_all[kind.name] += len(seen)
    # Two questions stand: each with one organization and with the adviser.
    assert seen_at_all == {OFFERED: 2, LEFT: 2}


def test_its_words_lead_to_where_it_waits(bob, orzel, client):
    thread = asked(bob, days=4, title="Czy ktoś pożyczy namiot?")
    look_after()
    work()
    client.force_login(orzel[1])
    page = client.get("/notifications/").content.decode()
    assert "Czy ktoś pożyczy namiot?" in page
    assert f"/organizations/{orzel[0].pk}/duty/" in page
    assert Offer.objects.get().thread == thread
