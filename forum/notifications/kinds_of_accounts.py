"""What members are told of organizations: invitations, requests, verifications, mandates.

The room of accounts is lower and cannot know this one: its log is read here, through the plugs of
accounts/plugs.py. About most of it accounts writes a letter itself, and it is not mailed twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from allauth.account.models import EmailAddress
from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import (
    Invitation,
    JoinRequest,
    Mandate,
    Organization,
    User,
    VerificationCase,
)
from accounts.rules import advisers, representatives_of, who_answers_for
from forum.notifications.kinds import Filing, Kind, Told
from forum.notifications.models import Event, Notification

Row = TypeVar("Row", bound=Model)


class OfAccounts(Kind, Generic[Row]):
    """A kind about one row of accounts, told to few members."""

    about: str  # what events of this kind name
    is_personal = True
    has_own_mail = True

    def rows(self) -> QuerySet[Row]:
        """The rows of which there is still something to tell, with their organizations."""
        raise NotImplementedError

    def meant(self, row: Row) -> QuerySet[User]:
        """Who is told of it, and may see it."""
        raise NotImplementedError

    def title(self, row: Row) -> str:
        """One sentence in the active language."""
        raise NotImplementedError

    def url(self, row: Row) -> str:
        raise NotImplementedError

    def organization(self, row: Any) -> Organization:
        found: Organization = row.organization
        return found

    def recipients(self, event: Event) -> QuerySet[User]:
        row = self.rows().filter(pk=event.about_pk).first()
        return self.meant(row) if row is not None else User.objects.none()

    def who_may_see(self, event: Event) -> QuerySet[User]:
        return self.recipients(event).filter(is_active=True)

    def seen_by(self, member: User, events: Iterable[Event]) -> set[int]:
        # Few rows, each with few people: asked one by one.
        rows = self.rows().in_bulk({event.about_pk for event in events})
        seen = {pk for pk, row in rows.items() if self.meant(row).filter(pk=member.pk).exists()}
        return {event.pk for event in events if event.about_pk in seen and member.is_active}

    def filing(self, event: Event) -> Filing | None:
        row = self.rows().filter(pk=event.about_pk).first()
        if row is None:
            return None
        return Filing(f"organization.{self.organization(row).pk}", event.about)

    def words(self, notifications: Sequence[Notification]) -> Mapping[int, Told]:
        rows = self.rows().in_bulk({each.last_event.about_pk for each in notifications})
        return {
            each.pk: self._told(rows[pk])
            for each in notifications
            if (pk := each.last_event.about_pk) in rows
        }

    def mutes(self, notification: Notification) -> str:
        return ""  # what one is answerable for is not muted by place

    def _told(self, row: Row) -> Told:
        organization = self.organization(row)
        return Told(
            title=self.title(row),
            text="",
            url=self.url(row),
            heading=organization.called,
            heading_url=organization.get_absolute_url(),
        )


class Invited(OfAccounts[Invitation]):
    """An organization invites the address of a member."""

    name = "invitation"
    chapter = "answer"
    about = "invitation"

    def rows(self) -> QuerySet[Invitation]:
        return Invitation.objects.usable().select_related("organization")

    def meant(self, row: Invitation) -> QuerySet[User]:
        proven = EmailAddress.objects.filter(email=row.email, verified=True)
        return User.objects.filter(pk__in=proven.values("user"))

    def title(self, row: Invitation) -> str:
        return _("An invitation waits for your answer")

    def url(self, row: Invitation) -> str:
        return reverse("accounts:own_organizations")

    def why(self, notification: Notification) -> str:
        return _("You are told because an organization invites you.")


class JoinAsked(OfAccounts[JoinRequest]):
    """Somebody asks to be let into an organization that the member answers for."""

    name = "join_request"
    chapter = "answer"
    about = "join_request"

    def rows(self) -> QuerySet[JoinRequest]:
        return JoinRequest.objects.open().select_related("organization", "user")

    def meant(self, row: JoinRequest) -> QuerySet[User]:
        return who_answers_for(row.organization)

    def title(self, row: JoinRequest) -> str:
        return _("%(name)s asks to join") % {"name": row.user.display_name}

    def url(self, row: JoinRequest) -> str:
        return reverse("accounts:join_request", args=[row.pk])

    def why(self, notification: Notification) -> str:
        return _("You are told because you answer for this organization.")


class JoinAnswered(OfAccounts[JoinRequest]):
    """The member's own request was answered."""

    name = "join_answer"
    chapter = "decided"
    about = "join_request"

    def rows(self) -> QuerySet[JoinRequest]:
        answered = [JoinRequest.Answer.ACCEPTED, JoinRequest.Answer.DECLINED]
        return JoinRequest.objects.filter(answer__in=answered).select_related("organization")

    def meant(self, row: JoinRequest) -> QuerySet[User]:
        return User.objects.filter(pk=row.user_id)

    def title(self, row: JoinRequest) -> str:
        if row.answer == JoinRequest.Answer.ACCEPTED:
            return _("Your request to join was accepted")
        return _("Your request to join was declined")

    def url(self, row: JoinRequest) -> str:
        return reverse("accounts:own_organizations")

    def why(self, notification: Notification) -> str:
        return _("You are told because you asked to join.")


