"""Holding still what an action is about to change, and telling the desk of it."""

from accounts import staying
from forum.lib.answers import Refusal, Refused
from forum.live.announcing import announce
from forum.moderation import reviewing
from forum.moderation.live import STREAM, telling_of_case
from forum.moderation.models import DESK_PK, Case, Desk
from forum.moderation.reviewing import Facts, Reviewable
from forum.moderation.wording import GONE


def hold_subject(case: Case, *people: int | None, facts: Facts | None = None) -> Case:
    """The case with everything that a decision changes, locked; read anew.

    `people` are those who decide, `facts` the place or the effects of what they decide.
    Raises: Refused where the subject has just gone elsewhere.
    Locks: that the author and the people stay, the subject's rows, the case.
    """
    staying.keep(case.author_id, *people)
    reviewable_of(case).hold_for(case.subject_pk, facts or {})
    return hold_case(case.pk)


def hold_case(pk: int) -> Case:
    """The case, locked. The caller holds its subject already, or does not change it."""
    locked = Case.objects.select_for_update(no_key=True, of=("self",))
    return locked.select_related("author").get(pk=pk)


def hold_desk() -> Desk:
    """The desk, locked: decisions get their numbers one after the other."""
    Desk.objects.get_or_create(pk=DESK_PK)
    return Desk.objects.select_for_update(no_key=True).get(pk=DESK_PK)


def reviewable_of(case: Case) -> Reviewable:
    """What the case is about. Raises: Refused where its room is not there any more."""
    found = reviewing.find(case.kind)
    if found is None:
        raise Refused(Refusal(GONE))
    return found


def show_anew(case: Case) -> None:
    """Write the whole case under a new number of the desk, and tell the desk.

    Locks: the desk; the caller holds the case.
    """
    case.seq = hold_desk().take_seq()
    case.save()
    announce(STREAM, case.seq, telling_of_case(case.pk))
