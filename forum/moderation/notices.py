"""Telling people of decisions: the one place, so that every channel joins here.

Mails are queued in the caller's transaction, each in its reader's language.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from forum.moderation import reviewing, rules, telling
from forum.moderation.measures import OF_ACCOUNTS, Measure
from forum.moderation.models import Appeal, Case, Decision, Proposal, Report
from forum.moderation.reviewing import Line

PLACE = "moderation/mail"

# Title and address of a section, by version and anchor: the rulebook plugs itself in.
Section = tuple[str, str]
sections: list[Callable[[int, str], Section | None]] = []


def tell_author(decision: Decision) -> None:
    """Whom the decision restricts learns what, how long, why and how to appeal; whom it frees
    learns that. Nothing where it changes nothing for them. Source: DSA art. 17."""
    member = decision.member
    if member is None or not member.is_active:
        return
    letter = _letter_of(decision)
    if letter:
        _write(letter, member, **_facts_of(decision))
        telling.tell_of_decision(decision)


def tell_reporters(decision: Decision) -> None:
    """Who reported learns what came of it, once per decision. Source: DSA art. 16 (5)."""
    reports = list(Report.objects.filter(decision=decision).select_related("reporter"))
    for report in reports:
        tell_reporter(report, decision)
    if any(report.reporter_id for report in reports):
        telling.tell_of_outcome(decision)


def tell_reporter(report: Report, decision: Decision) -> None:
    """One reporter learns the outcome; a notice without an address tells nobody."""
    facts = _outcome_facts(report, decision)
    if report.reporter is not None:
        if report.reporter.is_active:
            _write("outcome", report.reporter, **facts)
    elif report.email:
        _write_to("outcome", report.email, report.language, **facts)


def tell_received(notice: Report) -> None:
    """The receipt of a notice from outside. Nothing of what was written stands in it: the address
    may be somebody else's. Source: DSA art. 16 (4)."""
    if notice.email:
        facts = {"report": notice, "url": _state_of(notice)}
        _write_to("notice_received", notice.email, notice.language, **facts)


def tell_appeal(appeal: Appeal) -> None:
    """Who appealed learns the answer; where it frees somebody else, they learn that too."""
    answer = appeal.answer
    assert answer is not None
    if appeal.member.is_active:
        facts = _facts_of(answer) | {"appeal": appeal, "first": appeal.decision}
        _write("appeal_answered", appeal.member, **facts)
        telling.tell_of_appeal(answer)
    if answer.member_id != appeal.member_id:
        tell_author(answer)


def tell_desk(case: Case) -> None:
    """Who can give the second opinion that a proposal waits for, or answer an appeal: they may not
    look at the desk every day."""
    proposal = case.proposals.filter(state=Proposal.State.OPEN).first()
    for moderator in rules.who_moderates():
        if proposal is not None and not rules.may_confirm(moderator, proposal):
            continue
        if proposal is None and not _may_answer_one(moderator, case):
            continue
        letter = "second_opinion" if proposal is not None else "appeal_waits"
        _write(letter, moderator, case=case, line=_line_of(case), desk_url=_full(DESK))


DESK = "/desk/"


def _may_answer_one(moderator: User, case: Case) -> bool:
    appeals = Appeal.objects.filter(decision__case=case, outcome=Appeal.Outcome.OPEN)
    with_cases = appeals.select_related("decision__case")
    return any(rules.may_answer_appeal(moderator, each) for each in with_cases)


def _letter_of(decision: Decision) -> str:
    if decision.is_restriction:
        return "statement"
    if decision.measure == Measure.RESTORE:
        undone = decision.undoes
        return "restored" if undone is not None and undone.is_restriction else ""
    if decision.measure == Measure.PUBLISH:
        reviewable = reviewing.find(decision.case.kind)
        return "" if reviewable is None or reviewable.tells_publication else "published"
    return ""


def _facts_of(decision: Decision) -> dict[str, object]:
    statement = decision.statement
    return {
        "decision": decision,
        "facts": statement.facts,
        "own_words": statement.own_words,
        "line": _line_of(decision.case),
        "section": section_of(decision),
        "url": _full(decision.get_absolute_url()),
    }


def _outcome_facts(report: Report, decision: Decision) -> dict[str, object]:
    # Who reported learns no words of the statement: they are the author's matter.
    return {
        "report": report,
        "decision": decision,
        "measure": "" if decision.measure in OF_ACCOUNTS else decision.get_measure_display(),
        "is_upheld": report.outcome == Report.Outcome.UPHELD,
        "line": _line_of(decision.case),
        "url": _full(decision.get_absolute_url()) if report.reporter_id else "",
        "state_url": _state_of(report) if report.receipt else "",
    }


def _state_of(notice: Report) -> str:
    return _full(reverse("moderation:notice_state", args=[notice.receipt]))


def section_of(decision: Decision) -> Section | None:
    """The section of the rules that the decision names: its title and address."""
    if not decision.section or decision.rule_version is None:
        return None
    found = (find(decision.rule_version, decision.section) for find in sections)
    return next((each for each in found if each is not None), None)


def _line_of(case: Case) -> Line | None:
    reviewable = reviewing.find(case.kind)
    return reviewable.lines([case.subject_pk]).get(case.subject_pk) if reviewable else None


def _write(letter: str, reader: User, **facts: object) -> None:
    _write_to(letter, reader.email, reader.language, **facts)


def _write_to(letter: str, email: str, language: str, **facts: object) -> None:
    context = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, **facts}
    with translation.override(language):
        subject = render_to_string(f"{PLACE}/{letter}_subject.txt", context)
        body = render_to_string(f"{PLACE}/{letter}.txt", context)
    send_mail(" ".join(subject.split()), body.strip() + "\n", None, [email])


def _full(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
