"""What can be reviewed: each kind of thing, registered by the room that owns it in its apps.py."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from accounts.models import Organization, User
from accounts.rules import Viewer
from forum.moderation.measures import Measure

Facts = dict[str, Any]  # what JSON holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One text as it stands beside the subject, and who said it."""

    pk: int
    url: str
    name: str  # of the person
    organization: str  # in whose voice; empty where it is their own
    tint: int  # the number that the avatar's colour is made of
    is_official: bool
    html: SafeString  # cleaned; empty where nobody is shown its text
    at: datetime
    state: str
    label: str | Promise = ""  # "#12"
    note: str | Promise = ""  # "hidden by the moderators", "withdrawn by the author"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a list shows of a subject. Only `is_open` ones may be told to every moderator."""

    pk: int
    title: str
    excerpt: str  # its first words, plain
    url: str
    author_pk: int | None
    is_open: bool  # whether every member may read where it stands
    is_about_office: bool = False  # as its author marked it


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One reviewable thing as it is now, for those who decide about it.

    `measures` are those that can be taken on it now; `version` changes with its text.
    """

    kind: str
    pk: int
    title: str
    url: str
    author: User | None
    voice: Organization | None
    html: SafeString  # cleaned, as readers saw it; empty where the author took the text back
    words: str  # the same without what makes it rich
    language: str
    at: datetime
    category_pk: int | None
    version: int
    state: str
    state_label: str | Promise
    is_about_office: bool
    is_open: bool
    is_visible: bool  # whether readers see its text now
    measures: frozenset[Measure]
    history_url: str = ""  # empty where it said nothing before
    before: tuple[Shown, ...] = ()
    after: tuple[Shown, ...] = ()
    # Where it stands.
    crumbs: tuple[tuple[str, str], ...] = ()  # titles and addresses, the outermost first
    thread_pk: int | None = None  # for the forms of LOCK, MOVE, SPLIT and MERGE
    number: int | None = None


class Reviewable:
    """One kind of thing; `kind` is its name in cases."""

    kind: str
    label: str | Promise
    tells_publication = False  # whether its room tells the author itself that it was published

    def readable(self, viewer: Viewer) -> QuerySet[Any, Any]:
        """The pks of those whose place the viewer may read, as a subquery (`values("pk")`)."""
        raise NotImplementedError

    def may_read(self, viewer: Viewer, pk: int) -> bool:
        """Whether the viewer sees the thing, with its text, now. What is hidden is not seen."""
        raise NotImplementedError

    def pk_at(self, view_name: str, kwargs: Mapping[str, object], fragment: str) -> int | None:
        """The thing that stands at an address of the forum; None where none does."""
        return None

    def lines(self, pks: Collection[int]) -> Mapping[int, Line]:
        """What lists show of them; those that are gone are left out. Queries: one."""
        raise NotImplementedError

    def subject(self, pk: int) -> Subject | None:
        """The thing as it is now; None where it is gone."""
        raise NotImplementedError

    def measures(self, pk: int) -> frozenset[Measure]:
        """What can be done with it as it is now, without measures of accounts; nothing where it is
        gone. Queries: one."""
        raise NotImplementedError

    def hold(self, pk: int) -> None:
        """Lock what `apply` will change, in the order of its own room.

        Raises: Refused where it has just gone elsewhere. Locks: as the room says, until commit.
        """
        raise NotImplementedError

    def hold_for(self, pk: int, facts: Facts) -> None:
        """As `hold`, with what else the facts name: the `place` of a measure, or its `effects`."""
        self.hold(pk)

    def apply(self, *, moderator: User, pk: int, measure: Measure, place: Facts) -> Facts:
        """Carry a measure out on the thing; what `restore` needs to take it back, as JSON.

        `place` says where to, for measures of threads. Measures of accounts are not given here.
        Raises: Refused. Locks: those of `hold`, which the caller took.
        """
        raise NotImplementedError

    def restore(
        self, *, moderator: User, pk: int, measure: Measure, effects: Facts, waits: bool
    ) -> None:
        """Take a measure back, given what `apply` returned. Where others changed the thing since,
        what can still be taken back is.

        `waits` says whether moderators will decide anew; after an appeal that was granted they do
        not. Raises: Refused. Locks: as `apply`.
        """
        raise NotImplementedError


_kinds: dict[str, Reviewable] = {}


def register(reviewable: Reviewable) -> None:
    """Make a kind known; called from the owning room's apps.py."""
    _kinds[reviewable.kind] = reviewable


def find(kind: str) -> Reviewable | None:
    """The kind of that name; None where no room has registered it."""
    return _kinds.get(kind)


def kinds() -> list[Reviewable]:
    return list(_kinds.values())


def lines_for(viewer: Viewer, reviewable: Reviewable, pks: Collection[int]) -> Mapping[int, Line]:
    """What lists show of those that stand where the viewer may read. Queries: two."""
    readable = reviewable.readable(viewer).filter(pk__in=pks)
    return reviewable.lines([row["pk"] for row in readable])
