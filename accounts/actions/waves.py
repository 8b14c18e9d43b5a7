"""Letters to the organizations of a public list, some at a time: an adviser answers as many as
come back in a week, not two hundred in a day."""

from django.db.models import QuerySet

from accounts.actions.holding import Term
from accounts.actions.invitations import invite
from accounts.models import Mandate, Organization, User


def waiting_for_a_letter() -> QuerySet[Organization]:
    """Profiles that nobody speaks for, with a public address, never invited before; in order."""
    unclaimed = Organization.objects.unclaimed().exclude(email="")
    return unclaimed.filter(invitations=None).order_by("pk")


def invite_wave(*, actor: User, count: int) -> list[Organization]:
    """Invite the next organizations, each by its own public address, as their representative.

    A wave that breaks off is gone on with: who has been written to is not written to again.
    Raises: Refused where the actor is no staff. Locks: each organization's row, one by one.
    Source: docs/decisions/0026-mandates.md.
    """
    wave = list(waiting_for_a_letter()[:count])
    term = Term.from_today(Mandate.Role.REPRESENTATIVE)
    for organization in wave:
        invite(
            actor=actor, organization=organization, emails=[organization.email.lower()], term=term
        )
    return wave
