"""The kinds of notifications: each a class in the room that causes it, registered in its apps.py.

Source: docs/decisions/0032-notifications.md.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import User
from forum.notifications.models import Event, Notification


@dataclass(frozen=True, slots=True)
class Filing:
    """Where a notification of an event goes: its place in the list, and what is counted together.

    Both are names as streams have them: "thread.42", "post.77", "organization.5".
    """

    place: str
    subject: str


@dataclass(frozen=True, slots=True)
class Told:
    """One notification in the words of the active language.

    `title` is one sentence, counted where it counts; `text` is what was said, as plain words, and
    may be empty. `heading` names the place it is listed under, in the language `language`.
    """

    title: str
    text: str
    url: str
    heading: str
    heading_url: str = ""
    language: str = ""
    by: str = ""  # in whose voice it was said


class Kind:
    """One kind of notification.

    An event is spread in this order: `recipients` narrowed to `who_may_see`, in batches; each of
    them gets an item under `filing`. `seen_by` is asked again before anything is shown or sent.
    """

    name: str
    # Whether it concerns the member in person, and so comes at every level but "muted".
    is_personal = False
    # Goes out in quiet hours too: for deadlines under a day.
    is_urgent = False
    # Whether a letter about it is written elsewhere: then nothing is mailed twice.
    has_own_mail = False
    # Where the weekly letter lists it: "new", "answer" (waits for the member's), "decided",
    # "deadlines".
    chapter = "new"
    # Templates of the mail: <mail>_subject.txt, <mail>.txt, <mail>.html; empty for the common ones.
    mail = ""

    def recipients(self, event: Event) -> QuerySet[User]:
        """For whom it is meant, whether or not they may see it; the actor is left out later."""
        raise NotImplementedError

    def who_may_see(self, event: Event) -> QuerySet[User]:
        """Who may see what it tells of: `may_see` asked the other way."""
        raise NotImplementedError

    def seen_by(self, member: User, events: Iterable[Event]) -> set[int]:
        """Those of the events (their keys) that the member may see now.

        Queries: a fixed number, however many the events are.
        """
        raise NotImplementedError

    def have_seen(self, event: Event, members: Collection[int]) -> set[int]:
        """Those of the members (by key) who saw it before the worker came, on an open page.

        They are told nothing. Queries: at most one.
        """
        return set()

    def may_see(self, member: User, event: Event) -> bool:
        """Whether the member may see what this event tells of, now."""
        return event.pk in self.seen_by(member, [event])

    def filing(self, event: Event) -> Filing | None:
        """Where the notification stands today; None where there is nothing left to tell of."""
        raise NotImplementedError

    def words(self, notifications: Sequence[Notification]) -> Mapping[int, Told]:
        """What each of them (by key) says, in the active language; one that is gone is left out.

        They come with `last_event`. Queries: a fixed number, however many they are.
        """
        raise NotImplementedError

    def said(self, events: Iterable[Event]) -> Mapping[int, str]:
        """The whole of what was said, as plain words with its lines, by event: for mails.

        Where it is left out, the text of `words` stands in its place.
        """
        return {}

    def why(self, notification: Notification) -> str:
        """The sentence that says why it came."""
        raise NotImplementedError

    def mutes(self, notification: Notification) -> str:
        """The place whose level stops more of it: what "change exactly this" changes."""
        return notification.place


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Make kinds known; called from the owning room's apps.py."""
    for kind in kinds:
        known = _kinds.setdefault(kind.name, kind)
        assert type(known) is type(kind), f"two kinds are called {kind.name}"


def find(name: str) -> Kind | None:
    """The kind of that name; None for one of a newer or older version."""
    return _kinds.get(name)


def get(name: str) -> Kind:
    """The kind of that name. Raises: LookupError for one of a newer or older version."""
    kind = find(name)
    if kind is None:
        raise LookupError(f"no kind of notification is called {name}")
    return kind


def names() -> list[str]:
    """The names of all kinds."""
    return sorted(_kinds)
