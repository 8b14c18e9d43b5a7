"""Against a decision, once; answered by somebody who took no part in it."""

from django.db import transaction

from accounts import staying
from accounts.models import User
from forum.lib.answers import demand
from forum.moderation import notices, rules
from forum.moderation.actions.carrying_out import leave_case, record
from forum.moderation.actions.deciding import Conflict
from forum.moderation.actions.holding import hold_case, hold_subject, show_anew
from forum.moderation.actions.opening import wait_for
from forum.moderation.actions.undoing import give_back
from forum.moderation.measures import Measure
from forum.moderation.models import Appeal, Case, Decision, Report


def appeal(*, member: User, decision: Decision, words: str) -> Appeal:
    """The member's appeal, waiting at the desk. Raises: Refused. Locks: the case, the desk."""
    demand(rules.may_appeal(member, decision))
    with transaction.atomic():
        staying.keep(member.pk)
        case = hold_case(decision.case_id)
        demand(rules.may_appeal(member, decision))
        made = Appeal.objects.create(decision=decision, member=member, words=words)
        wait_for(case, Case.Reason.APPEAL)
        show_anew(case)
        notices.tell_desk(case)
    return made


def answer_appeal(
    *,
    moderator: User,
    appeal: Appeal,
    upheld: bool,
    own_words: str,
    case_version: int | None = None,
) -> Decision:
    """The answer, a decision of its own: everything restored, or the first decision stands.

    Raises: Conflict where the case is not any more what the moderator saw; Refused.
    Locks: the author, the subject's rows, the case, the desk.
    """
    demand(rules.may_answer_appeal(moderator, appeal))
    with transaction.atomic():
        first = appeal.decision
        case = hold_subject(first.case, appeal.member_id, moderator.pk, facts=first.effects)
        if case_version is not None and case.version != case_version:
            raise Conflict
        appeal = Appeal.objects.select_related("decision__decided_by", "member").get(pk=appeal.pk)
        appeal.decision.case = case
        demand(rules.may_answer_appeal(moderator, appeal))
        answer = _answer(moderator, appeal, own_words, upheld=upheld)
        appeal.answer = answer
        appeal.outcome = Appeal.Outcome.UPHELD if upheld else Appeal.Outcome.DISMISSED
        appeal.save(update_fields=["answer", "outcome"])
        _settle(case, appeal, upheld=upheld)
        notices.tell_appeal(appeal)
    return answer


def _answer(moderator: User, appeal: Appeal, own_words: str, *, upheld: bool) -> Decision:
    if upheld and not Decision.objects.filter(undoes=appeal.decision).exists():
        return give_back(moderator, appeal.decision, own_words, waits=False)
    stands = Decision(case=appeal.decision.case, measure=Measure.STAND, decided_by=moderator)
    return record(stands, own_words=own_words)


def _settle(case: Case, appeal: Appeal, *, upheld: bool) -> None:
    """The case as it is after the answer: a dismissed report that was right waits anew."""
    reports = Report.objects.filter(decision=appeal.decision)
    if upheld and not appeal.decision.is_restriction:
        reports.filter(reporter=appeal.member).update(outcome=Report.Outcome.OPEN, decision=None)
    elif upheld:
        reports.update(outcome=Report.Outcome.DISMISSED)
    open_reports = Report.objects.open().filter(case=case).exists()
    leave_case(case)
    if open_reports:
        wait_for(case, Case.Reason.REPORTED)
        show_anew(case)
