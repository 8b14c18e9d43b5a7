"""Whose week it is, and who comes after them."""

from datetime import date, datetime

from django.utils import timezone

from forum.duty.models import WEEK, Entry, Turn, week_of


def ready(on: date) -> list[Entry]:
    """Entries whose turn it could be in the day's week, the next one first. Queries: one.

    Whoever wants a turn only now and then is left alone between two, also by passed questions.
    """
    week = week_of(on)
    entries = Entry.objects.able(on).next_first(on)
    return [
        entry
        for entry in entries
        if entry.last_week is None or entry.last_week + entry.every_weeks * WEEK <= week
    ]


def on_duty(on: date) -> Turn | None:
    """The turn of the day's week, where it has been given. Queries: one."""
    return Turn.objects.select_related("organization").filter(week=week_of(on)).first()


def takers(now: datetime) -> list[Entry]:
    """Who can be asked now: whoever is on duty first, then the others. Queries: two."""
    today = timezone.localdate(now)
    turn = on_duty(today)
    entries = ready(today)
    first = turn.organization_id if turn is not None else None
    return sorted(entries, key=lambda entry: entry.organization_id != first)
