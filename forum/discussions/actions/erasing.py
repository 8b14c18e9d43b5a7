"""What becomes of a member's words and marks when their account is erased.

Called by accounts.erasing through the registry of personal data, inside its transaction; nobody is
asked for permission here.
"""

from collections.abc import Collection, Iterable, Sequence
from operator import attrgetter

from django.db import transaction
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
    PostQuerySet,
    Reaction,
    ReadMark,
    Revision,
    SavedPost,
    Thread,
    Visit,
    VoiceOfCategory,
)
from forum.live.announcing import announce
from forum.moderation.actions import close_case, hold_cases_of


def erase_words(erasure: Erasure) -> None:
    """Own-voice posts lose their text where the member wants it, and always where nobody could
    read it any more: withdrawn, or hidden by moderators. Thanks and support in the member's own
    voice go.

    Posts keep their places: others answered them. Locks: as `hold_words`, of what came meanwhile;
    then the categories where an answer goes that was chosen, the lower pk first.
    """
    emptied, thanked = _emptied(erasure), _thanked(erasure)
    touched, threads = _hold(emptied, thanked)
    pks = set(emptied.filter(pk__in=touched).values_list("pk", flat=True))
    Reaction.objects.filter(user=erasure.member, organization=None, post__in=touched).delete()
    in_order = sorted(touched.values(), key=lambda post: threads[post.thread_id].category_id)
    _empty([post for post in in_order if post.pk in pks])
    _show_anew(touched.values(), threads)


def hold_words(erasure: Erasure) -> None:
    """Hold what others may be writing on, in their order.

    Locks: the threads of `erase_words`, in the order of keys and at once: whoever else holds
    several waits for none of them meanwhile. Then, as a reply of the member's own would: held
    texts, drafts, read marks, unsent files, chosen voices.
    """
    _hold(_emptied(erasure), _thanked(erasure))
    member = erasure.member
    for rows in (
        HeldText.objects.filter(author=member),
        Draft.objects.filter(user=member),
        ReadMark.objects.filter(user=member),
        Attachment.objects.unsent_by(member),
        VoiceOfCategory.objects.filter(user=member),
    ):
        list(rows.select_for_update().order_by("pk").values_list("pk"))


def _empty(posts: Sequence[Post]) -> None:
    pks = [post.pk for post in posts]
    Revision.objects.filter(post__in=pks).delete()
    attaching.remove(Attachment.objects.filter(post__in=pks).select_for_update())
    Post.objects.filter(pk__in=pks).update(
        source="",
        html="",
        fingerprint="",
        filled={},
        filled_words="",
        state=Post.State.WITHDRAWN,
        edited_at=None,
        revisions_count=0,
    )
    # The title of a hidden opening post was hidden with it.
    opened = Thread.objects.filter(posts__in=pks, posts__number=1).exclude(kept_title="")
    Thread.objects.filter(pk__in=opened.values("pk")).update(kept_title="")
    for post in posts:
        unchoose(post)
    find_anew(pks)
    look_again_at(pks)


def forget_own_things(erasure: Erasure) -> None:
    """Drafts and files, read marks, visits, saved posts, chosen voices: seen by nobody else."""
    attaching.remove(Attachment.objects.unsent_by(erasure.member).select_for_update())
    for model in (Draft, ReadMark, SavedPost, Visit, VoiceOfCategory):
        model.objects.filter(user=erasure.member).delete()


def forget_held_texts(erasure: Erasure) -> None:
    """What was never published is published by nobody now; the desk finds it gone.

    Locks: the texts' rows, then every open case about the member's texts, then the desk. Whoever
    decides on one of them keeps the member, and comes first or later.
    """
    own = HeldText.objects.filter(author=erasure.member)
    pks = list(own.select_for_update().order_by("pk").values_list("pk", flat=True))
    attaching.remove(Attachment.objects.filter(held__in=own).select_for_update())
    unsettled = own.exclude(state=HeldText.State.PUBLISHED)
    unsettled.update(state=HeldText.State.WITHDRAWN, settled_at=timezone.now())
    own.update(title="", source="", html="", filled={}, described={})
    hold_cases_of(erasure.member)
    for pk in pks:
        close_case(kind=HELD, subject_pk=pk)


def _emptied(erasure: Erasure) -> PostQuerySet:
    own = Post.objects.filter(author=erasure.member, organization=None)
    wanted = Q(state__in=Post.TOMBSTONES)
    if erasure.texts == Texts.WITHDRAW:
        wanted |= Q(state=Post.State.PUBLISHED)
    return own.filter(wanted)


def _thanked(erasure: Erasure) -> PostQuerySet:
    given = Reaction.objects.filter(user=erasure.member, organization=None)
    return Post.objects.filter(pk__in=given.values("post"))


def _hold(*wanted: PostQuerySet) -> tuple[dict[int, Post], dict[int, Thread]]:
    """These posts and the threads they stand in, by their keys; the threads are locked."""
    locked = Thread.objects.select_for_update(no_key=True).order_by("pk")
    while True:
        with transaction.atomic():
            pks = {post.thread_id for post in _read(wanted).values()}
            threads = {thread.pk: thread for thread in locked.filter(pk__in=pks)}
            posts = _read(wanted)
            if all(post.thread_id in threads for post in posts.values()):
                return posts, threads
            # One was moved, or made, meanwhile: the locks are let go before others are taken.
            transaction.set_rollback(True)


def _read(wanted: Iterable[PostQuerySet]) -> dict[int, Post]:
    found = (post for posts in wanted for post in posts.only("pk", "thread_id"))
    return {post.pk: post for post in sorted(found, key=attrgetter("pk"))}


def _show_anew(posts: Collection[Post], threads: dict[int, Thread]) -> None:
    """Give each post a change number of its own, and tell the open pages of the last one."""
    for post in posts:
        seq = threads[post.thread_id].take_seq()
        Post.objects.filter(pk=post.pk).update(seq=seq)
    for thread in threads.values():
        announce(stream_of(thread), thread.seq)
