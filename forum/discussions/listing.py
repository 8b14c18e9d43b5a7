"""Pages of lists of threads, latest first, by keyset."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q

from accounts.models import Organization, User
from accounts.rules import Kind, Viewer
from forum.categories.models import Category
from forum.discussions.live import stream_of
from forum.discussions.models import Thread, ThreadQuerySet
from forum.discussions.rows import with_rows
from forum.lib.pages import Page, key_of, parse_key
from forum.lib.prepared import Prepared

PAGE_SIZE = 20  # threads
PINNED_SHOWN = 5  # as many as staff may pin in one category
LOOKED_THROUGH = 2_000  # threads in which one page of the unread ones is looked for

Key = tuple[datetime, int]


def latest(viewer: Viewer) -> ThreadQuerySet:
    """Every thread the viewer may read, with all that a row of a list shows."""
    return Thread.objects.listed_for(viewer).for_listing().latest_first()


def first_of(viewer: Viewer, count: int, *, unanswered: bool = False) -> list[Thread]:
    """So many of the latest threads, or of those that wait for a first reply. Queries: one."""
    return _FIRST.objects(Kind.of(viewer), count, unanswered, viewer=viewer.pk or 0)


def _first(kind: Kind, count: int, unanswered: bool, viewer: int) -> ThreadQuerySet:
    threads = latest(kind.viewer(viewer))
    return (threads.unanswered() if unanswered else threads)[:count]


_FIRST = Prepared(_first)


def page_of(
    viewer: Viewer,
    before: str,
    address: str,
    *,
    category: Category | None = None,
    template: str = "",
    wish: str = "",
) -> Page[Thread]:
    """The page of threads older than the key in `before`; the first page without one.

    With a template only those that began with it; there the pinned ones stand among the others.
    With a wish, too, only those whose form was filled with these words.

    Queries: one.
    """
    threads = latest(viewer)
    if category is not None:
        threads = threads.filter(category=category)
    if template:
        threads = threads.filter(template=template)
        if wish:
            threads = threads.saying_in_fields(wish)
    elif category is not None:
        threads = threads.filter(pinned_at=None)
    query = {"template": template} if template else {}
    if template and wish:
        query["fields"] = wish
    key = parse_key(before)
    return _page(_older(threads, key)[: PAGE_SIZE + 1], key, address, query)


def unanswered_page(viewer: Viewer, before: str, address: str) -> Page[Thread]:
    """The threads that wait for a first reply. Queries: one."""
    key = parse_key(before)
    threads = _older(latest(viewer).unanswered(), key)
    return _page(threads[: PAGE_SIZE + 1], key, address)


def official_page(viewer: Viewer, before: str, address: str) -> Page[Thread]:
    """The threads in which the county office speaks: it began them, or answered.

    Asked in two, each along an index of its own: for "one or the other" both databases would sort
    every thread of the office. Queries: three.
    """
    key = parse_key(before)
    offices = Organization.objects.filter(kind=Organization.Kind.OFFICE)
    begun = latest(viewer).filter(organization__in=list(offices.values_list("pk", flat=True)))
    answered = latest(viewer).filter(has_official_answer=True)
    found = {
        thread.pk: thread
        for threads in (begun, answered)
        for thread in _older(threads, key)[: PAGE_SIZE + 1]
    }
    ordered = sorted(found.values(), key=_key, reverse=True)
    return _page(ordered[: PAGE_SIZE + 1], key, address)


def unread_page(member: User, before: str, address: str) -> Page[Thread]:
    """The threads with posts that the member has not read.

    No index knows what a member has not read: of whoever has read nearly everything a page may
    hold fewer threads than others, or none, and still lead to older ones. Queries: two.
    """
    key = parse_key(before)
    end = _end_of_look(key)
    asked: dict[str, Any] = {} if key is None else {"moment": key[0], "pk": key[1]}
    if end is not None:
        asked["end"] = end[0]
    found = _UNREAD.objects(Kind.of(member), viewer=member.pk, **asked)
    page = _page(found, key, address)
    if page.later_url or end is None:
        return page
    later = f"{address}?{urlencode({'before': key_of(end[0], 0)})}"
    return Page(page.items, later_url=later, first_url=page.first_url)


def _unread(
    kind: Kind,
    viewer: int,
    moment: datetime | None = None,
    pk: int = 0,
    end: datetime | None = None,
) -> ThreadQuerySet:
    member = User(pk=viewer)
    threads = latest(kind.viewer(viewer)).unread_by(member)
    threads = _older(threads, None if moment is None else (moment, pk))
    if end is not None:
        threads = threads.filter(last_post_at__gte=end)
    return threads[: PAGE_SIZE + 1]


_UNREAD = Prepared(_unread)


def pinned_in(category: Category) -> list[Thread]:
    """The pinned threads, above the first page of their category. Queries: one."""
    pinned = Thread.objects.for_listing().listed().filter(category=category)
    latest = pinned.filter(pinned_at__isnull=False).latest_first()
    return with_rows(list(latest[:PINNED_SHOWN]))


def streams(categories: Iterable[Category]) -> str:
    """What a list listens to, for data-streams: `category.3:17 category.5:2`."""
    return " ".join(f"{stream_of(category)}:{category.seq}" for category in categories)


def _older(threads: ThreadQuerySet, key: Key | None) -> ThreadQuerySet:
    if key is None:
        return threads
    moment, pk = key
    older = Q(last_post_at__lt=moment) | Q(last_post_at=moment, pk__lt=pk)
    return threads.filter(older, last_post_at__lte=moment)


def _page(
    threads: Iterable[Thread], key: Key | None, address: str, query: dict[str, str] | None = None
) -> Page[Thread]:
    """The page of these threads, of which the last only says that there is a later page."""
    found, query = list(threads), query or {}
    shown = with_rows(found[:PAGE_SIZE])
    later = ""
    if len(found) > PAGE_SIZE:
        last = key_of(*_key(shown[-1]))
        later = f"{address}?{urlencode({**query, 'before': last})}"
    first = f"{address}?{urlencode(query)}" if query else address
    return Page(shown, later_url=later, first_url=first if key else "")


def _key(thread: Thread) -> Key:
    return thread.last_post_at, thread.pk


def _end_of_look(key: Key | None) -> Key | None:
    """Where the look for unread threads ends; None where the list ends before.

    An offset, but a fixed one along an index. Threads of one moment are looked at together.
    """
    threads = _older(Thread.objects.order_by("-last_post_at", "-pk"), key)
    ends = threads.values_list("last_post_at", "pk")[LOOKED_THROUGH - 1 : LOOKED_THROUGH]
    return next(iter(ends), None)
