"""The words of attached documents, read once."""

from django.db import models
from django.utils import timezone

from forum.discussions.models.attachments import Attachment


class FileText(models.Model):
    """What a program could read in an attached file; a row also where it could read nothing, so
    that it does not try for ever.

    Source: docs/decisions/0040-text-of-files.md.
    """

    class Ending(models.TextChoices):
        """How the reading ended, as forum.lib.document_text says it."""

        READ = "read"
        PART = "part"  # the beginning, until a limit stopped it
        LOCKED = "locked"
        BROKEN = "broken"
        STOPPED = "stopped"

    attachment = models.OneToOneField(
        Attachment, models.CASCADE, primary_key=True, related_name="words"
    )
    text = models.TextField(blank=True)
    ending = models.CharField(max_length=10, choices=Ending)
    reader = models.PositiveSmallIntegerField()  # by which version of the reader
    read_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.attachment_id}: {self.ending}"
