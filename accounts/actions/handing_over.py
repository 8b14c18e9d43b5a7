"""One representative makes another one: the one goes or stays, the other is in, in one step."""

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.actions.holding import Term, fresh, hold
from accounts.actions.log import record
from accounts.actions.mandates import leave, replace
from accounts.letters import write
from accounts.models import Mandate, OrganizationEvent, User
from forum.lib.answers import Refusal, Refused, demand


class Afterwards(models.TextChoices):
    """What becomes of whoever hands over."""

    STAYS = "representative", _("I stay a representative too")
    MEMBER = "member", _("I stay as a member, without speaking for it")
    LEAVES = "leaves", _("I leave the organization")


def hand_over(*, actor: User, mandate: Mandate, to: Mandate, afterwards: str) -> Mandate:
    """The new representative's mandate; it ends when the one that was handed over would have.

    Raises: Refused. Locks: the organization's row.
    """
    demand(rules.may_hand_over(actor, mandate))
    with transaction.atomic():
        held = hold(mandate.organization)
        mandate, to = fresh(mandate, held), fresh(to, held)
        demand(rules.may_hand_over(actor, mandate))
        _demand_successor(mandate, to)
        record(
            organization=held.organization,
            actor=actor,
            kind=OrganizationEvent.Kind.HANDED_OVER,
            member=to.user_id,
            afterwards=str(afterwards),
        )
        representative = replace(
            held,
            member=to.user,
            term=Term.from_today(Mandate.Role.REPRESENTATIVE, mandate.valid_to),
            granted_by=actor,
            ground=Mandate.Ground.RESOLUTION,
        )
        if afterwards == Afterwards.MEMBER:
            replace(
                held,
                member=actor,
                term=Term.from_today(Mandate.Role.MEMBER),
                granted_by=actor,
                ground=mandate.ground,
            )
        elif afterwards == Afterwards.LEAVES:
            leave(member=actor, mandate=mandate)
        write("handed_over", to.user, mandate=representative, actor=actor)
    return representative


def _demand_successor(mandate: Mandate, to: Mandate) -> None:
    is_here = to.organization_id == mandate.organization_id and to.is_current
    if not is_here or not to.user.is_active or to.user_id == mandate.user_id:
        raise Refused(Refusal(_("Choose somebody who is in the organization today.")))
    if to.role == Mandate.Role.REPRESENTATIVE:
        raise Refused(Refusal(_("This person represents the organization already.")))
