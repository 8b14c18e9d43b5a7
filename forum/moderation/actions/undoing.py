"""Taking a decision back: a decision of its own, which stands beside it for ever."""

from django.db import transaction

from accounts.models import User
from forum.lib.answers import demand
from forum.moderation import notices, rules
from forum.moderation.actions.carrying_out import read_anew, record, restrict_anew
from forum.moderation.actions.holding import hold_subject, reviewable_of, show_anew
from forum.moderation.actions.opening import wait_for
from forum.moderation.measures import OF_ACCOUNTS, Measure
from forum.moderation.models import Case, Decision, Report


def undo(*, moderator: User, decision: Decision, own_words: str = "") -> Decision:
    """The decision that takes the other one back; the case waits again, with its reports.

    Raises: Refused, also for the second of two who undo the same.
    Locks: the author, the subject's rows, the case, the desk.
    """
    demand(rules.may_undo(moderator, decision))
    with transaction.atomic():
        case = hold_subject(decision.case, moderator.pk, facts=decision.effects)
        decision.refresh_from_db()
        decision.case = case
        demand(rules.may_undo(moderator, decision))
        undoing = give_back(moderator, decision, own_words, waits=True)
        _reopen_reports(decision)
        wait_for(case, Case.Reason.UNDONE)
        show_anew(case)
        notices.tell_author(undoing)
    return undoing


def give_back(moderator: User, decision: Decision, own_words: str, *, waits: bool) -> Decision:
    """Restore what the decision took, and record that.

    Locks: the caller holds what `hold_subject` holds; the desk. Raises: Refused by the subject.
    """
    case = decision.case
    measure = Measure(decision.measure)
    if measure not in OF_ACCOUNTS:
        reviewable_of(case).restore(
            moderator=moderator,
            pk=case.subject_pk,
            measure=measure,
            effects=decision.effects,
            waits=waits,
        )
        read_anew(case)
    undoing = record(
        Decision(case=case, measure=Measure.RESTORE, undoes=decision, decided_by=moderator),
        own_words=own_words,
    )
    if measure in OF_ACCOUNTS:
        restrict_anew(undoing.member)
    return undoing


def _reopen_reports(decision: Decision) -> None:
    """Its reports wait again, unless the same member has reported anew since."""
    anew = Report.objects.open().filter(case=decision.case_id).values("reporter")
    settled = Report.objects.filter(decision=decision).exclude(
        reporter__isnull=False, reporter__in=anew
    )
    settled.update(outcome=Report.Outcome.OPEN, decision=None)
