"""What moderators' decisions do to a post. Who may is asked by the room of moderation."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from forum.categories.models import Category
from forum.discussions.actions.accepting import choose_again, unchoose
from forum.discussions.actions.holding import hold
from forum.discussions.actions.indexing import find_anew
from forum.discussions.actions.informing import look_again_at
from forum.discussions.actions.official import judge_official_answer
from forum.discussions.live import stream_of, telling_of_post, telling_of_row
from forum.discussions.models import Post, Thread
from forum.lib.fragments import forget_names
from forum.live.announcing import announce


def put(*, post: Post, state: Post.State, accepted: bool = False) -> bool:
    """Give the post this state, and the thread what hangs on it; whether it had been its answer.

    `accepted` makes it the answer again, unless another one was chosen meanwhile. What has the
    state already is left alone. Raises: Refused where it has just been moved.
    Locks: the thread's row, then its category's.
    """
    thread = hold(post)
    was_accepted = thread.accepted_id == post.pk
    if post.state == state:
        return was_accepted
    seq = thread.take_seq()
    Post.objects.filter(pk=post.pk).update(state=state, seq=seq)
    if state != Post.State.PUBLISHED:
        unchoose(post)
    elif accepted and thread.accepted_id is None:
        choose_again(post)
    if post.number == 1:
        _cover_title(thread, is_covered=state in Post.HIDDEN_STATES)
    post.refresh_from_db()
    if post.is_official and post.number > 1:
        judge_official_answer(thread)
    find_anew([post.pk])
    look_again_at([post.pk])
    announce(stream_of(thread), seq, telling_of_post(post.pk, thread.pk, head=True))
    return was_accepted


def _cover_title(thread: Thread, *, is_covered: bool) -> None:
    """A title is its author's words as well: while the opening post is hidden, it is kept aside."""
    if is_covered == bool(thread.kept_title):
        return
    if is_covered:
        # As every name: in the forum's first language.
        with translation.override(settings.LANGUAGE_CODE):
            title, kept = _("Thread hidden by the moderators"), thread.title
    else:
        title, kept = thread.kept_title, ""
    category = Category(pk=thread.category_id)
    listing_seq = category.take_seq()
    Thread.objects.filter(pk=thread.pk).update(
        title=title, kept_title=kept, listing_seq=listing_seq
    )
    # The stubs of posts that moved here tell the title in other threads.
    forget_names()
    announce(stream_of(category), listing_seq, telling_of_row(thread.pk, category.pk))
