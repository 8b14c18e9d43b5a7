"""What becomes of a member's words and marks when their account is erased.

Called by accounts.erasing through the registry of personal data, inside its transaction; nobody is
asked for permission here.
"""

from collections.abc import Collection

from django.db.models import Q
from django.utils import timezone

from accounts.personal_data import Erasure, Texts
from forum.discussions.actions import attaching
from forum.discussions.actions.accepting import unchoose
from forum.discussions.actions.indexing import find_anew
from forum.discussions.actions.informing import look_again_at
from forum.discussions.actions.reviewed import HELD
from forum.discussions.live import stream_of
from forum.discussions.models import (
    Attachment,
    Draft,
    HeldText,
    Post,
    Reaction,
    ReadMark,
    Revision,
    SavedPost,
    Thread,
    Visit,
    VoiceOfCategory,
)
from forum.live.announcing import announce
from forum.moderation.actions import close_case


def erase_words(erasure: Erasure) -> None:
    """Own-voice posts lose their text where the member wants it, and always where nobody could
    read it any more: withdrawn, or hidden by moderators.

    Posts keep their places: others answered them. Locks: each thread's row, in the order of keys.
    """
    own = Post.objects.filter(author=erasure.member, organization=None)
    wanted = Q(state__in=Post.TOMBSTONES)
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
    # The title of a hidden opening post was hidden with it.
    opened = Thread.objects.filter(pk__in=threads, posts__in=pks, posts__number=1)
    Thread.objects.filter(pk__in=opened.exclude(kept_title="").values("pk")).update(kept_title="")
    for post in emptied:
        unchoose(post)
    find_anew(pks)
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
    """Drafts and files, read marks, visits, saved posts, chosen voices: seen by nobody else."""
    attaching.remove(Attachment.objects.unsent_by(erasure.member).select_for_update())
    for model in (Draft, ReadMark, SavedPost, Visit, VoiceOfCategory):
        model.objects.filter(user=erasure.member).delete()


def forget_held_texts(erasure: Erasure) -> None:
    """What was never published is published by nobody now; the desk finds it gone.

    Locks: the texts' rows. A moderator who decides at this moment holds a text's place first and
    waits for the text: afterwards it is taken back.
    """
    own = HeldText.objects.filter(author=erasure.member)
    pks = list(own.select_for_update().order_by("pk").values_list("pk", flat=True))
    attaching.remove(Attachment.objects.filter(held__in=own).select_for_update())
    unsettled = own.exclude(state=HeldText.State.PUBLISHED)
    unsettled.update(state=HeldText.State.WITHDRAWN, settled_at=timezone.now())
    own.update(title="", source="", html="", filled={}, described={})
    for pk in pks:
        close_case(kind=HELD, subject_pk=pk)


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
