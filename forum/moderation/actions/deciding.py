"""Decisions: one on a case, or the same on many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.lib.answers import Refusal, Refused, demand
from forum.moderation import notices, rules
from forum.moderation.actions.carrying_out import carry_out
from forum.moderation.actions.holding import hold_subject, reviewable_of, show_anew
from forum.moderation.measures import CHOSEN, OF_ACCOUNTS, RESTRICTIONS, WITH_END, Measure
from forum.moderation.models import Case, Decision, Proposal
from forum.moderation.reviewing import Facts
from forum.moderation.wording import GONE

MANY = 50  # cases decided at once


class Conflict(Refused):
    """The case is not any more what the moderator saw."""

    def __init__(self) -> None:
        super().__init__(
            Refusal(_("This case has changed since you opened it. Nothing was done. Look again."))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is decided and why: a section of the rules in that version or a law, what happened,
    and own words. `place` says where to, for measures of threads."""

    measure: Measure
    rule_version: int | None = None
    section: str = ""
    law: str = ""
    facts: str = ""
    own_words: str = ""
    until: datetime | None = None
    place: Facts | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case where many were decided at once."""

    case: Case
    done: Decision | Proposal | None
    refusal: Refusal | None = None


def decide(
    *, moderator: User, case: Case, case_version: int, verdict: Verdict
) -> Decision | Proposal:
    """The decision on the version that the moderator saw; a proposal where two must agree.

    Raises: Conflict where it is another version by now; Refused.
    Locks: the author, the subject's rows, the case, the desk.
    """
    demand(rules.may_decide(moderator, case, verdict.measure))
    with transaction.atomic():
        held = hold_subject(case, moderator.pk, facts=verdict.place)
        if held.version != case_version:
            raise Conflict
        demand(rules.may_decide(moderator, held, verdict.measure))
        demand_possible(held, verdict)
        if rules.needs_second(held, verdict.measure):
            return _propose(moderator, held, verdict)
        return carry_out(held, verdict, decided_by=moderator)


def decide_many(
    *, moderator: User, choices: Sequence[tuple[Case, int]], verdict: Verdict
) -> list[Outcome]:
    """The same verdict on each of the cases, in the version seen: each for itself, so that one
    that is refused keeps none of the others.

    Raises: nothing for a case; Refused where they are too many.
    """
    if len(choices) > MANY:
        raise Refused(Refusal(_("These are too many at once. Choose fewer.")))
    outcomes = []
    for case, version in choices:
        try:
            done = decide(moderator=moderator, case=case, case_version=version, verdict=verdict)
            outcomes.append(Outcome(case, done))
        except Refused as refused:
            outcomes.append(Outcome(case, None, refused.refusal))
    return outcomes


def demand_possible(case: Case, verdict: Verdict) -> None:
    """Raises: Refused where the verdict lacks a reason, or cannot be carried out as things are."""
    measure = verdict.measure
    assert measure in CHOSEN, "undo and appeals have actions of their own"
    if measure in RESTRICTIONS and not (verdict.law or (verdict.section and verdict.rule_version)):
        raise Refused(Refusal(_("Say by which section of the rules or by which law.")))
    if measure in RESTRICTIONS and not (verdict.facts or verdict.own_words):
        raise Refused(Refusal(_("Say what happened: the author will read it.")))
    if measure in WITH_END and (verdict.until is None or verdict.until <= timezone.now()):
        raise Refused(Refusal(_("Say until when: a moment to come.")))
    if measure in OF_ACCOUNTS:
        _demand_account(case, measure)
    elif measure not in reviewable_of(case).measures(case.subject_pk):
        raise Refused(Refusal(_("This cannot be done any more: the text has changed its state.")))


def _demand_account(case: Case, measure: Measure) -> None:
    author = case.author
    if author is None or author.erased_at is not None:
        raise Refused(Refusal(GONE))
    if author.is_staff and measure in WITH_END:
        raise Refused(Refusal(_("Accounts of the staff are the administrator's matter.")))


def _propose(moderator: User, case: Case, verdict: Verdict) -> Proposal:
    made = Proposal.objects.create(
        case=case,
        proposed_by=moderator,
        measure=verdict.measure,
        until=verdict.until,
        rule_version=verdict.rule_version,
        section=verdict.section,
        law=verdict.law,
        place=verdict.place or {},
        facts=verdict.facts,
        own_words=verdict.own_words,
    )
    case.state = Case.State.SECOND_OPINION
    case.version += 1
    show_anew(case)
    notices.tell_desk(case)
    return made
