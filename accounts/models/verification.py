"""Cases in which the adviser checks what somebody says of an organization."""

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.documents import private_storage, random_name
from accounts.models.mandates import Mandate
from accounts.models.organizations import Organization
from accounts.models.people import User


class VerificationCaseQuerySet(models.QuerySet["VerificationCase"]):
    def open(self) -> "VerificationCaseQuerySet":
        """Not decided yet: waiting for the adviser, or for an answer to the adviser's question."""
        return self.filter(state__in=VerificationCase.OPEN_STATES)

    def waiting(self) -> "VerificationCaseQuerySet":
        """The adviser's turn."""
        return self.filter(state=VerificationCase.State.WAITING)

    def readable_by(self, viewer: User | AnonymousUser) -> "VerificationCaseQuerySet":
        """Staff read every case, others those that they opened."""
        if not isinstance(viewer, User) or not viewer.is_active:
            return self.none()
        return self if viewer.is_staff else self.filter(opened_by=viewer)

    def oldest_first(self) -> "VerificationCaseQuerySet":
        return self.order_by("opened_at", "pk")

    def for_listing(self) -> "VerificationCaseQuerySet":
        """With the organization and who opened it. Queries: one, however long the list."""
        return self.select_related("organization", "opened_by")


class VerificationCase(models.Model):
    """What a member claims for an organization, what the register says, and the decision."""

    class Kind(models.TextChoices):
        CLAIM = "claim", _("takes over a profile from a public list")
        NEW = "new", _("a new organization")
        CHANGE = "change", _("a changed name or number")
        SUCCESSION = "succession", _("takes over from representatives who left")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        ASKED = "asked", _("asked to complete")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    OPEN_STATES = (State.WAITING, State.ASKED)

    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="verification_cases",
        verbose_name=_("organization"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    opened_by = models.ForeignKey(
        User, models.PROTECT, related_name="verification_cases", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened"), default=timezone.now, editable=False)
    # What the person is in the organization, in their own words, and what they act on.
    position = models.CharField(_("function in the organization"), max_length=120, blank=True)
    ground = models.CharField(_("ground"), max_length=20, choices=Mandate.Ground, blank=True)
    # The profile as it was claimed; later edits of the profile do not reach it.
    claimed = models.JSONField(_("what was claimed"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    register_facts = models.JSONField(_("what the register says"), null=True, blank=True)
    facts_fetched_at = models.DateTimeField(_("asked of the register"), null=True, blank=True)
    # Counts the steps: two who decide at once find out, the second is told.
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = VerificationCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        indexes = [models.Index(fields=["state", "opened_at"], name="verification_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "opened_by"],
                condition=Q(state__in=["waiting", "asked"]),
                name="one_open_verification_per_member",
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(kind="change", state__in=["waiting", "asked"]),
                name="one_open_change_per_organization",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} – {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        """The page of whoever opened it."""
        return reverse("accounts:case", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN_STATES


class CaseEntryQuerySet(models.QuerySet["CaseEntry"]):
    def readable_by(self, viewer: User | AnonymousUser) -> "CaseEntryQuerySet":
        """Those of the cases that the viewer reads."""
        return self.filter(case__in=VerificationCase.objects.readable_by(viewer))

    def with_document(self) -> "CaseEntryQuerySet":
        return self.exclude(document="")


class CaseEntry(models.Model):
    """What was said in a case: by whoever opened it, or by the adviser who asked."""

    case = models.ForeignKey(
        VerificationCase, models.CASCADE, related_name="entries", verbose_name=_("verification")
    )
    author = models.ForeignKey(
        User, models.PROTECT, related_name="case_entries", verbose_name=_("author")
    )
    text = models.TextField(_("message"), blank=True)
    # Private: only staff and who sent it in may read it. Removed some time after the decision;
    # its name stays and says that there was one.
    document = models.FileField(
        _("document"), storage=private_storage, upload_to=random_name, max_length=200, blank=True
    )
    document_name = models.CharField(_("name of the document"), max_length=120, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)

    objects = CaseEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of a verification")
        verbose_name_plural = _("entries of verifications")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.case_id} – {self.author_id}"
