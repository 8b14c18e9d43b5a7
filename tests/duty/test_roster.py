"""Who is willing, and how the weeks go round."""

from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.utils import timezone

from accounts.models import Mandate
from forum.duty import actions
from forum.duty.actions.roster import take_turn
from forum.duty.models import Entry, Turn, week_of
from forum.duty.turns import on_duty
from forum.lib.answers import Refused
from tests.duty.world import WEEK, a_club, look_after, willing

pytestmark = pytest.mark.django_db


@pytest.fixture
def clubs():
    return [a_club(name) for name in ("Orzeł", "Sokół", "Iskra")]


def weeks(clock, count):
    """Who is on duty in each of the next weeks, by the last word of the name."""
    found = []
    for _ in range(count):
        look_after()
        turn = on_duty(timezone.localdate())
        found.append(turn.organization.name.split()[-1] if turn else None)
        clock.shift(WEEK)
    return found


def test_the_weeks_go_round(clubs, clock):
    for club in clubs:
        willing(*club)
        clock.shift(timedelta(minutes=1))
    assert weeks(clock, 7) == ["Orzeł", "Sokół", "Iskra", "Orzeł", "Sokół", "Iskra", "Orzeł"]


def test_a_newcomer_has_a_turn_before_anybody_has_a_second(clubs, clock):
    willing(*clubs[0])
    willing(*clubs[1])
    assert weeks(clock, 3) == ["Orzeł", "Sokół", "Orzeł"]
    willing(*clubs[2])
    # Whoever is on the roster when a week begins with nobody on duty takes it at once.
    assert weeks(clock, 3) == ["Iskra", "Sokół", "Orzeł"]


def test_leaving_and_coming_back_jumps_no_queue(clubs, clock):
    for club in clubs[:2]:
        willing(*club)
    assert weeks(clock, 2) == ["Orzeł", "Sokół"]
    look_after()  # Orzeł again
    actions.leave(member=clubs[0][1], organization=clubs[0][0])
    assert on_duty(timezone.localdate()).organization == clubs[1][0]
    willing(*clubs[0])
    assert weeks(clock, 2) == ["Sokół", "Orzeł"]


def test_how_often_is_what_the_organization_says(clubs, clock):
    willing(*clubs[0], every_weeks=4)
    assert weeks(clock, 5) == ["Orzeł", None, None, None, "Orzeł"]
    willing(*clubs[1], every_weeks=2)
    assert weeks(clock, 4) == ["Sokół", None, "Sokół", "Orzeł"]


def test_whoever_rests_is_passed_over_and_comes_back(clubs, clock):
    willing(*clubs[0])
    willing(*clubs[1])
    until = timezone.localdate() + timedelta(days=10)
    willing(*clubs[0], rests_until=until)
    assert on_duty(timezone.localdate()).organization == clubs[1][0]
    assert weeks(clock, 3) == ["Sokół", "Sokół", "Orzeł"]


def test_without_a_representative_there_is_no_turn(clubs, clock):
    willing(*clubs[0])
    willing(*clubs[1])
    assert on_duty(timezone.localdate()).organization == clubs[0][0]
    yesterday = timezone.localdate() - timedelta(days=1)
    Mandate.objects.filter(organization=clubs[0][0]).update(valid_to=yesterday)
    assert weeks(clock, 2) == ["Sokół", "Sokół"]


def test_a_suspended_representative_is_none(clubs, clock):
    willing(*clubs[0])
    clubs[0][1].is_active = False
    clubs[0][1].save(update_fields=["is_active"])
    assert weeks(clock, 1) == [None]


def test_nobody_on_the_roster_is_nobody_on_duty(clock):
    assert weeks(clock, 2) == [None, None]
    assert not Turn.objects.exists()


def test_a_week_is_given_once(clubs):
    for club in clubs:
        willing(*club)
    first = take_turn(timezone.now())
    assert take_turn(timezone.now()) == first
    assert list(Turn.objects.values_list("week", flat=True)) == [week_of(timezone.localdate())]


def test_a_wish_is_changed_not_doubled(clubs):
    organization, member = clubs[0]
    willing(organization, member)
    willing(organization, member, every_weeks=4)
    assert list(Entry.objects.values_list("organization", "every_weeks", "entered_by")) == [
        (organization.pk, 4, member.pk)
    ]


def test_leaving_twice_changes_nothing(clubs):
    organization, member = clubs[0]
    willing(organization, member)
    actions.leave(member=member, organization=organization)
    actions.leave(member=member, organization=organization)
    assert not Entry.objects.exists()


def test_only_a_representative_decides(clubs, bob, carol, dana, orlik, erin, fundacja):
    for stranger in (bob, carol, clubs[1][1]):
        with pytest.raises(Refused):
            willing(clubs[0][0], stranger)
        with pytest.raises(Refused):
            actions.leave(member=stranger, organization=clubs[0][0])
    with pytest.raises(Refused):
        willing(orlik, dana)  # a proxy
    with pytest.raises(Refused):
        willing(fundacja, erin)  # suspended
    assert not Entry.objects.exists()
    willing(*clubs[0])
    assert Entry.objects.exists()


@pytest.mark.parametrize(("duty", "adviser"), [(0, 5), (6, 5), (72, 5000)])
def test_hours_that_cannot_be_kept_are_refused_at_the_start(settings, duty, adviser):
    def faults():
        return [found.id for found in run_checks() if found.id == "forum.E030"]

    assert faults() == []
    settings.UNANSWERED_DUTY_HOURS, settings.UNANSWERED_ADVISER_HOURS = duty, adviser
    assert faults() == ["forum.E030"]
