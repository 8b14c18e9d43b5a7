"""Daily tidying of what members attached and never sent."""

from datetime import timedelta

from django.utils import timezone

from forum.discussions.actions import attaching
from forum.jobs.tasks import periodic


@periodic("discussions.clear_attachments", every=timedelta(days=1))
def clear_attachments() -> None:
    """Remove unsent files that are old, and files without a row."""
    attaching.clear(timezone.now())
