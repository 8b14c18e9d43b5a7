"""What the tests of mandates share: people in organizations, and what stands in letters."""

import re

import pytest
from django.core import mail

from accounts import actions
from accounts.models import Invitation, JoinRequest, Mandate, Organization, OrganizationEvent, User
from forum.lib.answers import Refused
from tests.cast import a_mandate

LINK = re.compile(r"/invitations/[\w-]+/")


def a_member_of(organization: Organization, member: User) -> Mandate:
    return a_mandate(member, organization, Mandate.Role.MEMBER)


def an_invitation(
    actor: User, organization: Organization, email: str, role: str = Mandate.Role.MEMBER, **days
) -> tuple[Invitation, str]:
    """The invitation, and the path of the link in its letter."""
    term = actions.Term.from_today(role, **days)
    done = actions.invite(actor=actor, organization=organization, emails=[email], term=term)
    return done.sent[0], newest_link()


def newest_link() -> str:
    found = LINK.search(mail.outbox[-1].body)
    assert found, mail.outbox[-1].body
    return found[0]


def a_request(member: User, organization: Organization, **more) -> JoinRequest:
    given = {"role": Mandate.Role.MEMBER, "message": "Prowadzę księgowość."} | more
    return actions.ask_to_join(member=member, organization=organization, **given)


def steps(organization: Organization) -> list[tuple[str, User | None]]:
    """The log, the first step first."""
    events = OrganizationEvent.objects.filter(organization=organization).order_by("at", "pk")
    return [(event.kind, event.actor) for event in events.select_related("actor")]


def refused(action, **given) -> str:
    """The sentence with which the action was refused."""
    with pytest.raises(Refused) as answer:
        action(**given)
    return str(answer.value.refusal.sentence)
