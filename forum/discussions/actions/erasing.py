"""What becomes of a member's words and marks when their account is erased.

Called by accounts.erasing through the registry of personal data, inside its transaction; nobody is
asked for permission here.
"""

from collections.abc import Collection

from django.db.models import Q

from accounts.personal_data import Erasure, Texts
from forum.discussions.actions import attaching
from forum.discussions.actions.accepting import unchoose
from forum.discussions.actions.informing import look_again_at
from forum.discussions.live import stream_of
from forum.discussions.models import (
    Attachment,
    Draft,
    Post,
    Reaction,
    ReadMark,
    Revision,
    SavedPost,
    Thread,
    VoiceOfCategory,
)
from forum.live.announcing import announce


def erase_words(erasure: Erasure) -> None:
    """Own-voice posts lose their text where the member wants it, and always where withdrawn before.

    Posts keep their places: others answered them. Locks: each thread's row, in the order of keys.
    """
    own = Post.objects.filter(author=erasure.member, organization=None)
    wanted = Q(state=Post.State.WITHDRAWN)
    if erasure.texts == Texts.WITHDRAW:
        wanted |= Q(state=Post.State.PUBLISHED)
    emptied = list(own.filter(wanted).only("pk", "thread_id"))
    threads = _hold(emptied)
    pks = [post.pk for post in emptied]
    Revision.objects.filter(post__in=pks).delete()
    attaching.remove(Attachment.objects.filter(post__in=pks).select_for_update())
    Post.objects.filter(pk__in=pks).update(
        source="",
        html="",
        filled={},
        filled_words="",
        state=Post.State.WITHDRAWN,
        edited_at=None,
        revisions_count=0,
    )
    for post in emptied:
        unchoose(post)
    look_again_at(pks)
    _show_anew(emptied, threads)


def take_back_reactions(erasure: Erasure) -> None:
    """Thanks and support in the member's own voice go. Locks: as above."""
    given = Reaction.objects.filter(user=erasure.member, organization=None)
    posts = list(Post.objects.filter(pk__in=given.values("post")).only("pk", "thread_id"))
    threads = _hold(posts)
    given.delete()
    _show_anew(posts, threads)


def forget_own_things(erasure: Erasure) -> None:
    """Drafts and their files, read marks, saved posts and chosen voices: seen by nobody else."""
    attaching.remove(Attachment.objects.unsent_by(erasure.member).select_for_update())
    for model in (Draft, ReadMark, SavedPost, VoiceOfCategory):
        model.objects.filter(user=erasure.member).delete()


def _hold(posts: Collection[Post]) -> dict[int, Thread]:
    threads = Thread.objects.select_for_update(no_key=True).order_by("pk")
    return {thread.pk: thread for thread in threads.filter(pk__in={p.thread_id for p in posts})}


def _show_anew(posts: Collection[Post], threads: dict[int, Thread]) -> None:
    """Give each post a change number of its own, and tell the open pages of the last one."""
    for post in posts:
        seq = threads[post.thread_id].take_seq()
        Post.objects.filter(pk=post.pk).update(seq=seq)
    for thread in threads.values():
        announce(stream_of(thread), thread.seq)
