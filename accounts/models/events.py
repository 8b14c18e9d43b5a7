"""The log of an organization: every step, who took it and when. Rows are added, never changed."""

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models.organizations import Organization
from accounts.models.people import User


class OrganizationEvent(models.Model):
    """One step. `actor` is empty where the forum itself took it: an import, a date that passed."""

    class Kind(models.TextChoices):
        CREATED = "created", _("profile created")
        IMPORTED = "imported", _("profile taken from a public list")
        CHANGED = "changed", _("profile changed")
        CLAIMED = "claimed", _("profile taken over")
        MANDATE_GRANTED = "mandate_granted", _("mandate granted")
        MANDATE_CHANGED = "mandate_changed", _("mandate changed")
        MANDATE_ENDED = "mandate_ended", _("mandate ended")
        MANDATE_CONFIRMED = "mandate_confirmed", _("mandate confirmed")
        NAME_SHOWN = "name_shown", _("consent to show the name given")
        NAME_HIDDEN = "name_hidden", _("consent to show the name withdrawn")
        HANDED_OVER = "handed_over", _("handed over")
        SUCCESSION_NEEDED = "succession_needed", _("left without a representative")
        INVITED = "invited", _("person invited")
        INVITATION_ACCEPTED = "invitation_accepted", _("invitation accepted")
        INVITED_AGAIN = "invited_again", _("invitation sent again")
        INVITATION_BOUNCED = "invitation_bounced", _("invitation not delivered")
        INVITATION_REVOKED = "invitation_revoked", _("invitation revoked")
        JOIN_ASKED = "join_asked", _("asked to join")
        JOIN_WITHDRAWN = "join_withdrawn", _("request to join taken back")
        JOIN_ANSWERED = "join_answered", _("request to join answered")
        VERIFICATION_OPENED = "verification_opened", _("verification asked for")
        VERIFICATION_ASKED = "verification_asked", _("the adviser asked for more")
        VERIFICATION_ACCEPTED = "verification_accepted", _("verified")
        VERIFICATION_REFUSED = "verification_refused", _("verification refused")
        VERIFICATION_ANSWERED = "verification_answered", _("the adviser's question answered")
        VERIFICATION_WITHDRAWN = "verification_withdrawn", _("verification withdrawn")
        DOCUMENT_READ = "document_read", _("private document read")

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="events", verbose_name=_("organization")
    )
    actor = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organization_events",
        verbose_name=_("by"),
    )
    # No choices here: a new kind of step is no change of the table.
    kind = models.CharField(_("step"), max_length=40)
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    details = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        verbose_name = _("step of an organization")
        verbose_name_plural = _("steps of organizations")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["organization", "-at"], name="organization_log")]

    def __str__(self) -> str:
        return f"{self.organization_id} – {self.kind_label}"

    @property
    def kind_label(self) -> str | Promise:
        return self.Kind(self.kind).label if self.kind in self.Kind.values else self.kind
