"""What a page can listen to: each kind of stream, registered by the room that owns it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from accounts.rules import Viewer

CHANGES_LIMIT = 100  # rows in one answer; a page asks again while there is more


@dataclass(frozen=True, slots=True)
class Changes:
    """The rows of a stream that changed, as one text of fragments.

    Units: seq is the change number up to which the answer is complete.
    """

    seq: int
    html: str
    more: bool


class Stream:
    """One kind of stream; its names are `<kind>.<pk of the owner row>`.

    Source: docs/decisions/0002-hub.md.
    """

    kind: str
    shows_presence = False  # whether its listeners are told who else reads and writes

    def may_listen(self, viewer: Viewer, pk: int) -> bool:
        """Whether the viewer may hear of changes in this stream now."""
        raise NotImplementedError

    def seqs(self, pks: Collection[int]) -> dict[int, int]:
        """The current change numbers; a missing owner is left out. Queries: one."""
        raise NotImplementedError

    def changes(self, pk: int, since: int) -> Changes:
        """The current rows with a change number above since, in the active language."""
        raise NotImplementedError


_kinds: dict[str, Stream] = {}


def register(stream: Stream) -> None:
    """Make a kind of stream known; called from the owning room's apps.py."""
    _kinds[stream.kind] = stream


def find(name: str) -> tuple[Stream, int] | None:
    """The kind and the owner's pk that a name stands for; None where the kind is unknown."""
    kind, _, pk = name.partition(".")
    stream = _kinds.get(kind)
    return (stream, int(pk)) if stream is not None and pk.isdecimal() else None


def shows_presence(name: str) -> bool:
    """Whether the listeners of the stream are told who else reads and writes there."""
    found = find(name)
    return found is not None and found[0].shows_presence


def numbers(names: Collection[str]) -> dict[str, int]:
    """The current change numbers by name; unknown and gone streams are left out.

    Queries: one for each kind.
    """
    pks_by_kind: defaultdict[str, set[int]] = defaultdict(set)
    for name in names:
        if found := find(name):
            pks_by_kind[found[0].kind].add(found[1])
    return {
        f"{kind}.{pk}": seq
        for kind, pks in pks_by_kind.items()
        for pk, seq in _kinds[kind].seqs(pks).items()
    }
