"""Daily tidying of what moderation knows of people and needs no longer."""

from datetime import timedelta

from django.utils import timezone

from forum.jobs.tasks import periodic
from forum.moderation.actions import erasing


@periodic("moderation.forget_senders", every=timedelta(days=1))
def forget_senders() -> None:
    """Remove name and address from notices that were settled long ago."""
    erasing.forget_senders(timezone.now())
