"""Mails that members sent to the forum, and what became of each."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.discussions.models import HeldText, Post, Thread
from forum.lib.private_files import private_storage, random_place

DIRECTORY = "mail"
ADDRESS_MAX_CHARS = 320
SUBJECT_MAX_CHARS = 300
MESSAGE_ID_MAX_CHARS = 520


def new_place(_row: object, _name: str) -> str:
    """Where the original of a mail is kept: a name that says nothing of it."""
    return random_place(DIRECTORY)


class InboundQuerySet(models.QuerySet["Inbound"]):
    def sent_by(self, member: User) -> Self:
        """What came to the member's own reply addresses; nobody else sees it."""
        return self.filter(member=member)

    def waiting(self) -> Self:
        return self.filter(state=Inbound.State.WAITING)

    def originals_before(self, moment: datetime) -> Self:
        """Those whose original, or what was read of it, is still kept and older than that."""
        kept = ~Q(original="") | ~Q(whole="") | ~Q(text="")
        return self.filter(kept, received_at__lt=moment).exclude(state=Inbound.State.WAITING)


class Inbound(models.Model):
    """One mail that came to a reply address. Source: docs/decisions/0036-mail-in.md."""

    class State(models.TextChoices):
        WAITING = "waiting", _("is being read")
        POSTED = "posted", _("published as a post")
        HELD = "held", _("waits for a moderator")
        REFUSED = "refused", _("not published")
        # Of a machine: nobody is told, since the answer would only wake it again.
        AUTOMATIC = "automatic", _("automatic message, not published")

    class Reason(models.TextChoices):
        WRONG_SENDER = "wrong_sender", _("sent from another address")
        EXPIRED = "expired", _("the reply address has expired")
        TOO_LARGE = "too_large", _("too large")
        TOO_MANY = "too_many", _("too many mails in an hour")
        EMPTY = "empty", _("no text")
        UNFIT = "unfit", _("the text does not fit")
        NOT_ALLOWED = "not_allowed", _("not allowed")
        UNREADABLE = "unreadable", _("unreadable")

    # Of Message-ID and recipient: the same mail, brought twice, is one.
    key = models.CharField(max_length=64, unique=True, editable=False)
    member = models.ForeignKey(User, models.CASCADE, related_name="+", editable=False)
    recipient = models.CharField(max_length=ADDRESS_MAX_CHARS, editable=False)
    sender = models.CharField(max_length=ADDRESS_MAX_CHARS, blank=True, editable=False)
    subject = models.CharField(max_length=SUBJECT_MAX_CHARS, blank=True, editable=False)
    message_id = models.CharField(max_length=MESSAGE_ID_MAX_CHARS, blank=True, editable=False)
    original = models.FileField(
        storage=private_storage, upload_to=new_place, max_length=80, blank=True, editable=False
    )
    size_bytes = models.PositiveIntegerField(editable=False)
    is_whole = models.BooleanField(default=True, editable=False)  # not only the head of a huge one
    whole = models.TextField(blank=True, editable=False)  # all its words
    text = models.TextField(blank=True, editable=False)  # the writer's own among them, as Markdown
    state = models.CharField(max_length=10, choices=State, default=State.WAITING, editable=False)
    reason = models.CharField(max_length=15, choices=Reason, blank=True, editable=False)
    # What the member was told, in their language: why not, and what else there is to say.
    sentence = models.CharField(max_length=600, blank=True, editable=False)
    remarks = models.JSONField(default=list, editable=False)
    thread = models.ForeignKey(Thread, models.SET_NULL, null=True, related_name="+", editable=False)
    post = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="+", editable=False)
    held = models.ForeignKey(HeldText, models.SET_NULL, null=True, related_name="+", editable=False)
    draft_context = models.CharField(max_length=60, blank=True, editable=False)  # where it is kept
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    settled_at = models.DateTimeField(null=True, editable=False)

    objects = InboundQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail received")
        verbose_name_plural = _("mails received")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="refused_mail_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(settled_at__isnull=False),
                name="settled_mail_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "-received_at", "-id"], name="mail_by_member"),
            models.Index(
                fields=["received_at"], condition=~Q(original=""), name="mail_with_original"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.message_id or self.key[:12]}"

    def get_absolute_url(self) -> str:
        return reverse("mailbox:mail", args=[self.pk])

    @property
    def called(self) -> str:
        """Its subject, or the words for a mail that has none."""
        return self.subject or gettext("Mail without a subject")

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_posted(self) -> bool:
        return self.state == self.State.POSTED

    @property
    def is_held(self) -> bool:
        return self.state == self.State.HELD

    @property
    def is_refused(self) -> bool:
        return self.state == self.State.REFUSED
