"""Moments written relative to now, so that the demo county is fresh on every day."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from forum_site.demo.reading import WrittenPost

WEEK_DAYS = 7
SATURDAY = 5  # as date.weekday() counts
MINUTES = {"m": 1, "h": 60}


def moment(when: str, now: datetime, shift_days: int = 0) -> datetime:
    """`12d 18:40` is that hour twelve days ago, `3h` and `25m` are counted back from now.

    Units: shift_days moves moments written in days further back.
    """
    first, _space, clock = when.partition(" ")
    amount, unit = int(first[:-1]), first[-1]
    if unit in MINUTES:
        return now - timedelta(minutes=amount * MINUTES[unit])
    day = _day(amount + shift_days, now)
    return datetime.combine(day, time.fromisoformat(clock), timezone.get_current_timezone())


def day(written: str, now: datetime) -> date:
    """`28d` is the day that many days ago, `+7d` the one so many days ahead."""
    days = int(written.removesuffix("d"))
    return timezone.localdate(now) + timedelta(days=days if written.startswith("+") else -days)


def office_shift(posts: Iterable[WrittenPost], office: str, now: datetime) -> int:
    """Days to move a conversation back so that the office writes on working days.

    Units: days, 0 to 6; where no shift suits all its posts, the one that suits most.
    """
    amounts = [
        int(post.when.partition("d")[0])
        for post in posts
        if post.organization == office and "d" in post.when
    ]

    def at_weekends(shift: int) -> int:
        return sum(_day(amount + shift, now).weekday() >= SATURDAY for amount in amounts)

    return min(range(WEEK_DAYS), key=at_weekends)


def _day(days_ago: int, now: datetime) -> date:
    return timezone.localdate(now) - timedelta(days=days_ago)
