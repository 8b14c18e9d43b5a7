"""What the forum does by itself over the day, for rooms that stand below the jobs."""

from datetime import timedelta

from django.utils import timezone

from accounts import actions
from forum.jobs.tasks import periodic

HOUR = timedelta(hours=1)
# Letters go out while people are awake, in Warsaw.
FROM_HOUR, TO_HOUR = 7, 20


@periodic("accounts.look_after_mandates", every=HOUR)
def look_after_mandates() -> None:
    """Remind of mandates that end or should be confirmed, and of organizations left alone.

    Asked every hour, so that a day on which the worker stood still costs nobody a reminder.
    """
    if FROM_HOUR <= timezone.localtime().hour < TO_HOUR:
        actions.remind_of_ends()
        actions.remind_to_confirm()
        actions.mark_abandoned()


@periodic("accounts.seal_factors_anew", every=timedelta(days=1))
def seal_factors_anew() -> None:
    """Bring second factors under today's SECRET_KEY, so that the one before may be forgotten."""
    actions.seal_factors_anew()
