"""Builds the cases that wait for the adviser of the demo county."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts import actions
from accounts.models import Mandate, VerificationCase
from forum.moderation.models import Case
from forum.moderation.verification import KIND as VERIFICATION
from forum_site.demo.county import County
from forum_site.demo.reading import tables


def build_cases(county: County, now: datetime) -> None:
    """Open what is missing; whoever has had a case, decided or not, opens none.

    Locks: none, the caller holds the transaction.
    """
    for table in tables("cases.toml").values():
        member = county.people[table["by"]]
        if not VerificationCase.objects.filter(opened_by=member).exists():
            case = _opened(county, table)
            _dated(case, now - timedelta(days=table["days_ago"]), table.get("facts"))


def _opened(county: County, table: dict[str, Any]) -> VerificationCase:
    member = county.people[table["by"]]
    standing = actions.Standing(
        position=table["position"], ground=table["ground"], message=table["message"]
    )
    if "new" in table:
        new = actions.NewOrganization(**table["new"])
        return actions.create_organization(member=member, new=new, standing=standing)
    organization = county.organizations[table["organization"]]
    return actions.claim(member=member, organization=organization, standing=standing)


def _dated(case: VerificationCase, at: datetime, facts: dict[str, Any] | None) -> None:
    """As if it had been opened then; what the register said, too."""
    VerificationCase.objects.filter(pk=case.pk).update(
        opened_at=at, register_facts=facts, facts_fetched_at=at if facts else None
    )
    waiting = Case.objects.about(VERIFICATION, case.pk)
    waiting.update(opened_at=at, waiting_since=at, due_at=at)
    case.entries.update(at=at)
    case.organization.events.update(at=at)
    own = Mandate.objects.filter(user=case.opened_by, organization=case.organization)
    own.update(valid_from=timezone.localdate(at), created_at=at)
