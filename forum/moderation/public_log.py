"""The public log of decisions and its numbers: the report on the moderation, without a person.

What stands here of a decision says nothing of who it was about: a day, never an hour; no address
of the text, no name, no words. Source: DSA art. 15 and 24; docs/decisions/0030-conflict-guard.md.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forum.lib.pages import Page
from forum.moderation.measures import RESTRICTIONS, Measure
from forum.moderation.models import Appeal, Decision, DecisionQuerySet, Report
from forum.moderation.models.rulebook import RuleSection

PAGE_SIZE = 30  # decisions
MONTHS_SHOWN = 12
# Answers to what was decided before: the time from a report is no time of theirs.
ANSWERS = frozenset({Measure.RESTORE, Measure.STAND})

HOUR_S = 60 * 60
DAY_S = 24 * HOUR_S
HOURS_SHOWN = 48  # above that in days


@dataclass(frozen=True, slots=True)
class LogRow:
    """One decision as everybody may know it."""

    decision: Decision
    section: RuleSection | None

    @property
    def number(self) -> int:
        return self.decision.number

    @property
    def day(self) -> date:
        return timezone.localdate(self.decision.at)

    @property
    def measure(self) -> str:
        return str(self.decision.get_measure_display())

    @property
    def law(self) -> str:
        return self.decision.law

    @property
    def days(self) -> int:
        """Of a measure that ends by itself; 0 of any other. Units: days, at least 1."""
        until = self.decision.until
        return max(1, round((until - self.decision.at).total_seconds() / DAY_S)) if until else 0

    @property
    def is_answer(self) -> bool:
        return self.decision.measure in ANSWERS

    @property
    def waited(self) -> str:
        """How long it took, in words; empty where nothing had waited."""
        has_waited = not self.is_answer and self.decision.waited_seconds > 0
        return in_words(self.decision.waited_seconds) if has_waited else ""

    @property
    def is_by_two(self) -> bool:
        return self.decision.second_id is not None

    @property
    def appeal(self) -> Appeal | None:
        return getattr(self.decision, "appeal", None)

    @property
    def undone_by(self) -> int | None:
        undone: Decision | None = getattr(self.decision, "undone_by", None)
        return undone.number if undone is not None else None

    @property
    def undoes(self) -> int | None:
        return self.decision.undoes.number if self.decision.undoes is not None else None

    @property
    def appealed(self) -> int | None:
        """The number of the decision whose appeal this one answers."""
        answered: Appeal | None = getattr(self.decision, "answers", None)
        return answered.decision.number if answered is not None else None


def log_page(before: int | None, address: str) -> Page[LogRow]:
    """The decisions below the number, the newest first. Queries: two."""
    decisions = _for_log()
    if before is not None:
        decisions = decisions.filter(number__lt=before)
    found = list(decisions.order_by("-number")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    later = f"{address}?before={shown[-1].number}#log" if len(found) > PAGE_SIZE else ""
    first = f"{address}#log" if before is not None else ""
    return Page(list(_with_sections(shown)), later_url=later, first_url=first)


def log_rows() -> list[LogRow]:
    """Every decision, the oldest first. Queries: two."""
    return list(_with_sections(list(_for_log().order_by("number"))))


def _for_log() -> DecisionQuerySet:
    return Decision.objects.select_related("appeal", "undone_by", "undoes", "answers__decision")


def _with_sections(decisions: Sequence[Decision]) -> Iterator[LogRow]:
    named = {(each.rule_version, each.section) for each in decisions if each.section}
    found = RuleSection.objects.filter(
        rulebook__version__in={version for version, _anchor in named},
        anchor__in={anchor for _version, anchor in named},
    ).select_related("rulebook")
    sections = {(each.rulebook.version, each.anchor): each for each in found}
    for decision in decisions:
        yield LogRow(decision, sections.get((decision.rule_version or 0, decision.section)))


# --- Numbers --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Month:
    """What was decided in one month, and how long it took. Units: seconds, None for no value."""

    begins: date
    decisions: int
    restrictions: int
    on_report: int
    undone: int
    appeals: int
    appeals_granted: int
    median_wait_s: float | None
    median_answer_s: float | None

    @property
    def median_wait(self) -> str:
        return "" if self.median_wait_s is None else in_words(self.median_wait_s)

    @property
    def median_answer(self) -> str:
        return "" if self.median_answer_s is None else in_words(self.median_answer_s)


@dataclass(frozen=True, slots=True)
class Totals:
    """Since the forum began."""

    all: Month
    reports: int
    notices: int
    reports_upheld: int
    by_two: int
    about_office: int
    measures: list[tuple[str, int]]
    kinds: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class _Told:
    """What the numbers are made of, of one decision."""

    at: datetime
    measure: str
    on_report: bool
    waited_seconds: int
    is_undone: bool
    appeal: str | None
    appealed_at: datetime | None
    answered_at: datetime | None


COLUMNS = (
    "at",
    "measure",
    "on_report",
    "waited_seconds",
    "undone_by",
    "appeal__outcome",
    "appeal__created_at",
    "appeal__answer__at",
)


def numbers() -> tuple[Totals, list[Month]]:
    """All that was decided, and month by month, the newest first. Queries: three."""
    told = [
        _Told(at, measure, on_report, waited, undone is not None, *appeal)
        for at, measure, on_report, waited, undone, *appeal in (
            Decision.objects.order_by("number").values_list(*COLUMNS)
        )
    ]
    by_month: defaultdict[date, list[_Told]] = defaultdict(list)
    for each in told:
        by_month[timezone.localdate(each.at).replace(day=1)].append(each)
    months = [_counted(begins, by_month[begins]) for begins in sorted(by_month, reverse=True)]
    return _totals(told), months


def _totals(told: Sequence[_Told]) -> Totals:
    reports = Report.objects.aggregate(
        all=Count("pk"),
        notices=Count("pk", filter=Q(reporter=None)),
        upheld=Count("pk", filter=Q(outcome=Report.Outcome.UPHELD)),
        **{kind: Count("pk", filter=Q(kind=kind)) for kind in Report.Kind.values},
    )
    guarded = Decision.objects.aggregate(
        by_two=Count("pk", filter=Q(second__isnull=False)),
        about_office=Count("pk", filter=Q(is_about_office=True)),
    )
    measures = [
        (str(measure.label), sum(each.measure == measure for each in told)) for measure in Measure
    ]
    kinds = [(str(kind.label), reports[kind.value]) for kind in Report.Kind]
    return Totals(
        all=_counted(date.min, told),
        reports=reports["all"] - reports["notices"],
        notices=reports["notices"],
        reports_upheld=reports["upheld"],
        measures=_most_first(measures),
        kinds=_most_first(kinds),
        **guarded,
    )


def _counted(begins: date, told: Collection[_Told]) -> Month:
    waits = [each.waited_seconds for each in told if each.on_report and each.measure not in ANSWERS]
    answers = [
        (each.answered_at - each.appealed_at).total_seconds()
        for each in told
        if each.answered_at is not None and each.appealed_at is not None
    ]
    return Month(
        begins,
        decisions=len(told),
        restrictions=sum(each.measure in RESTRICTIONS for each in told),
        on_report=sum(each.on_report for each in told),
        undone=sum(each.is_undone for each in told),
        appeals=sum(each.appeal is not None for each in told),
        appeals_granted=sum(each.appeal == Appeal.Outcome.UPHELD for each in told),
        median_wait_s=median(waits) if waits else None,
        median_answer_s=median(answers) if answers else None,
    )


def _most_first(counted: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted((pair for pair in counted if pair[1]), key=lambda pair: -pair[1])


def in_words(seconds: float) -> str:
    """A length of time for people: minutes, then hours, then days."""
    if seconds < HOUR_S:
        minutes = max(1, round(seconds / 60))
        text = ngettext("%(count)d minute", "%(count)d minutes", minutes)
        return text % {"count": minutes}
    if seconds < HOURS_SHOWN * HOUR_S:
        hours = round(seconds / HOUR_S)
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    days = round(seconds / DAY_S)
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


# --- As tables ------------------------------------------------------------------------------------
def decisions_table() -> tuple[list[str], list[list[object]]]:
    """Headings and rows of every decision, for a spreadsheet."""
    headings = [
        _("Number"),
        _("Day"),
        _("Measure"),
        _("For how many days"),
        _("Version of the rules"),
        _("Section of the rules"),
        _("Law"),
        _("On a report"),
        _("About the office"),
        _("Decided by two"),
        _("Hours waited"),
        _("Appeal"),
        _("Undone by decision"),
        _("Undoes decision"),
        _("Answers the appeal against decision"),
    ]
    return headings, [_cells(row) for row in log_rows()]


def _cells(row: LogRow) -> list[object]:
    decision = row.decision
    return [
        row.number,
        row.day.isoformat(),
        row.measure,
        row.days or None,
        decision.rule_version,
        row.section or decision.section,
        row.law,
        _yes(decision.on_report),
        _yes(decision.is_about_office),
        _yes(row.is_by_two),
        None if row.is_answer else _hours(decision.waited_seconds),
        row.appeal.get_outcome_display() if row.appeal is not None else "",
        row.undone_by,
        row.undoes,
        row.appealed,
    ]


def months_table() -> tuple[list[str], list[list[object]]]:
    """Headings and rows of every month, for a spreadsheet."""
    headings = [
        _("Month"),
        _("Decisions"),
        _("Restrictions"),
        _("On a report"),
        _("Undone"),
        _("Appeals"),
        _("Appeals granted"),
        _("Median hours from report to decision"),
        _("Median hours from appeal to answer"),
    ]
    return headings, [
        [
            f"{month.begins:%Y-%m}",
            month.decisions,
            month.restrictions,
            month.on_report,
            month.undone,
            month.appeals,
            month.appeals_granted,
            _hours(month.median_wait_s),
            _hours(month.median_answer_s),
        ]
        for month in numbers()[1]
    ]


def month_name(begins: date) -> str:
    return date_format(begins, "F Y")


def _yes(answer: bool) -> str:
    return _("yes") if answer else _("no")


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / HOUR_S, 1)
