"""Which organizations of the demo county answer what nobody else answers, and whose weeks were."""

from datetime import datetime, timedelta

from django.utils import timezone

from forum.duty import actions
from forum.duty.models import WEEK, Entry, Turn, week_of
from forum_site.demo.county import County

# Keys of organizations.toml, with how often each may be asked.
WILLING = {"zmiana": Entry.Often.WEEKLY, "peron": Entry.Often.WEEKLY, "notes": Entry.Often.MONTH}
SINCE_DAYS_AGO = 60


def build_duty(county: County, now: datetime) -> None:
    """Enter them where nobody is on the roster, and offer what waits as the worker would.

    Locks: none, the caller holds the transaction.
    """
    if Entry.objects.exists() or Turn.objects.exists():
        return
    began = now - timedelta(days=SINCE_DAYS_AGO)
    organizations = [county.organizations[key] for key in WILLING]
    Entry.objects.bulk_create(
        Entry(organization=county.organizations[key], every_weeks=often, since=began)
        for key, often in WILLING.items()
    )
    this_week = week_of(timezone.localdate(now))
    Turn.objects.bulk_create(
        Turn(week=this_week - weeks_ago * WEEK, organization=organization)
        for weeks_ago, organization in zip((1, 3, 2), organizations, strict=True)
    )
    actions.look_after(now)
