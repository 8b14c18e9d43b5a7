"""How a case comes to the desk, hears of changes, and leaves without a decision."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from forum.lib.answers import Refusal, Refused, demand
from forum.moderation import reviewing, rules, telling
from forum.moderation.actions.holding import show_anew
from forum.moderation.models import Case, Report
from forum.moderation.reviewing import Line
from forum.moderation.urgency import weigh
from forum.moderation.wording import GONE


def open_case(
    *, kind: str, subject_pk: int, reason: Case.Reason, is_about_office: bool = False
) -> Case:
    """The one case of the thing, waiting for this reason too; reopened where it was closed.

    Nobody is asked for permission: the caller was. For guards too, inside the transaction that
    writes the thing. Raises: Refused where the thing is not there.
    Locks: the case, then the desk; the caller may hold the subject's rows, and no other case's.
    """
    with transaction.atomic():
        case = held_case(kind, subject_pk)
        wait_for(case, reason, is_about_office=is_about_office)
        show_anew(case)
    return case


def look_into(*, moderator: User, kind: str, subject_pk: int) -> Case:
    """The case of a thing that a moderator found without a report. Raises: Refused."""
    demand(rules.may_moderate(moderator))
    reviewable = reviewing.find(kind)
    if reviewable is None or not reviewable.may_read(moderator, subject_pk):
        raise Refused(Refusal(GONE))
    return open_case(kind=kind, subject_pk=subject_pk, reason=Case.Reason.OWN_MOTION)


def note_change(*, kind: str, subject_pk: int) -> None:
    """That the text changed or went while a case is open: decisions on what it said are refused.

    Nothing where there is no open case. Locks: the case, then the desk; the caller may hold the
    subject's rows. Queries: one where there is none.
    """
    note_changes(kind=kind, subject_pks=[subject_pk])


def note_changes(*, kind: str, subject_pks: Collection[int] | QuerySet[Any, Any]) -> None:
    """As `note_change`, of many: a thread went to another category with all its posts.

    Locks: their open cases by pk, then the desk. Queries: one where there is none.
    """
    with transaction.atomic():
        locked = Case.objects.select_for_update(no_key=True).filter(subject_pk__in=subject_pks)
        for case in locked.filter(kind=kind).open().order_by("pk"):
            describe(case, _line(kind, case.subject_pk))
            case.version += 1
            show_anew(case)


def close_case(*, kind: str, subject_pk: int) -> None:
    """That nothing waits any more: the author took back what nobody has seen yet.

    Repeatable; nothing where there is no open case, or where somebody's report or appeal waits for
    an answer. Locks: the case, then the desk.
    """
    with transaction.atomic():
        locked = Case.objects.select_for_update(no_key=True).about(kind, subject_pk)
        case = locked.open().first()
        if case is None or _owes_an_answer(case):
            return
        settle_reasons(case, left=())
        case.version += 1
        show_anew(case)


def held_case(kind: str, subject_pk: int) -> Case:
    """The case of the thing, made where there is none; locked.

    Raises: Refused where the thing is not there. Locks: the case.
    """
    locked = Case.objects.select_for_update(no_key=True).about(kind, subject_pk)
    line = _line(kind, subject_pk)
    case = locked.first()
    if case is None:
        if line is None:
            raise Refused(Refusal(GONE))
        new = Case(
            kind=kind,
            subject_pk=subject_pk,
            author_id=line.author_pk,
            state=Case.State.CLOSED,
            version=1,
        )
        # Two who report at once make one case.
        Case.objects.bulk_create([new], ignore_conflicts=True)
        case = locked.get()
    describe(case, line)
    return case


def wait_for(case: Case, reason: Case.Reason, *, is_about_office: bool = False) -> None:
    """Add a reason to wait; not saved. Queries: one or two. The caller holds the case."""
    now = timezone.now()
    if not case.is_open:
        case.state = Case.State.WAITING
        case.reasons, case.waiting_since, case.closed_at = "", now, None
        case.lease_by, case.lease_until = None, None
        telling.tell_of_waiting(case)
    words = case.reasons.split()
    if reason.value not in words:
        case.reasons = " ".join([*words, reason.value])
    case.is_about_office = case.is_about_office or is_about_office
    case.version += 1
    weigh(case)


def settle_reasons(case: Case, left: tuple[Case.Reason, ...]) -> None:
    """Leave the case waiting for these reasons only; closed where none is left. Not saved."""
    case.reasons = " ".join(reason.value for reason in left)
    case.lease_by, case.lease_until = None, None
    if left:
        case.state = Case.State.WAITING
        weigh(case)
        return
    case.state = Case.State.CLOSED
    case.closed_at = timezone.now()
    case.urgency = 0
    telling.tell_of_end(case)


def describe(case: Case, line: Line | None) -> None:
    """Write what rows show of the subject: only of what every member may read. Not saved."""
    is_open = line is not None and line.is_open
    case.title = line.title[:160] if line and is_open else ""
    case.excerpt = line.excerpt[:240] if line and is_open else ""
    case.is_about_office = case.is_about_office or (line is not None and line.is_about_office)


def _line(kind: str, pk: int) -> Line | None:
    reviewable = reviewing.find(kind)
    return reviewable.lines([pk]).get(pk) if reviewable is not None else None


def _owes_an_answer(case: Case) -> bool:
    if Case.Reason.APPEAL in case.reason_list or case.state == Case.State.SECOND_OPINION:
        return True
    return Report.objects.open().filter(case=case).exists()
