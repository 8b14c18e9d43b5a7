"""Which reply is the answer: chosen by whoever asked, or by staff."""

from django.db import transaction

from accounts.models import User
from forum.categories.models import Category
from forum.discussions import rules
from forum.discussions.actions.holding import hold
from forum.discussions.actions.indexing import find_anew
from forum.discussions.actions.informing import look_again_at, tell_of_acceptance
from forum.discussions.live import stream_of, telling_of_post, telling_of_row
from forum.discussions.models import Post, Thread
from forum.lib.answers import demand
from forum.live.announcing import announce


def accept(*, author: User, post: Post, on: bool) -> Post:
    """The post as the answer of its thread, instead of any other; or no longer.

    Repeating it changes nothing. Raises: Refused. Locks: the thread's row, then its category's.
    """
    demand(rules.may_accept(author, post))
    with transaction.atomic():
        # It may have been withdrawn in the meantime, in another window.
        thread = hold(post)
        demand(rules.may_accept(author, post))
        if (thread.accepted_id == post.pk) == on:
            return post
        # Each post has a change of its own: a catch-up in parts may end between the two.
        for pk in filter(None, [thread.accepted_id if on else None, post.pk]):
            _show_anew(thread, pk)
        before = thread.accepted_id
        _choose(thread, post if on else None)
        changed = [pk for pk in {post.pk, before} if pk is not None]
        find_anew(changed)
        look_again_at(changed)
        if on:
            tell_of_acceptance(author, post)
        post.refresh_from_db()
    return post


def unchoose(post: Post) -> None:
    """Leave the thread without an answer where this post was it.

    The caller announces the post with the thread's head. Locks: the caller holds the thread.
    """
    thread = Thread.objects.get(pk=post.thread_id)
    if thread.accepted_id == post.pk:
        _choose(thread, None)


def choose_again(post: Post) -> None:
    """Make the post the answer of its thread, which has none. As `unchoose`."""
    _choose(Thread.objects.get(pk=post.thread_id), post)


def _show_anew(thread: Thread, pk: int) -> None:
    seq = thread.take_seq()
    Post.objects.filter(pk=pk).update(seq=seq)
    announce(stream_of(thread), seq, telling_of_post(pk, thread.pk, head=True))


def _choose(thread: Thread, post: Post | None) -> None:
    category = Category(pk=thread.category_id)
    listing_seq = category.take_seq()
    Thread.objects.filter(pk=thread.pk).update(accepted=post, listing_seq=listing_seq)
    announce(stream_of(category), listing_seq, telling_of_row(thread.pk, category.pk))
