"""Holding still what an action is about to change: posts may be moved at any moment."""

from django.utils.translation import gettext_lazy as _

from forum.discussions import rules
from forum.discussions.models import Post, Thread
from forum.lib.answers import Refusal, Refused, demand


def hold(post: Post) -> Thread:
    """The thread the post stands in, locked; the post is read anew.

    Raises: Refused where the post has been moved since it was read. Locks: the thread's row.
    """
    thread = Thread.objects.select_for_update(no_key=True).get(pk=post.thread_id)
    post.refresh_from_db()
    if post.thread_id != thread.pk:
        raise Refused(just_moved())
    return thread


def hold_place(thread: Thread, parent: Post | None) -> None:
    """Make sure of the place of a reply in the thread, which the caller has locked.

    Raises: Refused where the thread was closed or merged, or the parent moved, meanwhile.
    """
    demand(rules.takes_replies(thread))
    if parent is None:
        return
    parent.refresh_from_db(fields=["thread", "number", "path", "depth", "state"])
    if parent.thread_id != thread.pk or parent.is_moved:
        raise Refused(just_moved())


def just_moved() -> Refusal:
    return Refusal(
        _("This post has just been moved to another thread. Open it there and try again.")
    )
