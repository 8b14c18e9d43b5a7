"""What every action on the people of an organization begins and ends with."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounts import rules
from accounts.actions.log import record
from accounts.letters import write
from accounts.models import Mandate, Organization, OrganizationEvent, User
from accounts.plugs import tell_rights_changed
from forum.lib.answers import Refusal, Refused


@dataclass(frozen=True, slots=True)
class Term:
    """What a mandate says: the role, its first day and its last; no last day is no end."""

    role: str
    valid_from: date
    valid_to: date | None = None

    @classmethod
    def from_today(cls, role: str, valid_to: date | None = None) -> "Term":
        return cls(role, timezone.localdate(), valid_to)


@dataclass(frozen=True, slots=True)
class Held:
    """An organization whose people nobody else changes until the commit."""

    organization: Organization
    had_representative: bool


def hold(organization: Organization) -> Held:
    """The organization as it is now. Locks: its row, but for those who only refer to it.

    Two who remove each other, or leave, or answer the same request come one after the other.
    """
    held = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    return Held(held, rules.representatives_of(held).exists())


def fresh(mandate: Mandate, held: Held) -> Mandate:
    """The mandate as it is now that its organization is held."""
    found = Mandate.objects.select_related("user", "organization").get(pk=mandate.pk)
    if found.organization_id == held.organization.pk:
        found.organization = held.organization
    return found


def settle(held: Held, *, actor: User | None, by_adviser: bool = False) -> None:
    """See that somebody still represents the organization, and tell open pages of the rights.

    The last representative goes only where the adviser (or the forum itself, for a day that passed)
    takes it on: then the organization is marked, and the advisers are told.
    Raises: Refused, which takes the whole change back. Locks: the caller holds the organization.
    """
    organization = held.organization
    if rules.representatives_of(organization).exists():
        if organization.needs_succession_since is not None or not organization.is_claimed:
            organization.needs_succession_since = None
            organization.is_claimed = True
            organization.save(update_fields=["needs_succession_since", "is_claimed"])
    elif held.had_representative:
        if not by_adviser:
            raise Refused(Refusal(rules.LAST_REPRESENTATIVE))
        mark_for_succession(organization, actor=actor)
    tell_rights_changed()


def mark_for_succession(organization: Organization, *, actor: User | None, words: str = "") -> None:
    """Note that nobody represents the organization any more, and tell the advisers, once."""
    marked = Organization.objects.filter(pk=organization.pk, needs_succession_since=None)
    if not marked.update(needs_succession_since=timezone.now()):
        return
    record(
        organization=organization,
        actor=actor,
        kind=OrganizationEvent.Kind.SUCCESSION_NEEDED,
        words=words,
    )
    for adviser in rules.advisers():
        write("succession_needed", adviser, organization=organization, words=words)
