"""Mandates that follow from a decision of the adviser, and their end."""

from django.utils import timezone

from accounts.actions.log import record
from accounts.models import Mandate, Organization, OrganizationEvent, User
from accounts.plugs import tell_rights_changed


def entrust(
    *, actor: User, member: User, organization: Organization, ground: str, granted_by: User | None
) -> Mandate:
    """The member's mandate as a representative from today on.

    An open mandate of a mere member gives way to it. Locks: none, the caller holds the
    organization's row and the transaction.
    """
    # Where nobody represented it, somebody does now.
    marked = Organization.objects.needing_succession().filter(pk=organization.pk)
    marked.update(needs_succession_since=None)
    open_one = organization.mandates.filter(user=member, revoked_at=None, valid_to=None).first()
    if open_one is not None and open_one.role == Mandate.Role.REPRESENTATIVE:
        return open_one
    if open_one is not None:
        end_mandate(actor=actor, mandate=open_one)
    mandate = Mandate.objects.create(
        user=member,
        organization=organization,
        role=Mandate.Role.REPRESENTATIVE,
        ground=ground,
        granted_by=granted_by,
    )
    record(
        organization=organization,
        actor=actor,
        kind=OrganizationEvent.Kind.MANDATE_GRANTED,
        mandate=mandate.pk,
        role=mandate.role,
    )
    tell_rights_changed()
    return mandate


def end_mandate(*, actor: User, mandate: Mandate) -> None:
    """The mandate is over from this moment; the row stays. Locks: none, as above."""
    Mandate.objects.filter(pk=mandate.pk).update(revoked_at=timezone.now())
    record(
        organization=mandate.organization,
        actor=actor,
        kind=OrganizationEvent.Kind.MANDATE_ENDED,
        mandate=mandate.pk,
        role=mandate.role,
    )
    tell_rights_changed()
