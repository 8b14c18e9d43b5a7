"""Writing down that something happened; the worker spreads it."""

from collections.abc import Sequence

from accounts.models import User
from forum.lib.prepared_insert import PreparedInsert
from forum.notifications.actions.spreading import spread
from forum.notifications.models import Event

_EVENT = PreparedInsert(Event)


def tell(*, actor: User | None, about: str, kinds: Sequence[str], once: bool = False) -> Event:
    """The event, to be spread by the worker; whoever did it is not told.

    `about` names the row, as "post.77"; `kinds` are the strongest first. With `once` nobody
    hears of it who was told of the same row by one of these kinds before.
    Queries: two, however many followers there are. Locks: none, the caller holds the transaction.
    """
    event = _EVENT.write(Event(actor=actor, about=about, kinds=list(kinds), once=once))
    spread.enqueue(event.pk)
    return event
