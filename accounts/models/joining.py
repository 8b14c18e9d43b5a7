"""How people come into an organization: it invites them, or they ask."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.mandates import Mandate, represented_by
from accounts.models.organizations import Organization
from accounts.models.people import User


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def readable_by(self, viewer: User | AnonymousUser) -> "InvitationQuerySet":
        """Those of the organizations whose people the viewer manages."""
        if not isinstance(viewer, User) or not viewer.is_active:
            return self.none()
        return self if viewer.is_staff else self.filter(organization__in=represented_by(viewer))

    def sent_to(self, addresses: Iterable[str]) -> "InvitationQuerySet":
        """Those whose letter went to one of the addresses."""
        return self.filter(email__in=addresses)

    def open(self) -> "InvitationQuerySet":
        """Neither accepted nor revoked; one whose time is over is still open for a renewal."""
        return self.filter(accepted_at=None, revoked_at=None)

    def usable(self) -> "InvitationQuerySet":
        """Open, and its time is not over."""
        return self.open().filter(expires_at__gt=timezone.now())


class Invitation(models.Model):
    """A letter of an organization that lets its reader in; each time tells how far it got."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="invitations", verbose_name=_("organization")
    )
    email = models.EmailField(_("e-mail address"), max_length=254)
    role = models.CharField(_("role"), max_length=20, choices=Mandate.Role)
    invited_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("invited by")
    )
    # The last day of the mandate it leads to; none for one without an end.
    mandate_valid_to = models.DateField(_("mandate until"), null=True, blank=True)
    # The token itself stands only in the letter.
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    # By which a mail server that could not deliver the letter names it.
    message_id = models.CharField(max_length=200, blank=True, editable=False)
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    bounced_at = models.DateTimeField(_("bounced"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    expires_at = models.DateTimeField(_("valid until"))

    class Standing(models.TextChoices):
        SENT = "sent", _("sent")
        OPENED = "opened", _("opened")
        BOUNCED = "bounced", _("not delivered")
        ACCEPTED = "accepted", _("accepted")
        REVOKED = "revoked", _("withdrawn")
        EXPIRED = "expired", _("expired")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="invitation_email_is_lower"
            ),
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation_per_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} – {self.organization_id}"

    @property
    def standing(self) -> "Invitation.Standing":
        """How far it got."""
        if self.accepted_at is not None:
            return self.Standing.ACCEPTED
        if self.revoked_at is not None:
            return self.Standing.REVOKED
        if self.expires_at <= timezone.now():
            return self.Standing.EXPIRED
        if self.bounced_at is not None:
            return self.Standing.BOUNCED
        return self.Standing.OPENED if self.opened_at is not None else self.Standing.SENT

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None

    @property
    def is_usable(self) -> bool:
        return self.is_open and self.expires_at > timezone.now()

    @property
    def changed_at(self) -> datetime:
        """When it came to where it stands."""
        moments = {
            self.Standing.ACCEPTED: self.accepted_at,
            self.Standing.REVOKED: self.revoked_at,
            self.Standing.EXPIRED: self.expires_at,
            self.Standing.BOUNCED: self.bounced_at,
            self.Standing.OPENED: self.opened_at,
            self.Standing.SENT: self.sent_at,
        }
        return moments[self.standing] or self.created_at


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    def readable_by(self, viewer: User | AnonymousUser) -> "JoinRequestQuerySet":
        """One's own, and those to the organizations whose people one manages."""
        if not isinstance(viewer, User) or not viewer.is_active:
            return self.none()
        if viewer.is_staff:
            return self
        return self.filter(Q(user=viewer) | Q(organization__in=represented_by(viewer)))

    def open(self) -> "JoinRequestQuerySet":
        return self.filter(answered_at=None)


class JoinRequest(models.Model):
    """A member asks an organization to be let in; the organization answers."""

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("taken back")

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="join_requests", verbose_name=_("organization")
    )
    user = models.ForeignKey(
        User, models.CASCADE, related_name="join_requests", verbose_name=_("member")
    )
    role = models.CharField(_("role"), max_length=20, choices=Mandate.Role)
    message = models.TextField(_("message"), blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, blank=True)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user"],
                condition=Q(answered_at=None),
                name="one_open_join_request_per_member",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="")
                | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="join_request_is_answered_or_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} – {self.organization_id}"
