"""The promise to whoever asks, and how it is kept: the same numbers for every reader.

Counted are questions that everybody may read, so that everybody can count them again; only those
that have had their day, so that nothing looks better or worse than it is. A question without an
answer counts as one, whatever became of it: closing it helps no number.
Source: docs/decisions/0043-nothing-unanswered.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.utils import timezone

from forum.categories.models import Category
from forum.duty.models import Entry
from forum.duty.questions import LOOKED_BACK, asked_since, first_answer, questions
from forum.moderation.public_log import in_words

DAY = timedelta(days=1)
KEPT_FOR = timedelta(minutes=10)
KEY = "duty.promise.1"  # another number where the class below changes
FEW = 5  # of fewer questions than that no share and no typical time is told
HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class Kept:
    """How the promise was kept, counted at a moment."""

    questions: int  # asked in the 90 days before yesterday's this time
    within_a_day: int  # of them
    median: timedelta | None  # half of them were answered in no more; None where fewer were
    waiting: int  # now, of the last 90 days
    willing: int  # organizations on the roster that do not rest
    counted_at: datetime

    @property
    def share(self) -> int | None:
        """Of the questions those answered within a day. Units: whole per cent, rounded down."""
        return self.within_a_day * 100 // self.questions if self.questions else None

    @property
    def is_telling(self) -> bool:
        """Whether there are enough questions for a share to mean something."""
        return self.questions >= FEW

    @property
    def median_words(self) -> str:
        """The typical time in the active language; empty where fewer than half were answered."""
        return in_words(self.median.total_seconds()) if self.median is not None else ""

    @property
    def within_hours(self) -> int:
        """After how many hours of working days somebody is asked to answer."""
        return int(settings.UNANSWERED_DUTY_HOURS)

    @property
    def within_days(self) -> int:
        """The same in working days, a begun one counted."""
        return -(-self.within_hours // HOURS_A_DAY)

    @property
    def adviser_within_days(self) -> int:
        """After how many working days the adviser is asked: sooner where no organization is."""
        hours = settings.UNANSWERED_ADVISER_HOURS if self.willing else self.within_hours
        return -(-int(hours) // HOURS_A_DAY)


def how_kept() -> Kept:
    """How the promise is kept, as it was at most ten minutes ago. Queries: 0, else two."""
    now = timezone.now()
    kept: Kept | None = cache.get(KEY)
    # Its age is asked as well: what another process counted with a clock ahead stays no longer.
    if kept is None or not timedelta(0) <= now - kept.counted_at < KEPT_FOR:
        kept = count(now)
        cache.set(KEY, kept, KEPT_FOR.total_seconds())
    return kept


def count(now: datetime) -> Kept:
    """How the promise is kept at the moment. Queries: two, over the threads of 91 days."""
    open_to_all = Category.objects.readable_by(AnonymousUser()).values("pk")
    asked = asked_since(questions().filter(category__in=open_to_all), now - LOOKED_BACK - DAY)
    rows = list(asked.order_by().values_list("created_at", "closed_at", first_answer()))
    waits = [
        # What was merged in may have been written before: then nobody waited.
        max(answered - created, timedelta(0)) if answered is not None else None
        for created, _closed, answered in rows
        if created <= now - DAY
    ]
    return Kept(
        questions=len(waits),
        within_a_day=sum(wait is not None and wait <= DAY for wait in waits),
        median=median_of(waits),
        waiting=sum(answered is None and closed is None for _, closed, answered in rows),
        willing=Entry.objects.able(timezone.localdate(now)).count(),
        counted_at=now,
    )


def median_of(waits: Sequence[timedelta | None]) -> timedelta | None:
    """The shortest time in which at least half were answered; None (never) counts as longest."""
    ordered = sorted(waits, key=lambda wait: (wait is None, wait or timedelta(0)))
    return ordered[(len(ordered) - 1) // 2] if ordered else None
