"""The desk, and one case for each thing that waited there."""

from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import Viewer
from forum.lib.numbering import Numbered
from forum.moderation import reviewing

DESK_PK = 1


class Desk(Numbered):
    """The one row that counts the changes of the queue; owner of the stream `desk.1`."""

    class Meta:
        verbose_name = _("desk")
        verbose_name_plural = _("desks")
        constraints = [models.CheckConstraint(condition=Q(pk=DESK_PK), name="only_one_desk")]

    def __str__(self) -> str:
        return f"desk {self.seq}"


class CaseQuerySet(models.QuerySet["Case"]):
    def readable_by(self, viewer: Viewer) -> "CaseQuerySet":
        """Cases about what stands in places that the viewer may read.

        Whether the viewer moderates at all is asked of `rules.may_moderate`.
        """
        of_kinds = [
            Q(kind=each.kind, subject_pk__in=each.readable(viewer)) for each in reviewing.kinds()
        ]
        return self.filter(reduce(or_, of_kinds)) if of_kinds else self.none()

    def open(self) -> "CaseQuerySet":
        """Those that wait for anybody."""
        return self.exclude(state=Case.State.CLOSED)

    def about(self, kind: str, subject_pk: int) -> "CaseQuerySet":
        return self.filter(kind=kind, subject_pk=subject_pk)

    def waiting_for(self, reason: str) -> "CaseQuerySet":
        """Those that wait for this reason among others."""
        return self.open().filter(reasons__contains=reason)

    def for_listing(self) -> "CaseQuerySet":
        """With everything a row of the queue shows."""
        waiting = Q(reports__outcome="open")
        first = Case.objects.filter(waiting, pk=OuterRef("pk")).order_by("reports__created_at")
        return self.select_related("lease_by", "author").annotate(
            reports_count=models.Count("reports", filter=waiting),
            reports_kind=models.Subquery(first.values("reports__kind")[:1]),
        )

    def counts(self) -> dict[str, Any]:
        """How many wait for each reason, for a second person ("second"), and "all" together; and
        since when the "oldest" waits. Queries: one."""
        of_reasons = {
            reason.value: models.Count("pk", filter=Q(reasons__contains=reason.value))
            for reason in Case.Reason
        }
        return self.open().aggregate(
            all=models.Count("pk"),
            second=models.Count("pk", filter=Q(state=Case.State.SECOND_OPINION)),
            oldest=models.Min("waiting_since"),
            **of_reasons,
        )

    def most_urgent_first(self) -> "CaseQuerySet":
        return self.order_by("due_at", "pk")


class Case(models.Model):
    """What moderators know of one thing and what they have to decide; reopened by what is new.

    Source: docs/decisions/0029-decisions.md.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits")
        SECOND_OPINION = "second", _("waits for a second person")
        CLOSED = "closed", _("closed")

    class Reason(models.TextChoices):
        """Why it waits. No word is a part of another one: they are kept in one text."""

        REPORTED = "reported", _("report")
        NOTICE = "notice", _("notice from outside")
        HELD = "held", _("before publication")
        CORRECTED = "corrected", _("corrected by the author")
        APPEAL = "appeal", _("appeal")
        OWN_MOTION = "own", _("found by a moderator")
        VERIFICATION = "verification", _("organization to verify")
        UNDONE = "undone", _("decision undone")

    kind = models.CharField(max_length=20)  # of forum.moderation.reviewing
    subject_pk = models.BigIntegerField()
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # What rows show, as it was when it came to the desk; only of what every member may read, since
    # the desk's stream is the same for all who listen.
    title = models.CharField(max_length=160, blank=True)
    excerpt = models.CharField(max_length=240, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reasons = models.CharField(max_length=120, blank=True)  # words of Reason, one space between
    version = models.PositiveIntegerField(default=1)
    is_about_office = models.BooleanField(default=False)
    urgency = models.IntegerField(default=0)  # points, each as good as an hour of waiting
    opened_at = models.DateTimeField(default=timezone.now)
    waiting_since = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)  # waiting_since less the urgency
    closed_at = models.DateTimeField(null=True)
    lease_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    lease_until = models.DateTimeField(null=True)
    seq = models.BigIntegerField(default=0)  # the desk's change number of the last change

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_pk"], name="one_case_of_a_subject"),
            models.CheckConstraint(condition=Q(version__gte=1), name="case_version_from_one"),
        ]
        indexes = [
            models.Index(fields=["seq"], name="case_by_change"),
            models.Index(
                fields=["due_at", "id"], condition=~Q(state="closed"), name="open_cases_by_urgency"
            ),
            models.Index(fields=["author"], name="cases_of_author"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_pk}"

    @property
    def is_open(self) -> bool:
        return self.state != self.State.CLOSED

    @property
    def reason_list(self) -> list["Case.Reason"]:
        return [self.Reason(word) for word in self.reasons.split()]

    @property
    def is_leased(self) -> bool:
        """Whether somebody looks at it now."""
        return self.lease_until is not None and self.lease_until > timezone.now()


class StaffNote(models.Model):
    """What moderators tell each other about a case; nobody else reads it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    words = models.TextField(max_length=2000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("staff note")
        verbose_name_plural = _("staff notes")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.at:%Y-%m-%d %H:%M}"
