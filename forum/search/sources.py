"""What can be found: each kind of thing, registered by the room that owns it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from accounts.rules import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One thing as it is found. `category` is None where everybody may read it; `place` is what
    things are shown together by, as the posts of a thread."""

    pk: int
    title: str = ""
    text: str = ""
    at: datetime
    place: int | None = None
    category: int | None = None
    author: int | None = None
    organization: int | None = None
    gmina: str = ""
    is_official: bool = False
    is_accepted: bool = False
    has_files: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One thing as the list of results shows it."""

    url: str
    kind: str  # in words
    who: str = ""
    where: str = ""
    names: dict[str, object] = field(default_factory=dict)


class Source:
    """One kind of thing that can be found."""

    kind: str
    looked_at = 500  # things, in one step of making the index anew

    def words(self, pks: Collection[int]) -> list[Words]:
        """Those of these things that may be found at all; the others leave the index."""
        raise NotImplementedError

    def pks_after(self, pk: int, limit: int) -> Sequence[int]:
        """The next pks of all things of the kind, findable or not, in their order."""
        raise NotImplementedError

    def count(self) -> int:
        """How many things of the kind there are, findable or not."""
        raise NotImplementedError

    def hold(self, pks: Collection[int]) -> bool:
        """Keep others from changing these things until the transaction ends; whether that was
        possible: false asks to try again in a new transaction."""
        raise NotImplementedError

    def unready(self, pks: Collection[int]) -> set[int]:
        """Those of these things whose words have still to be made, at some cost."""
        return set()

    def make_ready(self, pk: int) -> None:
        """Make the words of a thing that takes long. Runs outside of a transaction."""

    def shown(self, viewer: Viewer, pks: Collection[int]) -> dict[int, Shown]:
        """How those of these things look that the viewer may read."""
        raise NotImplementedError


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Make a kind of thing known; called from the owning room's apps.py."""
    _sources[source.kind] = source


def find(kind: str) -> Source:
    """The source of this kind. Raises: KeyError."""
    return _sources[kind]


def kinds() -> list[str]:
    return list(_sources)
