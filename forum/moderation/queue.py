"""The queue of the desk as it is shown: its filters with their counts, and pages by keyset.

Source: docs/decisions/0037-desk.md.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import Viewer
from forum.lib.pages import Page, key_of, parse_key
from forum.moderation import rules
from forum.moderation.live import STREAM
from forum.moderation.models import Case, CaseQuerySet, Desk

PAGE_SIZE = 30
SECOND = "second"  # the filter of cases that wait for a second person
TEXTS = "texts"  # what elected moderators decide about: all but organizations
Reason = Case.Reason
# In their order; each counts what waits for that reason.
FILTERS = (
    Reason.REPORTED,
    Reason.NOTICE,
    Reason.HELD,
    Reason.APPEAL,
    SECOND,
    Reason.VERIFICATION,
)
LABELS = {
    Reason.REPORTED: _("Reported"),
    Reason.NOTICE: _("Notices from outside"),
    Reason.HELD: _("Before publication"),
    Reason.APPEAL: _("Appeals"),
    SECOND: _("For a second person"),
    Reason.VERIFICATION: _("Organizations"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits, exactly, as the desk was at this change number.

    Units: `counts` by filter; "all" together, "texts" without organizations.
    """

    seq: int
    counts: dict[str, Any]  # as Case.objects.counts gives them
    is_staff: bool

    @property
    def streams(self) -> str:
        return f"{STREAM}:{self.seq}"

    @property
    def mine(self) -> str:
        """Which of the counts is what this moderator can decide about."""
        return "all" if self.is_staff else TEXTS

    @property
    def count(self) -> int:
        return self.of(self.mine)

    @property
    def oldest(self) -> datetime | None:
        """Since when the oldest case waits."""
        since: datetime | None = self.counts["oldest"]
        return since

    def of(self, name: str) -> int:
        """How many wait, of the filter."""
        if name == TEXTS:
            return int(self.counts["all"]) - int(self.counts[Reason.VERIFICATION])
        return int(self.counts[name])


def waiting_for(viewer: Viewer) -> Waiting | None:
    """How much waits for the viewer; None where they do not moderate.

    Queries: none for members who do not, two for staff, three for whoever was elected.
    """
    if not rules.may_moderate(viewer):
        return None
    assert isinstance(viewer, User)
    # The number is read before the rows: a change in between is told again, never missed.
    seq = Desk.objects.values_list("seq", flat=True).first() or 0
    return Waiting(seq, Case.objects.counts(), viewer.is_staff)


def filters_for(*, is_staff: bool) -> tuple[str, ...]:
    """The filters of the queue: who checks organizations is staff."""
    return FILTERS if is_staff else FILTERS[:-1]


def queue_of(viewer: User, name: str = "") -> CaseQuerySet:
    """What waits for the viewer, of the filter where it is one."""
    cases = Case.objects.open()
    if not viewer.is_staff:
        cases = cases.exclude(reasons__contains=Reason.VERIFICATION)
    if name == SECOND:
        return cases.filter(state=Case.State.SECOND_OPINION)
    return cases.filter(reasons__contains=name) if name in FILTERS else cases


def page_of(cases: CaseQuerySet, after: str, address: str) -> Page[Case]:
    """The most urgent of the cases after the key; from the first without one. Queries: one."""
    key = parse_key(after)
    listed = cases.for_listing().most_urgent_first()
    if key is not None:
        moment, pk = key
        listed = listed.filter(Q(due_at__gt=moment) | Q(due_at=moment, pk__gt=pk))
    found = list(listed[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    later = ""
    if len(found) > PAGE_SIZE:
        mark = "&" if "?" in address else "?"
        later = f"{address}{mark}after={key_of(shown[-1].due_at, shown[-1].pk)}"
    return Page(shown, later_url=later, first_url=address if key else "")
