"""What higher rooms want to be told of accounts, which must not know them.

Each room plugs itself in, in its own apps.py. The functions are called inside the transaction, so
that a job they write is a row of it; what goes out waits for the commit by itself.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # rooms name the plugs before models are there
    from accounts.models import Mandate, Organization, OrganizationEvent, User

# A case needs the register's facts: called with the case's pk.
facts_wanted: list[Callable[[int], object]] = []
# Somebody may speak for fewer or more: open sockets must be judged again.
rights_changed: list[Callable[[], object]] = []
# A case of verification began to wait for the adviser, or does so no longer: with the case's pk.
case_moved: list[Callable[[int], object]] = []
# Somebody read private data of a member: called with the reader, the member and where it stands.
private_read: list[Callable[["User", "User", str], object]] = []
# A step was written into the log of an organization.
step_taken: list[Callable[["OrganizationEvent"], object]] = []
# A mandate is about to end, or should be confirmed: its people have just been written to.
mandate_ends: list[Callable[["Mandate"], object]] = []
# Members or organizations that others know otherwise by now: by another name, or an organization as
# one of another kind or commune.
known_otherwise: list[Callable[[Sequence["User | Organization"]], object]] = []


def want_facts(case_pk: int) -> None:
    for plug in facts_wanted:
        plug(case_pk)


def tell_case_moved(case_pk: int) -> None:
    for plug in case_moved:
        plug(case_pk)


def tell_private_read(reader: "User", member: "User", place: str) -> None:
    for plug in private_read:
        plug(reader, member, place)


def tell_rights_changed() -> None:
    for plug in rights_changed:
        plug()


def tell_step(step: "OrganizationEvent") -> None:
    for plug in step_taken:
        plug(step)


def tell_mandate_ends(mandate: "Mandate") -> None:
    for plug in mandate_ends:
        plug(mandate)


def tell_known_otherwise(*changed: "User | Organization") -> None:
    for plug in known_otherwise if changed else ():
        plug(changed)
