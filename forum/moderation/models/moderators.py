"""Who decides beside staff, what they write again and again, and what private data was read."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.moderation.measures import Measure


class ModeratorQuerySet(models.QuerySet["Moderator"]):
    def current(self, day: date | None = None) -> "ModeratorQuerySet":
        """Whose term holds on the day, today where none is given."""
        day = day or timezone.localdate()
        return self.filter(since__lte=day, until__gte=day)


class Moderator(models.Model):
    """A member whom organizations elected to moderate: not of the office, and for a time."""

    user = models.ForeignKey(
        User, models.PROTECT, related_name="moderator_terms", verbose_name=_("member")
    )
    since = models.DateField(_("from"), default=timezone.localdate)
    until = models.DateField(_("to"))
    elected_by = models.CharField(
        _("who elected them, and when"), max_length=240, help_text=_("Shown to everybody.")
    )

    objects = ModeratorQuerySet.as_manager()

    class Meta:
        verbose_name = _("elected moderator")
        verbose_name_plural = _("elected moderators")
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=models.F("since")), name="moderator_term_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.since} – {self.until}"


class SavedReply(models.Model):
    """Words that moderators use again, offered where a decision is written."""

    title = models.CharField(_("title"), max_length=80)
    words = models.TextField(_("words"), max_length=2000)
    # Offered first where this is chosen; with every measure where it is empty.
    measure = models.CharField(_("for"), max_length=20, choices=Measure, blank=True)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("saved reply")
        verbose_name_plural = _("saved replies")
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class AccessNote(models.Model):
    """That somebody of the staff read private data of a member: the member sees it."""

    class What(models.TextChoices):
        EMAIL = "email", _("e-mail address")
        WITHDRAWN_TEXT = "withdrawn_text", _("a text that was withdrawn")
        HIDDEN_TEXT = "hidden_text", _("a text that others do not see")
        DECISIONS = "decisions", _("earlier decisions")
        DOCUMENT = "document", _("a private document")

    reader = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("who read"))
    member = models.ForeignKey(
        User, models.PROTECT, related_name="access_notes", verbose_name=_("whose data")
    )
    what = models.CharField(_("what"), max_length=20, choices=What)
    place = models.CharField(_("where"), max_length=200, blank=True)  # an address of the forum
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("reading of private data")
        verbose_name_plural = _("readings of private data")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["member", "-at"], name="access_by_member")]

    def __str__(self) -> str:
        return f"{self.reader_id} → {self.member_id}: {self.what}"
