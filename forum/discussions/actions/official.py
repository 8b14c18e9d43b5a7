"""Whether the county office has answered in a thread, as lists show it."""

from accounts.models import Organization
from forum.categories.models import Category
from forum.discussions.live import stream_of, telling_of_row
from forum.discussions.models import Post, Thread
from forum.live.announcing import announce


def judge_official_answer(thread: Thread) -> None:
    """Give or take the mark where an answer of the office came back or went; lists hear of it.

    Locks: the category's row where it changes; the caller holds the thread.
    """
    standing = thread.posts.filter(
        organization__kind=Organization.Kind.OFFICE, state=Post.State.PUBLISHED, number__gt=1
    )
    has = standing.exists()
    if Thread.objects.filter(pk=thread.pk, has_official_answer=has).exists():
        return
    listing_seq = Category(pk=thread.category_id).take_seq()
    Thread.objects.filter(pk=thread.pk).update(has_official_answer=has, listing_seq=listing_seq)
    announce(
        stream_of(thread.category),
        listing_seq,
        telling_of_row(thread.pk, thread.category_id),
    )
