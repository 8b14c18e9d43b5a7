"""Keeping the index of the search in step with posts. Locks: none, the caller holds the thread."""

from collections.abc import Collection

from forum.discussions.models import Thread
from forum.discussions.searching import PostSource
from forum.search import actions as search

KIND = PostSource.kind


def find_anew(posts: Collection[int]) -> None:
    """These posts are found by what they say now; what does not stand is not found any more.

    Queries: three or four.
    """
    search.index(KIND, posts)


def find_title_anew(thread: Thread) -> None:
    """The thread is found by its title of now, which is its opening post's. Queries: four."""
    find_anew(list(thread.posts.filter(number=1).values_list("pk", flat=True)))


def find_in_category(thread: Thread) -> None:
    """Its posts are found by whoever reads its category of now. Queries: one."""
    search.move(KIND, thread.pk, category=thread.category_id)


def find_in(thread: Thread, posts: Collection[int]) -> None:
    """These posts stand in this thread now, and so in its category. Queries: a few, one in 500."""
    search.carry(KIND, posts, place=thread.pk, category=thread.category_id)
    openings = thread.posts.filter(pk__in=posts, number=1).values_list("pk", flat=True)
    # What opened the thread it came from was found by that thread's title.
    find_anew({*openings, *search.titled(KIND, posts)})
