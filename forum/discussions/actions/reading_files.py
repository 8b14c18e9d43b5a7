"""Reading the words of attached documents, in the background: what strangers send may be long,
broken or made to do harm."""

from pathlib import Path

from django.db import transaction
from django.utils import timezone

from forum.discussions.models import Attachment, FileText, Post
from forum.discussions.searching import FILE, hold_threads
from forum.jobs.tasks import task
from forum.lib.document_text import READER, DocumentText, read_document
from forum.search import actions as search

# A worker that dies over a file, rather than the process that reads it, is not sent to die again.
ATTEMPTS = 3


def read(pk: int) -> None:
    """Read the words of this attachment, keep them, and have the file found by them.

    Nothing where they have been read, or the file is gone. Takes up to the reader's SECONDS_MAX.
    Raises: OSError where the file is not where it should be.
    Locks: the thread's row, when the words are there.
    """
    attachment = Attachment.objects.documents().unread().filter(pk=pk).first()
    if attachment is None:
        return
    with Path(attachment.file.path).open("rb") as file:
        found = read_document(file, attachment.kind)
    while not _kept(pk, found):
        pass


@task("discussions.read_file", attempts=ATTEMPTS)
def read_file(pk: int) -> None:
    """The worker's part: the words of one attachment."""
    read(pk)


def _kept(pk: int, found: DocumentText) -> bool:
    """Keep what was found; false where the post was moved at this very moment."""
    with transaction.atomic():
        if not hold_threads(Post.objects.filter(attachments=pk)):
            return False
        documents = Attachment.objects.documents().filter(pk=pk)
        if documents.select_for_update(of=("self",)).first() is None:
            return True  # it was taken away while it was read
        FileText.objects.update_or_create(
            attachment_id=pk,
            defaults={
                "text": found.text,
                "ending": found.ending,
                "reader": READER,
                "read_at": timezone.now(),
            },
        )
        search.index(FILE, [pk])
    return True
