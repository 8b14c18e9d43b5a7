"""What members and people without an account say against a text."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.moderation.models.cases import Case


class ReportQuerySet(models.QuerySet["Report"]):
    def open(self) -> "ReportQuerySet":
        return self.filter(outcome=Report.Outcome.OPEN)

    def settled(self) -> "ReportQuerySet":
        return self.exclude(outcome=Report.Outcome.OPEN)


class Report(models.Model):
    """One report of a member, or one notice from outside (without `reporter`)."""

    class Kind(models.TextChoices):
        SPAM = "spam", _("advertising or spam")
        OFFENSIVE = "offensive", _("offends somebody")
        CHILD_ABUSE = "child_abuse", _("sexual abuse of children")
        UNLAWFUL = "unlawful", _("breaks the law")
        PERSONAL_DATA = "personal_data", _("shows somebody's personal data")
        OFF_TOPIC = "off_topic", _("does not belong here")
        OTHER = "other", _("something else")

    class Outcome(models.TextChoices):
        OPEN = "open", _("waits")
        UPHELD = "upheld", _("right")
        DISMISSED = "dismissed", _("no reason to act")

    case = models.ForeignKey(Case, models.PROTECT, related_name="reports")
    reporter = models.ForeignKey(User, models.PROTECT, null=True, related_name="reports")
    kind = models.CharField(_("why"), max_length=20, choices=Kind)
    words = models.TextField(_("what is wrong"), max_length=2000, blank=True)
    says_about_office = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN)
    decision = models.ForeignKey(
        "Decision", models.PROTECT, null=True, related_name="reports"
    )  # that settled it
    # Of a notice from outside. Source: DSA art. 16.
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(max_length=2, choices=User.Language, default=User.Language.POLISH)
    in_good_faith = models.BooleanField(default=False)
    receipt = models.CharField(max_length=16, null=True, unique=True)  # the code it is known by

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "reporter"],
                condition=Q(outcome="open"),
                name="one_open_report_of_a_member",
            ),
            models.CheckConstraint(
                condition=Q(reporter__isnull=False) | Q(receipt__isnull=False),
                name="report_of_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"

    @property
    def is_notice(self) -> bool:
        return self.reporter_id is None
