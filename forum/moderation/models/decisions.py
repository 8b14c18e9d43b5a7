"""Decisions that never change, what was said to explain them, and what is said against them."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import Viewer
from forum.moderation.measures import RESTRICTIONS, Measure
from forum.moderation.models.cases import Case


class Grounds(models.Model):
    """What is to be done, and by which rule or law."""

    measure = models.CharField(_("measure"), max_length=20, choices=Measure)
    until = models.DateTimeField(null=True)  # of what ends by itself
    # A section of the forum's rules as they were in that version.
    rule_version = models.PositiveIntegerField(null=True)
    section = models.CharField(max_length=60, blank=True)
    law = models.CharField(max_length=240, blank=True)
    place = models.JSONField(default=dict)  # where to, of measures of threads

    class Meta:
        abstract = True

    @property
    def is_restriction(self) -> bool:
        return self.measure in RESTRICTIONS


class DecisionQuerySet(models.QuerySet["Decision"]):
    def about(self, member: User) -> "DecisionQuerySet":
        """Those that concern the member, the newest first."""
        return self.filter(member=member).order_by("-number")

    def readable_by(self, viewer: Viewer) -> "DecisionQuerySet":
        """Those that concern the viewer, or that answer a report of theirs.

        Moderators read every one: that is asked of `rules.may_read_decision`.
        """
        if not isinstance(viewer, User) or not viewer.is_active:
            return self.none()
        reported = Q(reports__reporter=viewer)
        return self.filter(Q(member=viewer) | reported).distinct()

    def restricting(self, kind: str, subject_pk: int) -> "DecisionQuerySet":
        """Those that take something from the author of the thing, the newest first."""
        of_subject = self.filter(case__kind=kind, case__subject_pk=subject_pk)
        return of_subject.filter(measure__in=RESTRICTIONS).order_by("-number")

    def standing(self) -> "DecisionQuerySet":
        """Those that nobody has taken back."""
        return self.filter(undone_by=None)

    def for_listing(self) -> "DecisionQuerySet":
        return self.select_related("case", "decided_by", "second", "undone_by", "statement")


class Decision(Grounds):
    """One decision; the database refuses to change or delete it, and each holds the hash of the
    one before.

    Source: docs/decisions/0029-decisions.md.
    """

    number = models.PositiveBigIntegerField(unique=True)  # from 1, without gaps
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    member = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # concerned
    on_report = models.BooleanField()  # or by the moderators' own motion
    is_about_office = models.BooleanField()
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    second = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    effects = models.JSONField(default=dict)  # what an undo needs; no words of anybody
    waited_seconds = models.PositiveBigIntegerField(default=0)  # of the case, when it was decided
    statement_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="decision_number_from_one")
        ]
        indexes = [models.Index(fields=["member", "-number"], name="decisions_about_member")]

    def __str__(self) -> str:
        return f"{self.number}/{self.at:%Y}"

    def get_absolute_url(self) -> str:
        return reverse("moderation:decision", args=[self.number])

    @property
    def appeal_until(self) -> datetime:
        return self.at + timedelta(days=settings.APPEAL_DAYS)

    @property
    def is_undone(self) -> bool:
        """Whether it was taken back. Queries: one, none where `undone_by` was selected."""
        return hasattr(self, "undone_by")


class Statement(models.Model):
    """The words of a decision. They may be about a person: an erasure empties them, and the
    decision keeps only their hash."""

    decision = models.OneToOneField(
        Decision, models.PROTECT, primary_key=True, related_name="statement"
    )
    facts = models.TextField(_("facts"), max_length=4000, blank=True)
    own_words = models.TextField(_("own words"), max_length=4000, blank=True)
    salt = models.CharField(max_length=32)  # so that nobody guesses erased words by their hash
    erased_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("statement of reasons")
        verbose_name_plural = _("statements of reasons")

    def __str__(self) -> str:
        return str(self.decision_id)


class Proposal(Grounds):
    """A measure on content about the office, until a second person confirms or declines it."""

    class State(models.TextChoices):
        OPEN = "open", _("waits for a second person")
        CONFIRMED = "confirmed", _("confirmed")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    case = models.ForeignKey(Case, models.PROTECT, related_name="proposals")
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    facts = models.TextField(max_length=4000, blank=True)
    own_words = models.TextField(max_length=4000, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    proposed_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(max_length=2000, blank=True)
    decision = models.OneToOneField(Decision, models.PROTECT, null=True, related_name="proposal")

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="open"), name="one_open_proposal_of_a_case"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.measure}"


class Appeal(models.Model):
    """What somebody says against a decision, once, and what another moderator answers."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("waits")
        UPHELD = "upheld", _("granted")
        DISMISSED = "dismissed", _("not granted")

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="appeal")
    member = models.ForeignKey(User, models.PROTECT, related_name="+")
    words = models.TextField(_("why the decision is wrong"), max_length=4000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN)
    # A decision of its own: restores, or says that the first one stands.
    answer = models.OneToOneField(Decision, models.PROTECT, null=True, related_name="answers")

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.outcome}"

    @property
    def is_open(self) -> bool:
        return self.outcome == self.Outcome.OPEN
