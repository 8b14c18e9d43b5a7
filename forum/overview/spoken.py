"""What an organization said: the threads it began and its posts in others, newest first."""

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Q, QuerySet

from accounts.models import Organization
from accounts.rules import Viewer
from forum.discussions.mentioning import plain_texts
from forum.discussions.models import Post, Thread
from forum.lib.pages import Page, key_of, parse_key

PARTNER = "partner"  # the form of threads that look for one (docs/decisions/0019)

Row = TypeVar("Row", Thread, Post)


def threads_of(organization: Organization, viewer: Viewer) -> QuerySet[Thread]:
    """The threads it began that the viewer may read."""
    readable = Thread.objects.readable_by(viewer).listed().for_listing()
    return readable.filter(organization=organization)


def needs_of(organization: Organization, viewer: Viewer) -> QuerySet[Thread]:
    """What it looks for and brings along: its threads in search of a partner, while open."""
    return threads_of(organization, viewer).filter(template=PARTNER, closed_at=None)


def posts_of(organization: Organization, viewer: Viewer) -> QuerySet[Post]:
    """Its posts in threads, without those that open one and those it took back."""
    readable = Post.objects.readable_by(viewer).filter(state=Post.State.PUBLISHED, number__gt=1)
    with_names = readable.select_related("author", "organization", "thread__category")
    return with_names.filter(organization=organization).defer("source")


def page_of(rows: "QuerySet[Row]", before: str, address: str, size: int) -> Page[Row]:
    """The rows made before the one whose key is `before`. Queries: one."""
    key = parse_key(before)
    if key is not None:
        moment, pk = key
        earlier = Q(created_at__lt=moment) | Q(created_at=moment, pk__lt=pk)
        rows = rows.filter(earlier, created_at__lte=moment)
    found: Sequence[Row] = list(rows.order_by("-created_at", "-pk")[: size + 1])
    shown = found[:size]
    has_more = len(found) > size
    later = f"{address}?before={key_of(shown[-1].created_at, shown[-1].pk)}" if has_more else ""
    return Page(shown, later_url=later, first_url=address if key else "")


def with_excerpts(page: Page[Post]) -> Page[Post]:
    """The page of posts, each with its `excerpt`: the text without what makes it rich.

    Queries: none where nobody is mentioned, two at most.
    """
    texts = plain_texts(post.html for post in page.items)
    for post, text in zip(page.items, texts, strict=True):
        post.excerpt = text  # type: ignore[attr-defined]  # for the template
    return page
