"""What a member has not read yet: how much, where, and what comes next in either order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from django.urls import reverse

from accounts.models import User
from accounts.rules import Viewer
from forum.discussions.models import ReadMark, Thread
from forum.lib.ranges import Ranges, Span

TRACK_PARTS = 100  # the track of the rail is drawn in hundredths of the thread
FEW_UNREAD = 500  # so many posts are looked up by their numbers; more are met soon on the way
FIRST_STEP = 200  # posts of the first look ahead in the tree; every further one is ten times as far
TEXT_MAX_CHARS = 4_000  # of the ranges a page carries; beyond them only its own posts are told

Shown = tuple[int, int]  # a post of a page: its number, and the pk of its author


@dataclass(frozen=True, slots=True)
class ReadState:
    """What one member has read of one thread."""

    thread: Thread
    user_pk: int
    read: Ranges
    since_number: int = 0

    @classmethod
    def of(cls, thread: Thread, mark: ReadMark) -> "ReadState":
        read = Ranges.parse(mark.ranges).up_to(thread.last_number)
        return cls(thread, mark.user_id, read, mark.since_number)

    @property
    def missing(self) -> Ranges:
        """The numbers of the unread posts."""
        return self.read.missing(self.thread.last_number)

    @property
    def unread_count(self) -> int:
        return self.thread.last_number - self.read.count

    def here(self, shown: Sequence[Shown], order: str) -> "Unread":
        """What is unread, on a page that shows these posts and in all."""
        on_page = frozenset(number for number, _ in shown if number not in self.read)
        numbers = str(self.missing)
        if len(numbers) > TEXT_MAX_CHARS:
            numbers = str(Ranges.of(sorted(on_page)))
        marks = track(self.missing, self.thread.last_number)
        first_new = self._first_new(shown, order) if self.since_number else 0
        return Unread(self.unread_count, numbers, marks, on_page, first_new)

    def _first_new(self, shown: Sequence[Shown], order: str) -> int:
        for place, (number, author_pk) in enumerate(shown):
            if number <= self.since_number or author_pk == self.user_pk:
                continue
            # By time the line stands once in the thread: a page that begins behind it has none.
            if order == "tree" or place or number == self.since_number + 1:
                return number
        return 0


@dataclass(frozen=True, slots=True)
class Unread:
    """What one member has not read of a thread, as its page shows it."""

    count: int
    numbers: str  # as ranges; of the page alone where the whole would be too long
    track: list[tuple[int, int]]
    on_page: frozenset[int] = frozenset()
    first_new: int = 0  # the line "since your last visit" stands above this post


def read_state(user: User, thread: Thread) -> ReadState:
    """What the member has read of the thread. Queries: one."""
    mark = ReadMark.objects.filter(user=user, thread=thread).first()
    return ReadState.of(thread, mark or ReadMark(user=user, thread=thread))


class Listed(NamedTuple):
    """What is told of a thread of a list beside its row."""

    pk: int
    title: str
    last_number: int

    @classmethod
    def of(cls, thread: Thread) -> Self:
        return cls(thread.pk, thread.title, thread.last_number)


@dataclass(frozen=True, slots=True)
class ListReading:
    """What one member has read of the threads of a list."""

    text: str  # how many posts of each thread are read: "42:5 43:17"
    unread: list[tuple[Listed | Thread, int]]


def list_reading(
    viewer: Viewer, threads: Sequence[Listed] | Sequence[Thread]
) -> ListReading | None:
    """What the viewer has read of the threads; None for a guest. Queries: one."""
    if not isinstance(viewer, User):
        return None
    marks = ReadMark.objects.filter(user=viewer, thread__in=[thread.pk for thread in threads])
    read = dict(marks.values_list("thread_id", "read_count"))
    counts = [(thread, thread.last_number - read.get(thread.pk, 0)) for thread in threads]
    return ListReading(
        " ".join(f"{thread.pk}:{read.get(thread.pk, 0)}" for thread in threads),
        [(thread, count) for thread, count in counts if count > 0],
    )


def next_unread(state: ReadState, after: int, order: str) -> int:
    """The number of the next unread post behind the given one, else of the first; 0 if all is read.

    Queries: none by time; in the tree 2 where little is unread, else at most one for each tenfold
    distance (5 in a thread of 100,000 posts), twice when the search begins anew at the top.
    """
    if state.unread_count <= 0:
        return 0
    if order == "time":
        number = state.read.first_missing(after + 1)
        return number if number <= state.thread.last_number else state.read.first_missing()
    path = _path_of(state.thread, after)
    if state.unread_count <= FEW_UNREAD:
        return _of_few(state, path)
    return _ahead(state, path) or _ahead(state, "")


def track(missing: Ranges, last_number: int) -> list[tuple[int, int]]:
    """Where the unread posts are, as beginnings and lengths in hundredths of the thread."""
    parts = Ranges.of_spans(_part(span, last_number) for span in missing.spans)
    return [(first - 1, last - first + 1) for first, last in parts.spans]


def unread_url(thread: Thread, after: int = 0) -> str:
    """The address that leads to the next unread post."""
    address = reverse("discussions:unread", args=[thread.pk])
    return f"{address}?after={after}" if after else address


def _part(span: Span, last_number: int) -> Span:
    first, last = span
    return (
        (first - 1) * TRACK_PARTS // last_number + 1,
        min(-(-last * TRACK_PARTS // last_number), TRACK_PARTS),
    )


def _path_of(thread: Thread, number: int) -> str:
    path = thread.posts.filter(number=number).values_list("path", flat=True).first()
    return path or ""


def _of_few(state: ReadState, path: str) -> int:
    numbers = [n for first, last in state.missing.spans for n in range(first, last + 1)]
    places = sorted(
        state.thread.posts.filter(number__in=numbers).values_list("path", "number").order_by()
    )
    behind = [number for place, number in places if place > path]
    return (behind or [number for _, number in places] or [0])[0]


def _ahead(state: ReadState, path: str) -> int:
    step = FIRST_STEP
    while True:
        posts = state.thread.posts.filter(path__gt=path).order_by("path")
        seen = list(posts.values_list("path", "number")[:step])
        for _, number in seen:
            if number not in state.read:
                return number
        if len(seen) < step:
            return 0
        path = seen[-1][0]
        step *= 10
