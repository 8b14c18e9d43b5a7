"""Time on working days: weekends, Polish holidays, and the nights when clocks change."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from forum.lib.working_time import (
    after,
    before,
    easter,
    holidays,
    is_working_day,
    working_time_between,
)

WARSAW = ZoneInfo("Europe/Warsaw")
THREE_DAYS = timedelta(hours=72)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WARSAW)


# Printed calendars of these years.
@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(2008, 3, 23), (2011, 4, 24), (2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2038, 4, 25)],
)
def test_easter_is_where_calendars_have_it(year, month, day):
    assert easter(year) == date(year, month, day)


def test_the_holidays_of_a_year():
    assert sorted(f"{day:%m-%d}" for day in holidays(2026)) == [
        "01-01", "01-06", "04-05", "04-06", "05-01", "05-03", "05-24", "06-04", "08-15", "11-01",
        "11-11", "12-24", "12-25", "12-26",
    ]  # fmt: skip


def test_christmas_eve_is_free_since_2025():
    assert is_working_day(date(2024, 12, 24))
    assert not is_working_day(date(2025, 12, 24))


def test_epiphany_is_free_since_2011():
    assert is_working_day(date(2010, 1, 6))
    assert not is_working_day(date(2011, 1, 6))


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-03-10 10:00", "2026-03-10 15:30", 5.5),  # within a Tuesday
        ("2026-03-13 12:00", "2026-03-16 12:00", 24),  # over a weekend
        ("2026-03-14 08:00", "2026-03-15 20:00", 0),  # a weekend alone
        ("2026-04-03 12:00", "2026-04-07 12:00", 24),  # Good Friday works, Easter Monday does not
        ("2026-06-03 18:00", "2026-06-05 06:00", 12),  # round Corpus Christi
        ("2025-12-23 00:00", "2025-12-30 00:00", 48),  # Christmas with its eve and a weekend
        ("2026-03-27 00:00", "2026-03-31 00:00", 48),  # clocks go forward on Sunday
        ("2026-10-23 00:00", "2026-10-27 00:00", 48),  # and back
        ("2026-03-10 15:00", "2026-03-10 10:00", 0),  # a clock that was put back
    ],
)
def test_only_working_days_count(start, end, hours):
    assert working_time_between(at(start), at(end)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-10 09:15", "2026-03-13 09:15"),  # Tuesday to Friday
        ("2026-03-13 12:00", "2026-03-18 12:00"),  # Friday to Wednesday
        ("2026-03-27 12:00", "2026-04-01 12:00"),  # over the night without an hour
        ("2026-10-23 12:00", "2026-10-28 12:00"),  # over the night with one too many
        ("2025-12-22 12:00", "2025-12-30 12:00"),  # Christmas
        ("2026-04-29 20:00", "2026-05-05 20:00"),  # 1 May is a Friday, 3 May a Sunday
    ],
)
def test_three_working_days_there_and_back(start, end):
    assert after(at(start), THREE_DAYS) == at(end)
    assert before(at(end), THREE_DAYS) == at(start)
    assert working_time_between(at(start), at(end)) == THREE_DAYS


def test_what_is_asked_on_a_day_off_counts_from_the_next_working_day():
    assert after(at("2026-03-14 15:00"), timedelta(hours=24)) == at("2026-03-17 00:00")
    # Of all moments with the same answer, the latest.
    assert before(at("2026-03-17 00:00"), timedelta(hours=24)) == at("2026-03-16 00:00")


def test_on_a_day_off_nothing_falls_due():
    friday = at("2026-03-13 09:00")
    due = after(friday, timedelta(hours=24))
    assert due == at("2026-03-16 09:00")
    sunday = at("2026-03-15 23:59")
    assert before(sunday, timedelta(hours=24)) < friday
