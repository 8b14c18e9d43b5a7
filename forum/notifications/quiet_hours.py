"""When a member wants no push and no mail: in the evening, at night, on days off.

Everything here is in the forum's own time, Europe/Warsaw; the days on which clocks change are
right, since hours are counted on the clock of the wall and not in seconds. Pure: no database.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from holidays import country_holidays

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class QuietHours:
    """What one member wishes. The same time twice means that no hour of the day is quiet."""

    begins: time = time(20)
    ends: time = time(7)
    on_days_off: bool = True  # Saturdays, Sundays and public holidays as a whole

    def is_quiet(self, moment: datetime) -> bool:
        """Whether nothing that can wait is sent at this moment."""
        return self.next_open(moment) != moment

    def next_open(self, moment: datetime) -> datetime:
        """The first moment from the given one on, at which something may be sent."""
        local = moment.astimezone(zone())
        if not self._is_closed(local):
            return moment
        while self._is_closed(local):
            local = self._next_border(local)
        return local.astimezone(moment.tzinfo)

    def _is_closed(self, local: datetime) -> bool:
        if self.on_days_off and is_day_off(local.date()):
            return True
        clock = local.timetz().replace(tzinfo=None)
        if self.begins <= self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends

    def _next_border(self, local: datetime) -> datetime:
        """The next midnight or end of the quiet hours, whichever comes first."""
        end = datetime.combine(local.date(), self.ends, zone())
        if end > local:
            return end
        return datetime.combine(local.date() + timedelta(days=1), time(0), zone())


NEVER = QuietHours(time(0), time(0), on_days_off=False)


def zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def is_day_off(day: date) -> bool:
    """Whether nobody is expected to work on this day in Poland."""
    return day.weekday() >= SATURDAY or day in _holidays(day.year)


@lru_cache(maxsize=16)
def _holidays(year: int) -> Collection[date]:
    return frozenset(country_holidays("PL", years=year))
