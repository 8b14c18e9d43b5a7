"""What follows from the answer of somebody who joins, once their address is proven."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.claiming import (
    NameTaken,
    NewOrganization,
    Standing,
    claim,
    create_organization,
)
from accounts.actions.invitations import accept_invitation
from accounts.actions.join_requests import ask_to_join
from accounts.joining import Choice, Way
from accounts.models import Invitation, JoinRequest, Mandate, Organization, User
from accounts.rules import voices_of
from accounts.tokens import hash_of
from forum.lib.answers import Refusal, Refused


class Place(StrEnum):
    """Where the member stands with the organization afterwards."""

    SPEAKS = "speaks"
    IN = "in"  # without a voice
    ASKED_ADVISER = "asked adviser"
    ASKED_PEOPLE = "asked people"


@dataclass(frozen=True, slots=True)
class Settled:
    """The organization, and the member's place in it."""

    organization: Organization
    place: Place


def settle(*, member: User, choice: Choice) -> Settled | None:
    """Claim, add, ask to join or come in, as the member chose; None for somebody who is alone.

    Done again it changes nothing. A voice that follows at once is the one offered first.
    Raises: Refused. Locks: as the action it leads to.
    """
    with transaction.atomic():
        settled = _settle(member, choice)
        if settled is not None and settled.place == Place.SPEAKS:
            User.objects.filter(pk=member.pk).update(last_voice=settled.organization)
    return settled


def _settle(member: User, choice: Choice) -> Settled | None:
    if choice.way == Way.ORGANIZATION:
        return _come_to(member, choice)
    if choice.way == Way.NEW:
        return _found(member, choice)
    if choice.way == Way.INVITATION:
        return _accept(member, choice)
    return None


def _come_to(member: User, choice: Choice) -> Settled:
    organization = Organization.objects.filter(pk=choice.organization).first()
    if organization is None:
        raise Refused(Refusal(_("The directory has this organization no longer.")))
    if place := _place_in(member, organization):
        return Settled(organization, place)
    if not organization.is_claimed:
        claim(member=member, organization=organization, standing=Standing())
        return Settled(organization, Place.ASKED_ADVISER)
    ask_to_join(member=member, organization=organization, role=Mandate.Role.MEMBER)
    return Settled(organization, Place.ASKED_PEOPLE)


def _found(member: User, choice: Choice) -> Settled:
    new = NewOrganization(name=choice.name, kind=choice.kind, gmina=choice.gmina)
    try:
        case = create_organization(
            member=member, new=new, standing=Standing(), is_another=choice.is_another
        )
    except NameTaken as taken:
        place = _place_in(member, taken.organization) if taken.is_exact else None
        if place is None:
            raise
        return Settled(taken.organization, place)
    organization = case.organization
    return Settled(organization, _place_in(member, organization) or Place.ASKED_ADVISER)


def _accept(member: User, choice: Choice) -> Settled:
    letters = Invitation.objects.select_related("organization")
    invitation = letters.filter(token_hash=hash_of(choice.token)).first()
    if invitation is None:
        raise Refused(Refusal(_("This invitation leads nowhere any more.")))
    accept_invitation(member=member, invitation=invitation)
    organization = invitation.organization
    return Settled(organization, _place_in(member, organization) or Place.IN)


def _place_in(member: User, organization: Organization) -> Place | None:
    """Where the member stands already. Queries: 1 to 4."""
    if voices_of(member).filter(pk=organization.pk).exists():
        return Place.SPEAKS
    if Mandate.objects.not_over().filter(user=member, organization=organization).exists():
        return Place.IN
    if organization.verification_cases.open().filter(opened_by=member).exists():
        return Place.ASKED_ADVISER
    if JoinRequest.objects.open().filter(user=member, organization=organization).exists():
        return Place.ASKED_PEOPLE
    return None
