"""The worker's part, by the clock."""

from datetime import timedelta

from django.utils import timezone

from forum.duty import actions
from forum.jobs.tasks import periodic


@periodic("duty.look_after", every=timedelta(minutes=15))
def look_after() -> None:
    """Offer questions that wait too long, and end offers that are over."""
    actions.look_after(timezone.now())
