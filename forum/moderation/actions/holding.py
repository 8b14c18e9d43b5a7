"""Holding still what an action is about to change, and telling the desk of it."""

from django.db import connection, transaction

from accounts.models import User
from forum.lib.answers import Refusal, Refused
from forum.live.announcing import announce
from forum.moderation import reviewing
from forum.moderation.live import STREAM, telling_of_case
from forum.moderation.models import DESK_PK, Case, Desk
from forum.moderation.reviewing import Facts, Reviewable
from forum.moderation.wording import GONE


def hold_people(*pks: int | None) -> None:
    """Keep the members from being erased meanwhile.

    Their keys only are locked: a reply that holds its thread and writes on its author's row would
    otherwise wait for whoever waits for that thread. Locks: their keys, the lower pk first.
    """
    known = sorted({pk for pk in pks if pk is not None})
    if not known or connection.vendor != "postgresql":
        return  # SQLite lets one transaction write at a time
    table = connection.ops.quote_name(User._meta.db_table)
    with connection.cursor() as cursor:
        # No value stands in the text; Django knows no such lock.
        cursor.execute(
            f"SELECT id FROM {table} WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE",  # noqa: S608
            [known],
        )


def hold_subject(case: Case, *people: int | None, facts: Facts | None = None) -> Case:
    """The case with everything that a decision changes, locked; read anew.

    `people` are those who decide, `facts` the place or the effects of what they decide.
    Raises: Refused where the subject has just gone elsewhere.
    Locks: the keys of the author and the people, the subject's rows, the case.
    """
    assert transaction.get_connection().in_atomic_block
    hold_people(case.author_id, *people)
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
