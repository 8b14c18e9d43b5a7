"""Who wants to know what got into the index: called in the transaction that put it there."""

from collections.abc import Callable, Collection

Listener = Callable[[str, Collection[int]], object]

# Called with the kind and the things that can be found by what they say now; a higher room plugs
# itself in, in its apps.py. It may only write rows, as a job.
listeners: list[Listener] = []


def tell(kind: str, pks: Collection[int]) -> None:
    """These things were put into the index, or changed there. Queries: those of the listeners."""
    if pks:
        for listener in listeners:
            listener(kind, pks)
