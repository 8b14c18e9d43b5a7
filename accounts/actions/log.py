"""The log of an organization, which every action on one writes to."""

from accounts.models import Organization, OrganizationEvent, User
from accounts.plugs import tell_step


def record(
    *,
    organization: Organization,
    actor: User | None,
    kind: OrganizationEvent.Kind,
    **details: object,
) -> OrganizationEvent:
    """Add a step to the organization's log; without an actor the forum itself took it.

    The details are what JSON can hold. Higher rooms hear of it in the same transaction.
    Locks: none, the caller holds the transaction. Queries: 1, and those of the rooms.
    """
    step = OrganizationEvent.objects.create(
        organization=organization, actor=actor, kind=kind, details=details
    )
    tell_step(step)
    return step
