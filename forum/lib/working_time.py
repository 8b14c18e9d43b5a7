"""Time on working days: Monday to Friday without Polish public holidays, whole days of 24 hours.

Not hours of an office: organizations are run in the evening. A question of Friday noon has waited
72 hours on Wednesday noon.
Source: act of 18 January 1951 on days free from work, as it stands since 1 February 2025 (Dz.U.
2025 poz. 296: 24 December is free); docs/decisions/0043-nothing-unanswered.md.
"""

from datetime import date, datetime, time, timedelta
from functools import cache

from django.utils import timezone

DAY = timedelta(days=1)
SATURDAY = 5
FIXED = ((1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26))
EPIPHANY_SINCE, CHRISTMAS_EVE_SINCE = 2011, 2025  # years


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar. Source: Meeus, Astronomical Algorithms, part 8."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    week = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * week) // 451
    month, day = divmod(h + week - 7 * m + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[date]:
    """The days of the year that are free from work by law, Sundays that have a name among them."""
    fixed = {date(year, month, day) for month, day in FIXED}
    if year < EPIPHANY_SINCE:
        fixed.discard(date(year, 1, 6))
    if year >= CHRISTMAS_EVE_SINCE:
        fixed.add(date(year, 12, 24))
    # Easter Sunday and Monday, Pentecost, Corpus Christi.
    moving = {easter(year) + timedelta(days=days) for days in (0, 1, 49, 60)}
    return frozenset(fixed | moving)


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in holidays(day.year)


def working_time_between(start: datetime, end: datetime) -> timedelta:
    """How much of the time from start to end lies on working days in Warsaw; nothing backwards.

    Units: real time. Clocks are put forward and back on Sundays, so a working day has 24 hours.
    """
    passed = timedelta(0)
    day = timezone.localdate(start)
    while (begin := _midnight(day)) < end:
        if is_working_day(day):
            passed += max(min(end, _midnight(day + DAY)) - max(start, begin), timedelta(0))
        day += DAY
    return passed


def before(end: datetime, working: timedelta) -> datetime:
    """The latest moment from which so much working time has passed at `end`."""
    left = working
    day = timezone.localdate(end)
    while True:
        begin = _midnight(day)
        if is_working_day(day):
            there = min(end, _midnight(day + DAY)) - begin
            if left <= there:
                return min(end, _midnight(day + DAY)) - left
            left -= there
        day -= DAY


def after(start: datetime, working: timedelta) -> datetime:
    """The first moment at which so much working time has passed since `start`."""
    left = working
    day = timezone.localdate(start)
    while True:
        begin = max(start, _midnight(day))
        if is_working_day(day):
            there = _midnight(day + DAY) - begin
            if left <= there:
                return begin + left
            left -= there
        day += DAY


def _midnight(day: date) -> datetime:
    """The beginning of the day in Warsaw, in UTC: differences are then real time."""
    local = datetime.combine(day, time.min, timezone.get_default_timezone())
    return local.astimezone(timezone.get_fixed_timezone(0))
