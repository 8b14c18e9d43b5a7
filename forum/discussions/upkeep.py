"""Daily tidying of what members attached and never sent, and of texts that were not published."""

from datetime import timedelta

from django.utils import timezone

from forum.discussions.actions import attaching, waiting
from forum.jobs.tasks import periodic


@periodic("discussions.clear_attachments", every=timedelta(days=1))
def clear_attachments() -> None:
    """Remove unsent files that are old, and files without a row."""
    attaching.clear(timezone.now())


@periodic("discussions.clear_held_texts", every=timedelta(days=1))
def clear_held_texts() -> None:
    """Remove what became of held texts when nobody can appeal any more."""
    waiting.clear(timezone.now())
