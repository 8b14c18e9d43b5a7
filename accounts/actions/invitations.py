"""Invitations by letter: sent, sent again, opened, accepted, withdrawn, come back undelivered.

Source: docs/decisions/0026-mandates.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.actions.holding import Held, Term, hold
from accounts.actions.log import record
from accounts.actions.mandates import take_in
from accounts.letters import write_to
from accounts.models import Invitation, Mandate, Organization, OrganizationEvent, User
from accounts.tokens import hash_of, new_token
from forum.lib.answers import Refusal, Refused, demand
from forum.operation import maintenance

VALID_FOR = timedelta(days=30)
Kind = OrganizationEvent.Kind


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of a list of addresses: letters sent, and those whose letter is out already."""

    sent: list[Invitation]
    waiting: list[str]


def invite(
    *, actor: User, organization: Organization, emails: Sequence[str], term: Term
) -> Invited:
    """Send a letter to each address; one that waits for an answer is left alone.

    Nothing here looks whether an address has an account: the answer would tell.
    Raises: Refused. Locks: the organization's row.
    """
    demand(rules.may_manage_mandates(actor, organization))
    sent, waiting = [], []
    with transaction.atomic():
        held = hold(organization)
        demand(rules.may_manage_mandates(actor, organization))
        for email in emails:
            invitation = _invited(held, actor, email, term)
            if invitation is None:
                waiting.append(email)
            else:
                sent.append(invitation)
    return Invited(sent, waiting)


def invite_again(*, actor: User, invitation: Invitation) -> Invitation:
    """The invitation with a new letter and a new time; the link of the old letter is dead.

    Raises: Refused. Locks: the organization's row.
    """
    demand(rules.may_manage_mandates(actor, invitation.organization))
    with transaction.atomic():
        held = hold(invitation.organization)
        invitation = _fresh(invitation, held)
        demand(rules.may_manage_mandates(actor, held.organization))
        if not invitation.is_open:
            demand(rules.is_usable(invitation))
        _send(invitation, actor)
        _record(held, actor, Kind.INVITED_AGAIN, invitation)
    return invitation


def revoke_invitation(*, actor: User, invitation: Invitation) -> Invitation:
    """The invitation, withdrawn: its link says so from now on.

    Raises: Refused. Locks: the organization's row.
    """
    demand(rules.may_manage_mandates(actor, invitation.organization))
    with transaction.atomic():
        held = hold(invitation.organization)
        invitation = _fresh(invitation, held)
        demand(rules.may_manage_mandates(actor, held.organization))
        if invitation.is_open:
            invitation.revoked_at = timezone.now()
            invitation.save(update_fields=["revoked_at"])
            _record(held, actor, Kind.INVITATION_REVOKED, invitation)
        elif invitation.accepted_at is not None:
            demand(rules.is_usable(invitation))
    return invitation


def open_invitation(*, invitation: Invitation) -> None:
    """Note that the letter's link was followed, the first time. Queries: 0 or 1.

    Nothing is noted while the forum is read-only.
    """
    if maintenance.current():
        return
    if invitation.opened_at is None and invitation.is_usable:
        unopened = Invitation.objects.usable().filter(pk=invitation.pk, opened_at=None)
        unopened.update(opened_at=timezone.now())


def accept_invitation(*, member: User, invitation: Invitation) -> Mandate:
    """The mandate of whoever proved the address; a mandate that gives more stays as it is.

    Raises: Refused. Locks: the organization's row.
    """
    demand(rules.may_accept(member, invitation))
    with transaction.atomic():
        held = hold(invitation.organization)
        invitation = _fresh(invitation, held)
        demand(rules.may_accept(member, invitation))
        now = timezone.now()
        invitation.accepted_at = now
        invitation.opened_at = invitation.opened_at or now
        invitation.save(update_fields=["accepted_at", "opened_at"])
        _record(held, member, Kind.INVITATION_ACCEPTED, invitation)
        return take_in(
            held,
            member=member,
            term=_term(invitation),
            granted_by=invitation.invited_by,
            ground=Mandate.Ground.INVITATION,
        )


def mark_bounced(*, message_id: str = "", email: str = "") -> int:
    """Note that a letter could not be delivered. Gives how many invitations that touched.

    For whoever reads the mail server's answers: by the letter's Message-ID, else by the address.
    """
    assert message_id or email, "a bounce names its letter or its address"
    named = Q(message_id=message_id) if message_id else Q(email=email.strip().lower())
    with transaction.atomic():
        waiting = Invitation.objects.usable().filter(named, bounced_at=None)
        bounced = list(waiting.select_for_update(of=("self",)).select_related("organization"))
        Invitation.objects.filter(pk__in=[invitation.pk for invitation in bounced]).update(
            bounced_at=timezone.now()
        )
        for invitation in bounced:
            record(
                organization=invitation.organization,
                actor=None,
                kind=Kind.INVITATION_BOUNCED,
                invitation=invitation.pk,
            )
    return len(bounced)


def _invited(held: Held, actor: User, email: str, term: Term) -> Invitation | None:
    """The invitation that was sent; None where one to the address waits for its answer."""
    earlier = Invitation.objects.open().filter(organization=held.organization, email=email).first()
    if earlier is not None and earlier.is_usable:
        return None
    if earlier is not None:
        # Its time is over: a new one takes its place, and the old one says what it was.
        earlier.revoked_at = timezone.now()
        earlier.save(update_fields=["revoked_at"])
    invitation = Invitation(
        organization=held.organization,
        email=email,
        role=term.role,
        mandate_valid_to=term.valid_to,
        invited_by=actor,
    )
    _send(invitation, actor)
    _record(held, actor, Kind.INVITED, invitation)
    return invitation


def _send(invitation: Invitation, actor: User) -> None:
    token = new_token()
    now = timezone.now()
    invitation.token_hash = hash_of(token)
    invitation.expires_at = now + VALID_FOR
    invitation.sent_at = now
    invitation.opened_at = invitation.bounced_at = None
    invitation.message_id = write_to(
        "invitation",
        invitation.email,
        # Whether there is an account, and its language, must not show: not even by the letter.
        settings.LANGUAGE_CODE,
        organization=invitation.organization,
        inviter=actor,
        invitation=invitation,
        address=f"{settings.SITE_URL}{reverse('accounts:invitation', args=[token])}",
    )
    invitation.save()


def _term(invitation: Invitation) -> Term:
    today = timezone.localdate()
    if invitation.mandate_valid_to is not None and invitation.mandate_valid_to < today:
        sentence = _(
            "The mandate you were invited to has ended. Ask the organization to invite you anew."
        )
        raise Refused(Refusal(sentence))
    return Term(invitation.role, today, invitation.mandate_valid_to)


def _fresh(invitation: Invitation, held: Held) -> Invitation:
    found = Invitation.objects.select_related("invited_by").get(pk=invitation.pk)
    found.organization = held.organization
    return found


def _record(
    held: Held, actor: User | None, kind: OrganizationEvent.Kind, invitation: Invitation
) -> None:
    # Not the address: the log is for ever, and whoever declines has no account to erase.
    record(
        organization=held.organization,
        actor=actor,
        kind=kind,
        invitation=invitation.pk,
        role=str(invitation.role),
    )
