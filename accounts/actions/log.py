"""The log of an organization, which every action on one writes to."""

from accounts.models import Organization, OrganizationEvent, User


def record(
    *,
    organization: Organization,
    actor: User | None,
    kind: OrganizationEvent.Kind,
    **details: object,
) -> OrganizationEvent:
    """Add a step to the organization's log; without an actor the forum itself took it.

    The details are what JSON can hold. Locks: none, the caller holds the transaction. Queries: 1.
    """
    return OrganizationEvent.objects.create(
        organization=organization, actor=actor, kind=kind, details=details
    )
