"""Pages of lists of threads, latest first, by keyset."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.db.models import Q

from accounts.rules import Viewer
from forum.categories.models import Category
from forum.discussions.live import stream_of
from forum.discussions.models import Thread
from forum.lib.pages import Page, key_of, parse_key

PAGE_SIZE = 20  # threads
PINNED_SHOWN = 5  # as many as staff may pin in one category


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
    threads = Thread.objects.readable_by(viewer).for_listing().listed().latest_first()
    if category is not None:
        threads = threads.filter(category=category)
    if template:
        threads = threads.filter(template=template)
        if wish:
            threads = threads.saying_in_fields(wish)
    elif category is not None:
        threads = threads.filter(pinned_at=None)
    key = parse_key(before)
    if key is not None:
        moment, pk = key
        threads = threads.filter(
            Q(last_post_at__lt=moment) | Q(last_post_at=moment, pk__lt=pk),
            last_post_at__lte=moment,
        )
    found = list(threads[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    has_later = len(found) > PAGE_SIZE
    query = {"template": template} if template else {}
    if template and wish:
        query["fields"] = wish
    later = ""
    if has_later:
        last = key_of(shown[-1].last_post_at, shown[-1].pk)
        later = f"{address}?{urlencode({**query, 'before': last})}"
    first = f"{address}?{urlencode(query)}" if query else address
    return Page(shown, later_url=later, first_url=first if key else "")


def pinned_in(category: Category) -> list[Thread]:
    """The pinned threads, above the first page of their category. Queries: one."""
    pinned = Thread.objects.for_listing().listed().filter(category=category)
    return list(pinned.filter(pinned_at__isnull=False).latest_first()[:PINNED_SHOWN])


def streams(categories: Iterable[Category]) -> str:
    """What a list listens to, for data-streams: `category.3:17 category.5:2`."""
    return " ".join(f"{stream_of(category)}:{category.seq}" for category in categories)
