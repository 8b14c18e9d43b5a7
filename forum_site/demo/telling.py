"""Who follows the conversations of the demo county, and what of the last days is told."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from forum.discussions import kinds
from forum.discussions.models import Post
from forum.discussions.places import place_of_thread
from forum.notifications.actions.spreading import spread
from forum.notifications.models import Event, Follow

TOLD_FOR = timedelta(days=14)  # what is older than that has been read by now


def tell_of(posts: Sequence[Post], now: datetime) -> None:
    """Whoever wrote follows, as the actions would have it; the worker spreads the newest posts.

    Locks: none, the caller holds the transaction.
    """
    Follow.objects.bulk_create((_follow(post) for post in posts), ignore_conflicts=True)
    newest = [post for post in posts if post.created_at > now - TOLD_FOR]
    events = Event.objects.bulk_create(
        Event(
            kinds=list(kinds.OF_THREAD if post.number == 1 else kinds.OF_REPLY),
            about=kinds.about_post(post.pk),
            actor=post.author,
            at=post.created_at,
        )
        for post in sorted(newest, key=lambda post: post.created_at)
    )
    for event in events:
        spread.enqueue(event.pk)


def _follow(post: Post) -> Follow:
    return Follow(
        user=post.author,
        place=place_of_thread(post.thread_id),
        why=Follow.Why.STARTED if post.number == 1 else Follow.Why.WROTE,
        since=post.created_at,
    )
