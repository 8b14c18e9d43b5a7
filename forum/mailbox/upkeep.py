"""Daily letting go of mails that were kept long enough."""

from datetime import timedelta

from django.utils import timezone

from forum.jobs.tasks import periodic
from forum.mailbox.actions import keeping


@periodic("mailbox.clear", every=timedelta(days=1))
def clear() -> None:
    """Forget originals after MAIL_ORIGINAL_DAYS, and after a year that there was a mail."""
    keeping.clear(timezone.now())
