"""The log of an organization as people read it: who took the step, about whom, and when."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import Mandate, Organization, OrganizationEvent, User
from forum.lib.pages import Page, key_of, parse_key

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Step:
    """One step with the names that its details only number."""

    event: OrganizationEvent
    member: User | None
    role: str


def newest_steps(organization: Organization, limit: int) -> list[Step]:
    """The steps taken last. Queries: 2."""
    return _named(_events(organization)[:limit])


def page_of(organization: Organization, before: str, address: str) -> Page[Step]:
    """The page of steps taken before the key, the newest first. Queries: 2."""
    events = _events(organization)
    key = parse_key(before)
    if key is not None:
        moment, pk = key
        events = events.filter(Q(at__lt=moment) | Q(at=moment, pk__lt=pk))
    found = list(events[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    later = f"{address}?before={key_of(shown[-1].at, shown[-1].pk)}" if found[PAGE_SIZE:] else ""
    return Page(_named(shown), later_url=later, first_url=address if key else "")


def _events(organization: Organization) -> QuerySet[OrganizationEvent]:
    events = OrganizationEvent.objects.filter(organization=organization)
    return events.select_related("actor").order_by("-at", "-pk")


def _named(events: Iterable[OrganizationEvent]) -> list[Step]:
    events = list(events)
    members = User.objects.in_bulk({event.details.get("member") for event in events} - {None})
    return [
        Step(event, members.get(event.details.get("member", 0)), _role_in(event))
        for event in events
    ]


def _role_in(event: OrganizationEvent) -> str:
    role = event.details.get("role")
    return str(Mandate.Role(role).label) if role in Mandate.Role.values else ""
