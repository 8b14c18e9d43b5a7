"""The adviser's decision: accept, ask for more, or refuse; each with a letter to who asked."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import verification_rules
from accounts.actions.claiming import add_entry, note_change
from accounts.actions.completing import hold_case
from accounts.actions.entrusting import end_mandate, entrust
from accounts.actions.log import record
from accounts.models import Mandate, Organization, OrganizationEvent, User, VerificationCase
from accounts.plugs import tell_case_moved
from accounts.verification_letters import tell_decision, tell_succeeded
from forum.lib.answers import Refusal, Refused, demand
from forum.lib.fragments import forget_names

Kind = VerificationCase.Kind
State = VerificationCase.State

STEPS = {
    State.ACCEPTED: OrganizationEvent.Kind.VERIFICATION_ACCEPTED,
    State.ASKED: OrganizationEvent.Kind.VERIFICATION_ASKED,
    State.REFUSED: OrganizationEvent.Kind.VERIFICATION_REFUSED,
}


class MovedOn(Refused):
    """The case is not any more what the adviser saw: somebody decided or answered meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            Refusal(_("This case has changed since you opened it. Nothing was done. Look again."))
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided, and why; `ends_others` where a new board takes over."""

    state: State
    reason: str = ""
    ends_others: bool = False


def decide(
    *, staff: User, case: VerificationCase, version: int, verdict: Verdict
) -> VerificationCase:
    """Accept the case, ask for more, or refuse it, on the version that the adviser saw.

    Raises: MovedOn where it is another version by now; Refused. Locks: the organization's row,
    then the case's.
    """
    assert verdict.state in STEPS
    with transaction.atomic():
        organization = Organization.objects.select_for_update(no_key=True).get(
            pk=case.organization_id
        )
        locked = hold_case(case.pk)
        locked.organization = organization
        if locked.version != version:
            raise MovedOn
        demand(verification_rules.may_decide(staff, locked))
        if verdict.state != State.ACCEPTED and not verdict.reason:
            raise Refused(Refusal(_("Say why: the person who asked will read it.")))
        _write(staff, locked, verdict)
        _carry_out(staff, locked, verdict)
        tell_decision(locked)
        tell_case_moved(locked.pk)
    return locked


def _write(staff: User, case: VerificationCase, verdict: Verdict) -> None:
    case.state = verdict.state
    case.reason = verdict.reason
    case.decided_by = staff
    case.decided_at = timezone.now()
    case.version += 1
    case.save(update_fields=["state", "reason", "decided_by", "decided_at", "version"])
    record(
        organization=case.organization,
        actor=staff,
        kind=STEPS[verdict.state],
        case=case.pk,
        about=case.kind,
    )


def _carry_out(staff: User, case: VerificationCase, verdict: Verdict) -> None:
    if verdict.state == State.ASKED:
        add_entry(case, staff, verdict.reason)
    elif verdict.state == State.REFUSED:
        if case.kind == Kind.NEW:
            _take_the_voice_back(staff, case)
    else:
        _verify(staff, case)
        if case.kind != Kind.CHANGE:
            _hand_over(staff, case, verdict.ends_others)
        # The badge is for what was checked; what the profile says by now may be something else.
        note_change(organization=case.organization, actor=case.opened_by)


def _verify(staff: User, case: VerificationCase) -> None:
    organization = case.organization
    organization.verified_name = case.claimed["name"]
    organization.verified_register = case.claimed["register"]
    organization.verified_number = case.claimed["number"]
    organization.verified_at = case.decided_at
    organization.verified_by = staff
    was_claimed = organization.is_claimed
    organization.is_claimed = was_claimed or case.kind != Kind.CHANGE
    organization.save(
        update_fields=[
            "verified_name",
            "verified_register",
            "verified_number",
            "verified_at",
            "verified_by",
            "is_claimed",
        ]
    )
    if organization.is_claimed and not was_claimed:
        record(
            organization=organization,
            actor=case.opened_by,
            kind=OrganizationEvent.Kind.CLAIMED,
            case=case.pk,
        )
    forget_names()


def _hand_over(staff: User, case: VerificationCase, ends_others: bool) -> None:
    if case.kind == Kind.SUCCESSION and ends_others:
        others = case.organization.mandates.that_speak().current().exclude(user=case.opened_by)
        for mandate in others.select_related("user", "organization"):
            end_mandate(actor=staff, mandate=mandate)
            tell_succeeded(mandate)
    entrust(
        actor=staff,
        member=case.opened_by,
        organization=case.organization,
        ground=case.ground or Mandate.Ground.ADVISER,
        granted_by=staff,
    )


def _take_the_voice_back(staff: User, case: VerificationCase) -> None:
    """A refused new organization is left without the voice that its creator had meanwhile."""
    organization = case.organization
    own = organization.mandates.filter(user=case.opened_by, revoked_at=None)
    for mandate in own.select_related("organization"):
        end_mandate(actor=staff, mandate=mandate)
    if not organization.mandates.that_speak().current().exists():
        Organization.objects.filter(pk=organization.pk).update(is_claimed=False)
