"""Decisions that were taken, as the desk lists them: what, about whom, by whom, and the undo."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from forum.lib.pages import Page
from forum.moderation.measures import Measure
from forum.moderation.models import Case, Decision, DecisionQuerySet

PAGE_SIZE = 30
NEVER_UNDONE = frozenset({Measure.RESTORE, Measure.STAND})


@dataclass(frozen=True, slots=True)
class Taken:
    """One decision; `may_undo` is only whether to offer it: the action asks the whole rule."""

    decision: Decision
    may_undo: bool


def just_taken(moderator: User, number: str) -> Taken | None:
    """The decision of that number, where the moderator took part in it. Queries: 0 or 1."""
    if not (number.isascii() and number.isdecimal() and len(number) < 18):
        return None
    found = Decision.objects.for_listing().filter(number=int(number)).first()
    if found is None or moderator.pk not in {found.decided_by_id, found.second_id}:
        return None
    return _taken(moderator, [found])[0]


def decisions_shown(moderator: User, count: int) -> list[Taken]:
    """The latest decisions about what the moderator may read. Queries: one."""
    return _taken(moderator, _readable_by(moderator).order_by("-number")[:count])


def decisions_of(moderator: User, case: Case) -> list[Taken]:
    """What was decided in the case, the latest first. Queries: one."""
    listed = Decision.objects.for_listing().filter(case=case).order_by("-number")
    return _taken(moderator, listed)


def decisions_about(moderator: User, member: User, count: int) -> list[Taken]:
    """What was decided about the member elsewhere, the latest first. Queries: one."""
    return _taken(moderator, _readable_by(moderator).about(member)[:count])


def decisions_page(moderator: User, before: str, address: str) -> Page[Taken]:
    """A page of all decisions, those before the number; the latest without one. Queries: one."""
    listed = _readable_by(moderator).order_by("-number")
    is_later = before.isascii() and before.isdecimal() and len(before) < 18
    if is_later:
        listed = listed.filter(number__lt=int(before))
    found = list(listed[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    later = f"{address}?before={shown[-1].number}" if len(found) > PAGE_SIZE else ""
    return Page(_taken(moderator, shown), later_url=later, first_url=address if is_later else "")


def _readable_by(moderator: User) -> DecisionQuerySet:
    cases = Case.objects.readable_by(moderator)
    return Decision.objects.for_listing().filter(case__in=cases.values("pk"))


def _taken(moderator: User, decisions: Iterable[Decision]) -> list[Taken]:
    return [
        Taken(
            decision,
            decision.measure not in NEVER_UNDONE
            and not decision.is_undone
            and decision.member_id != moderator.pk,
        )
        for decision in decisions
    ]