class CaseWaiting(OfAccounts[VerificationCase]):
    """A verification waits for the adviser."""

    name = "case_waiting"
    chapter = "answer"
    about = "case"
    has_own_mail = False

    def rows(self) -> QuerySet[VerificationCase]:
        return VerificationCase.objects.waiting().select_related("organization")

    def meant(self, row: VerificationCase) -> QuerySet[User]:
        return advisers()

    def title(self, row: VerificationCase) -> str:
        return _("A verification waits for you")

    def url(self, row: VerificationCase) -> str:
        return reverse("accounts:desk_case", args=[row.pk])

    def why(self, notification: Notification) -> str:
        return _("You are told because you work for the forum.")


class CaseDecided(OfAccounts[VerificationCase]):
    """The adviser decided on what the member asked, or asks for more."""

    name = "verification"
    chapter = "decided"
    about = "case"

    def rows(self) -> QuerySet[VerificationCase]:
        return VerificationCase.objects.filter(state__in=TITLES).select_related("organization")

    def meant(self, row: VerificationCase) -> QuerySet[User]:
        return User.objects.filter(pk=row.opened_by_id)

    def title(self, row: VerificationCase) -> str:
        return TITLES[VerificationCase.State(row.state)]()

    def url(self, row: VerificationCase) -> str:
        return row.get_absolute_url()

    def why(self, notification: Notification) -> str:
        return _("You are told because you asked for the verification.")


class MandateGranted(OfAccounts[Mandate]):
    """Somebody gave the member a mandate."""

    name = "mandate"
    about = "mandate"
    has_own_mail = False

    def rows(self) -> QuerySet[Mandate]:
        return Mandate.objects.not_over().select_related("organization")

    def meant(self, row: Mandate) -> QuerySet[User]:
        return User.objects.filter(pk=row.user_id)

    def title(self, row: Mandate) -> str:
        return _("Your mandate: %(role)s") % {"role": row.get_role_display()}

    def url(self, row: Mandate) -> str:
        return reverse("accounts:own_organizations")

    def why(self, notification: Notification) -> str:
        return _("You are told because the mandate is yours.")


class MandateOver(MandateGranted):
    """Somebody ended the member's mandate."""

    name = "mandate_over"
    has_own_mail = True

    def rows(self) -> QuerySet[Mandate]:
        return Mandate.objects.exclude(revoked_at=None).select_related("organization")

    def title(self, row: Mandate) -> str:
        return _("Your mandate has ended")


class MandateEnds(OfAccounts[Mandate]):
    """A mandate ends soon: its holder and the representatives are told."""

    name = "mandate_ends"
    chapter = "deadlines"
    about = "mandate"

    def rows(self) -> QuerySet[Mandate]:
        coming = Mandate.objects.not_over().exclude(valid_to=None)
        return coming.select_related("organization", "user")

    def meant(self, row: Mandate) -> QuerySet[User]:
        representatives = representatives_of(row.organization).order_by().values("pk")
        return User.objects.filter(Q(pk=row.user_id) | Q(pk__in=representatives))

    def title(self, row: Mandate) -> str:
        assert row.valid_to is not None
        names = {"name": row.user.display_name, "day": date_format(row.valid_to)}
        return _("The mandate of %(name)s ends on %(day)s") % names

    def url(self, row: Mandate) -> str:
        return reverse("accounts:own_organizations")

    def why(self, notification: Notification) -> str:
        return _("You are told because the mandate is yours, or your organization's.")


class SuccessionNeeded(OfAccounts[Organization]):
    """Nobody represents an organization any more: the adviser looks for the next one."""

    name = "succession"
    chapter = "answer"
    about = "organization"

    def rows(self) -> QuerySet[Organization]:
        return Organization.objects.exclude(needs_succession_since=None)

    def organization(self, row: Any) -> Organization:
        found: Organization = row
        return found

    def meant(self, row: Organization) -> QuerySet[User]:
        return advisers()

    def title(self, row: Organization) -> str:
        return _("Nobody represents this organization any more")

    def url(self, row: Organization) -> str:
        return reverse("accounts:people", args=[row.pk])

    def why(self, notification: Notification) -> str:
        return _("You are told because you work for the forum.")


TITLES = {
    VerificationCase.State.ACCEPTED: lambda: _("Your organization has been verified"),
    VerificationCase.State.ASKED: lambda: _("The adviser asks you for something more"),
    VerificationCase.State.REFUSED: lambda: _("The verification was refused"),
}
ALL = (
    Invited(),
    JoinAsked(),
    JoinAnswered(),
    CaseWaiting(),
    CaseDecided(),
    MandateGranted(),
    MandateOver(),
    MandateEnds(),
    SuccessionNeeded(),
)
