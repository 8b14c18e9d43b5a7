"""What a decision does, in one transaction: the thing, the account, the record, the reports."""

from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.actions import restrict
from accounts.models import User
from forum.moderation import notices
from forum.moderation.actions.holding import hold_desk, reviewable_of, show_anew
from forum.moderation.actions.opening import settle_reasons
from forum.moderation.chain import seal
from forum.moderation.measures import OF_ACCOUNTS, UPHOLDING, Measure
from forum.moderation.models import Appeal, Case, Decision, Report, Statement
from forum.moderation.reviewing import Facts

if TYPE_CHECKING:
    from forum.moderation.actions.deciding import Verdict


def carry_out(
    case: Case, verdict: "Verdict", *, decided_by: User, second: User | None = None
) -> Decision:
    """The decision, done and recorded; author and reporters are told.

    Locks: the caller holds what `hold_subject` holds; the desk. Raises: Refused by the subject.
    """
    measure = verdict.measure
    place = verdict.place or {}
    effects: Facts = {}
    if measure not in OF_ACCOUNTS:
        reviewable = reviewable_of(case)
        effects = reviewable.apply(
            moderator=decided_by, pk=case.subject_pk, measure=measure, place=place
        )
        read_anew(case)
    decision = record(
        Decision(
            case=case,
            measure=measure,
            until=verdict.until,
            rule_version=verdict.rule_version,
            section=verdict.section,
            law=verdict.law,
            place=place,
            effects=effects,
            decided_by=decided_by,
            second=second,
        ),
        facts=verdict.facts,
        own_words=verdict.own_words,
    )
    if measure in OF_ACCOUNTS:
        restrict_anew(decision.member)
    settle_reports(decision)
    leave_case(case)
    notices.tell_author(decision)
    notices.tell_reporters(decision)
    return decision


def read_anew(case: Case) -> None:
    """What the subject's room may have noted on the case when it was changed. Queries: one."""
    case.refresh_from_db(fields=["title", "excerpt", "version", "seq"])


def record(decision: Decision, *, facts: str = "", own_words: str = "") -> Decision:
    """The decision as the next link of the chain, about the case's author.

    Locks: the desk, until commit. Queries: five.
    """
    case = decision.case
    now = timezone.now()
    decision.member = case.author
    decision.is_about_office = case.is_about_office
    undone = decision.undoes
    decision.on_report = undone.on_report if undone else case.reports.open().exists()
    decision.at = now
    if case.is_open:
        decision.waited_seconds = max(int((now - case.waiting_since).total_seconds()), 0)
    statement = Statement(facts=facts, own_words=own_words)
    hold_desk()
    seal(decision, statement)
    decision.save(force_insert=True)
    statement.decision = decision
    statement.save(force_insert=True)
    return decision


def restrict_anew(member: User | None) -> None:
    """Let the account be restricted as the newest standing decisions about it say.

    Locks: the member's row, which the caller holds. Queries: three.
    """
    if member is None or member.erased_at is not None:
        return
    standing = Decision.objects.standing().about(member)
    suspension = standing.filter(measure=Measure.SUSPEND).first()
    slowing = standing.filter(measure=Measure.SLOW).first()
    restrict(
        member=member,
        suspended_until=suspension.until if suspension else None,
        slowed_until=slowing.until if slowing else None,
    )


def settle_reports(decision: Decision) -> None:
    """Give every open report of the case its outcome. Locks: the reports' rows."""
    is_upheld = decision.measure in UPHOLDING
    outcome = Report.Outcome.UPHELD if is_upheld else Report.Outcome.DISMISSED
    Report.objects.open().filter(case=decision.case_id).update(outcome=outcome, decision=decision)


def leave_case(case: Case) -> None:
    """Close the case, unless an appeal waits in it. Locks: the desk; the caller holds the case."""
    appeals = Appeal.objects.filter(decision__case=case, outcome=Appeal.Outcome.OPEN)
    settle_reasons(case, left=(Case.Reason.APPEAL,) if appeals.exists() else ())
    case.version += 1
    show_anew(case)
