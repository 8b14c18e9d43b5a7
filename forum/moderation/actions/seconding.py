"""Four eyes: what one moderator proposed about the office, another one confirms or declines."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from forum.lib.answers import demand
from forum.moderation import rules
from forum.moderation.actions.carrying_out import carry_out
from forum.moderation.actions.deciding import Verdict, demand_possible
from forum.moderation.actions.holding import hold_case, hold_subject, show_anew
from forum.moderation.measures import Measure
from forum.moderation.models import Case, Decision, Proposal


def confirm(*, moderator: User, proposal: Proposal, answer: str = "") -> Decision:
    """The decision of both, carried out. Raises: Refused, also where it is not possible any more.

    Locks: the author, the subject's rows, the case, the desk.
    """
    demand(rules.may_confirm(moderator, proposal))
    with transaction.atomic():
        case = hold_subject(
            proposal.case, moderator.pk, proposal.proposed_by_id, facts=proposal.place
        )
        _read_anew(proposal, case)
        demand(rules.may_confirm(moderator, proposal))
        verdict = _verdict_of(proposal)
        demand_possible(case, verdict)
        case.state = Case.State.WAITING
        decision = carry_out(case, verdict, decided_by=proposal.proposed_by, second=moderator)
        _close(proposal, Proposal.State.CONFIRMED, moderator, answer, decision)
    return decision


def decline(*, moderator: User, proposal: Proposal, answer: str = "") -> Proposal:
    """The proposal, declined: the case waits again. Raises: Refused. Locks: the case, the desk."""
    demand(rules.may_confirm(moderator, proposal))
    with transaction.atomic():
        case = hold_case(proposal.case_id)
        _read_anew(proposal, case)
        demand(rules.may_confirm(moderator, proposal))
        _close(proposal, Proposal.State.DECLINED, moderator, answer)
        _wait_again(case)
    return proposal


def withdraw_proposal(*, moderator: User, proposal: Proposal) -> Proposal:
    """The proposal, taken back by who made it. Raises: Refused. Locks: the case, the desk."""
    demand(rules.may_withdraw_proposal(moderator, proposal))
    with transaction.atomic():
        case = hold_case(proposal.case_id)
        _read_anew(proposal, case)
        demand(rules.may_withdraw_proposal(moderator, proposal))
        _close(proposal, Proposal.State.WITHDRAWN, moderator, "")
        _wait_again(case)
    return proposal


def _read_anew(proposal: Proposal, case: Case) -> None:
    """The proposal as it is while its case is held."""
    proposal.refresh_from_db()
    proposal.case = case


def _verdict_of(proposal: Proposal) -> Verdict:
    return Verdict(
        measure=Measure(proposal.measure),
        rule_version=proposal.rule_version,
        section=proposal.section,
        law=proposal.law,
        facts=proposal.facts,
        own_words=proposal.own_words,
        until=proposal.until,
        place=proposal.place,
    )


def _close(
    proposal: Proposal,
    state: Proposal.State,
    moderator: User,
    answer: str,
    decision: Decision | None = None,
) -> None:
    proposal.state = state
    proposal.answered_by, proposal.answered_at = moderator, timezone.now()
    proposal.answer = answer
    proposal.decision = decision
    proposal.save()


def _wait_again(case: Case) -> None:
    case.state = Case.State.WAITING
    case.version += 1
    show_anew(case)
