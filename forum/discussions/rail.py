"""What a page of a thread shows beside it: where one is, and where the unread posts are."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from forum.discussions import actions
from forum.discussions.models import Thread
from forum.discussions.reading import Row
from forum.discussions.unread import ReadState, Shown, unread_url
from forum.lib.ranges import Ranges


@dataclass(frozen=True, slots=True)
class Rail:
    """Where a page stands in its thread; the same for every reader."""

    number: int  # of the post the page begins with
    last_number: int
    first_url: str
    last_url: str
    next_url: str  # leads a member on to what is unread


def shown_on(rows: Iterable[Row]) -> list[Shown]:
    """The posts of a page, as far as reading them is concerned."""
    return [(row.post.number, row.post.author_id) for row in rows if row.post]


def rail_context(thread: Thread, shown: list[Shown]) -> dict[str, object]:
    """What every reader's page shows of where it stands. Queries: none."""
    number = shown[0][0] if shown else 1
    first, last = (
        reverse("discussions:place", args=[thread.pk, each])
        for each in (1, max(thread.last_number, 1))
    )
    rail = Rail(number, thread.last_number, first, last, unread_url(thread, number))
    return {"rail": rail, "shown_numbers": str(Ranges.of(number for number, _ in shown))}


def unread_context(
    viewer: object, thread: Thread, shown: list[Shown], order: str
) -> dict[str, object]:
    """What a member's page shows of what is unread; nothing for a guest.

    Queries: none for a guest; one for a member, and more where a visit begins.
    """
    if not isinstance(viewer, User):
        return {}
    state = ReadState.of(thread, actions.visit(user=viewer, thread=thread))
    return {"unread": state.here(shown, order)}
