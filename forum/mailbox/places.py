"""What a mail answers, as it stands today: threads are merged and posts are moved meanwhile."""

from dataclasses import dataclass

from forum.discussions.models import Post, Thread
from forum.mailbox.addresses import Named

MOVES_FOLLOWED = 20  # one after another; nobody moves a post so often while a mail is on its way


@dataclass(frozen=True, slots=True)
class Place:
    """Where the answer belongs; without a post below the thread itself."""

    thread: Thread
    post: Post | None = None


def place_of(named: Named) -> Place | None:
    """The place that the address names; None where it is no more. Queries: 1 to 3, mostly.

    Nobody is asked here whether it may be read.
    """
    if named.post_pk is None:
        assert named.thread_pk is not None
        thread = Thread.objects.select_related("category__parent").filter(pk=named.thread_pk)
        return _led_on(thread.first())
    posts = Post.objects.select_related("thread__category__parent")
    post = posts.filter(pk=named.post_pk).first()
    for _move in range(MOVES_FOLLOWED):
        if post is None or post.moved_to_id is None:
            break
        post = posts.filter(pk=post.moved_to_id).first()
    return Place(post.thread, post) if post is not None else None


def _led_on(thread: Thread | None) -> Place | None:
    """The thread, or the one that it was merged into."""
    for _merge in range(MOVES_FOLLOWED):
        if thread is None or thread.merged_into_id is None:
            break
        threads = Thread.objects.select_related("category__parent")
        thread = threads.filter(pk=thread.merged_into_id).first()
    return Place(thread) if thread is not None else None
