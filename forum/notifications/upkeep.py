"""Daily tidying: what was read long ago, and what happened long ago."""

from datetime import timedelta

from forum.jobs.tasks import periodic
from forum.notifications.actions.clearing import clear


@periodic("notifications.clear", every=timedelta(days=1))
def clear_notifications() -> None:
    """Remove notifications that were read, or that tell of nothing, half a year ago."""
    clear()
