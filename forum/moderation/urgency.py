"""How much a case presses: points, each as good as an hour of waiting.

Source: docs/decisions/0029-decisions.md.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.db.models import Count, Q

from forum.moderation.models import Case, Report

OF_KINDS = {
    Report.Kind.CHILD_ABUSE: 120,
    Report.Kind.UNLAWFUL: 48,
    Report.Kind.PERSONAL_DATA: 48,
    Report.Kind.OFFENSIVE: 24,
    Report.Kind.SPAM: 18,
    Report.Kind.OTHER: 12,
    Report.Kind.OFF_TOPIC: 6,
}
OF_REASONS = {
    Case.Reason.HELD: 36,  # somebody waits to be heard
    Case.Reason.CORRECTED: 30,
    Case.Reason.APPEAL: 24,
    Case.Reason.NOTICE: 12,
    Case.Reason.OWN_MOTION: 12,
    Case.Reason.UNDONE: 12,
    Case.Reason.VERIFICATION: 12,
    Case.Reason.REPORTED: 0,
}
MAX_POINTS = 120  # hours, five days: however many report, what waited so long is not forgotten
UNKNOWN = 0.5  # the accuracy of who has never reported before
FURTHER = 4  # each report after the gravest one counts a quarter


def accuracy(upheld: int, dismissed: int) -> float:
    """How often such a reporter was right, by Laplace's rule: one of each is given in advance."""
    return (upheld + 1) / (upheld + dismissed + 2)


def accuracies(reporters: Collection[int]) -> dict[int, float]:
    """How often each of the members was right so far. Queries: one, none for nobody."""
    if not reporters:
        return {}
    settled = Report.objects.settled().filter(reporter__in=reporters)
    upheld = Count("pk", filter=Q(outcome=Report.Outcome.UPHELD))
    rows = settled.values("reporter").order_by().annotate(all=Count("pk"), upheld=upheld)
    return {row["reporter"]: accuracy(row["upheld"], row["all"] - row["upheld"]) for row in rows}


def points(reports: Iterable[Report], reasons: Iterable[str], known: dict[int, float]) -> int:
    """What the reports and the reasons weigh together. Queries: none."""
    weights = sorted((_weight(each, known) for each in reports), reverse=True)
    of_reports = sum(weights[:1]) + sum(weights[1:]) / FURTHER
    of_reasons = max((OF_REASONS[Case.Reason(each)] for each in reasons), default=0)
    return min(round(of_reports + of_reasons), MAX_POINTS)


def weigh(case: Case) -> None:
    """Give the case its urgency and its place in the queue; not saved. Queries: one or two."""
    reports = list(Report.objects.open().filter(case=case.pk))
    known = accuracies({each.reporter_id for each in reports if each.reporter_id is not None})
    case.urgency = points(reports, case.reasons.split(), known)
    case.due_at = case.waiting_since - timedelta(hours=case.urgency)


def _weight(report: Report, known: dict[int, float]) -> float:
    trust = UNKNOWN if report.reporter_id is None else known.get(report.reporter_id, UNKNOWN)
    return OF_KINDS[Report.Kind(report.kind)] * 2 * trust
