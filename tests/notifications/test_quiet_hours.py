"""Quiet hours are hours of the wall's clock in Warsaw, days off included, clock changes right."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from forum.notifications.quiet_hours import NEVER, QuietHours, is_day_off

WARSAW = ZoneInfo("Europe/Warsaw")
USUAL = QuietHours()


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=WARSAW)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-26 06:59", "2026-11-26 07:00"),  # a Thursday
        ("2026-11-26 07:00", "2026-11-26 07:00"),
        ("2026-11-26 19:59", "2026-11-26 19:59"),
        ("2026-11-26 20:00", "2026-11-27 07:00"),
        ("2026-11-27 23:30", "2026-11-30 07:00"),  # Friday night: Monday morning
        ("2026-11-28 12:00", "2026-11-30 07:00"),  # Saturday
        ("2026-11-10 21:00", "2026-11-12 07:00"),  # Independence Day, a Wednesday, lies between
        ("2026-12-23 21:00", "2026-12-28 07:00"),  # Christmas Eve is a day off, then a weekend
        ("2026-05-01 10:00", "2026-05-04 07:00"),
        ("2026-04-06 10:00", "2026-04-07 07:00"),  # Easter Monday moves
        ("2026-06-04 10:00", "2026-06-05 07:00"),  # Corpus Christi too
    ],
)
def test_what_comes_in_quiet_hours_waits_for_the_morning(moment, opens):
    assert USUAL.next_open(at(moment)) == at(opens)
    assert USUAL.is_quiet(at(moment)) is (moment != opens)


def test_the_answer_is_in_the_clock_of_the_question():
    asked = datetime(2026, 7, 1, 19, 30, tzinfo=ZoneInfo("UTC"))  # 21:30 in Warsaw
    opens = USUAL.next_open(asked)
    assert opens == at("2026-07-02 07:00")
    assert opens.utcoffset() == asked.utcoffset()


@pytest.mark.parametrize("moment", ["2026-03-29 01:30", "2026-10-25 02:30"])
def test_the_nights_on_which_clocks_change_end_at_seven_too(moment):
    hours = QuietHours(on_days_off=False)
    opens = hours.next_open(at(moment))
    assert opens.astimezone(WARSAW).time() == time(7)
    assert opens.astimezone(WARSAW).date() == at(moment).date()


def test_hours_that_the_clock_leaves_out_are_no_trap():
    hours = QuietHours(time(22), time(2, 30), on_days_off=False)
    opens = hours.next_open(at("2026-03-28 23:00"))  # 2:30 does not exist that night
    assert opens.astimezone(WARSAW).date() == date(2026, 3, 29)
    assert not hours.is_quiet(opens.astimezone(ZoneInfo("UTC")))


def test_quiet_hours_may_lie_within_a_day():
    lunch = QuietHours(time(12), time(14), on_days_off=False)
    assert lunch.next_open(at("2026-11-26 13:00")) == at("2026-11-26 14:00")
    assert lunch.next_open(at("2026-11-26 23:00")) == at("2026-11-26 23:00")


def test_days_off_alone_may_be_quiet():
    hours = QuietHours(time(0), time(0))
    assert hours.next_open(at("2026-11-28 12:00")) == at("2026-11-30 00:00")
    assert hours.next_open(at("2026-11-26 23:00")) == at("2026-11-26 23:00")


def test_who_wants_no_quiet_hours_has_none():
    assert not NEVER.is_quiet(at("2026-12-25 03:00"))


@pytest.mark.parametrize(
    ("day", "is_off"),
    [
        (date(2026, 11, 11), True),
        (date(2026, 11, 12), False),
        (date(2026, 12, 24), True),
        (date(2024, 12, 24), False),  # a working day until the law of 2024
        (date(2026, 1, 6), True),
        (date(2026, 11, 29), True),  # a Sunday
    ],
)
def test_days_off_are_those_of_poland(day, is_off):
    assert is_day_off(day) is is_off
