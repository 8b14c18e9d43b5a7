"""Files that members attach to posts: pictures, PDFs, office files."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import Viewer
from forum.discussions.models.held import HeldText
from forum.discussions.models.posts import Post
from forum.lib.document_text import KINDS, READER
from forum.lib.pictures import ALT_MAX_CHARS
from forum.lib.private_files import private_storage, random_place
from forum.lib.uploads import CONTENT_TYPES, NAME_MAX_CHARS, size_words
from forum.moderation.rules import may_moderate

ICONS = {"image": "picture", "ods": "sheet", "xlsx": "sheet", "odp": "slides", "pptx": "slides"}


DIRECTORY = "attachments"


def new_place(_row: object, _name: str) -> str:
    """Where a new file is kept: a name that says nothing of it."""
    return random_place(DIRECTORY)


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def readable_by(self, viewer: Viewer) -> "AttachmentQuerySet":
        """Those of posts that stand and may be read, and one's own: unsent, taken back or hidden;
        those of hidden posts for moderators."""
        posts = Post.objects.readable_by(viewer)
        readable = Q(post__in=posts.filter(state=Post.State.PUBLISHED).values("pk"))
        if isinstance(viewer, User) and viewer.is_active:
            taken_back = posts.filter(state__in=Post.TOMBSTONES, author=viewer).values("pk")
            readable |= Q(post=None, uploader=viewer) | Q(post__in=taken_back)
            if may_moderate(viewer):
                hidden = posts.filter(state__in=Post.HIDDEN_STATES)
                readable |= Q(post__in=hidden.values("pk"))
                held = HeldText.objects.unsettled().standing_where(viewer)
                readable |= Q(held__in=held.values("pk"))
        return self.filter(readable)

    def documents(self) -> "AttachmentQuerySet":
        """Those of posts that words can be read in: all but pictures."""
        return self.filter(kind__in=KINDS, post__isnull=False)

    def unread(self) -> "AttachmentQuerySet":
        """Those whose words the present reader has not read yet."""
        return self.exclude(words__reader=READER)

    def unsent_by(self, user: User) -> "AttachmentQuerySet":
        """What the member attached to texts that are not sent yet."""
        return self.filter(uploader=user, post=None, held=None)


class Attachment(models.Model):
    """One file of a post, or of a text that is still being written.

    Source: docs/decisions/0017-attachments.md.
    """

    class Kind(models.TextChoices):
        IMAGE = "image", _("picture")
        PDF = "pdf", "PDF"
        ODT = "odt", "ODT"
        ODS = "ods", "ODS"
        ODP = "odp", "ODP"
        DOCX = "docx", "DOCX"
        XLSX = "xlsx", "XLSX"
        PPTX = "pptx", "PPTX"

    # Its public name: nobody guesses it, and it says nothing of how many there are.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    uploader = models.ForeignKey(User, models.CASCADE, related_name="+", editable=False)
    # The place it was attached in, as of a draft: thread-42, category-3, post-77.
    context = models.CharField(max_length=60, editable=False)
    post = models.ForeignKey(
        Post, models.CASCADE, null=True, related_name="attachments", editable=False
    )
    # The text it waits with until a moderator has seen both.
    held = models.ForeignKey(
        HeldText, models.SET_NULL, null=True, related_name="attachments", editable=False
    )
    kind = models.CharField(max_length=10, choices=Kind, editable=False)
    name = models.CharField(max_length=NAME_MAX_CHARS, editable=False)
    file = models.FileField(
        storage=private_storage, upload_to=new_place, max_length=80, editable=False
    )
    size_bytes = models.PositiveIntegerField(editable=False)
    width = models.PositiveIntegerField(null=True, editable=False)  # pixels, of a picture
    height = models.PositiveIntegerField(null=True, editable=False)
    alt = models.CharField(_("description"), max_length=ALT_MAX_CHARS, blank=True)
    # Of a PDF, whether a screen reader finds words in it; null where it is not known.
    has_text = models.BooleanField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="image") | Q(width__gte=1, height__gte=1),
                name="picture_has_a_size",
            )
        ]
        indexes = [
            models.Index(
                fields=["uploader", "context"], condition=Q(post=None), name="unsent_attachments"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("discussions:attachment", args=[self.key])

    @property
    def is_image(self) -> bool:
        return self.kind == self.Kind.IMAGE

    @property
    def is_scan(self) -> bool:
        """Whether it is a PDF without text: nobody can have it read aloud, or search in it."""
        return self.has_text is False

    @property
    def icon(self) -> str:
        """The drawing of its kind in icons.svg."""
        return ICONS.get(self.kind, "file")

    @property
    def size(self) -> str:
        """Its size in words."""
        return size_words(self.size_bytes)

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.kind]

    @property
    def drawn(self) -> dict[str, object]:
        """The attributes of its picture in a text."""
        return {"alt": self.spoken, "width": self.width, "height": self.height}

    @property
    def spoken(self) -> str:
        """What is said of a picture to those who do not see it."""
        return self.alt or gettext("A picture without a description")
