"""What members do in threads: start, reply, edit, withdraw, react."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Organization, User
from accounts.rules import may_speak
from forum.categories.models import Category
from forum.discussions import rules
from forum.discussions.actions import attaching, drafting
from forum.discussions.actions.accepting import unchoose
from forum.discussions.actions.attaching import NOTHING, Enclosed
from forum.discussions.actions.holding import hold, hold_place
from forum.discussions.actions.informing import (
    look_again_at,
    tell_of_edit,
    tell_of_reply,
    tell_of_thread,
)
from forum.discussions.actions.noting import note_mentions
from forum.discussions.actions.reading import read_own
from forum.discussions.drafts import context_of
from forum.discussions.live import stream_of, telling_of_post, telling_of_row
from forum.discussions.mentioning import Words, words_for
from forum.discussions.models import Post, Reaction, Revision, Thread
from forum.discussions.templates_of_threads import searched_words
from forum.discussions.voices import remember_voice
from forum.lib.answers import demand
from forum.lib.languages import guess_language
from forum.lib.paths import MAX_DEPTH, parent_path, segment
from forum.live.announcing import announce


def start_thread(
    *,
    author: User,
    voice: Organization | None,
    category: Category,
    title: str,
    body: str,
    body_format: str,
    once: UUID | None = None,
    draft: int | None = None,
    template: str = "",
    filled: Mapping[str, str] | None = None,
    enclosed: Enclosed = NOTHING,
) -> Thread:
    """The new thread with its opening post; the earlier one where the form was sent twice.

    With a template the opening post keeps what was filled into it.
    Raises: Refused. Locks: the category's row.
    """
    demand(rules.may_start(author, category, template))
    demand(may_speak(author, voice))
    words = words_for(category, body, body_format)
    context = context_of(category, template)
    with transaction.atomic():
        # The lock comes first, so that the second of two equal forms sees the first.
        Category.objects.select_for_update().get(pk=category.pk)
        drafting.forget(author, category, draft, template)
        earlier = _sent_with(author, once)
        if earlier is not None:
            is_filled_alike = (earlier.template, earlier.filled) == (template, filled or {})
            is_same = is_filled_alike and earlier.number == 1
            is_same = is_same and _says(earlier, category, voice, words)
            if is_same and attaching.repeats(earlier, context, enclosed):
                return earlier.thread
            once = None
        listing_seq = category.take_seq()
        now = timezone.now()
        thread = Thread.objects.create(
            category=category,
            title=title,
            language=guess_language(f"{title} {body}", author.language),
            template=template,
            author=author,
            organization=voice,
            created_at=now,
            last_post_at=now,
            seq=1,
            last_number=1,
            listing_seq=listing_seq,
        )
        post = Post.objects.create(
            thread=thread,
            number=1,
            path=segment(1),
            author=author,
            organization=voice,
            source=words.source,
            source_format=body_format,
            html=words.html,
            language=guess_language(body, author.language),
            template=template,
            filled=dict(filled or {}),
            created_at=now,
            seq=1,
            once=once,
        )
        note_mentions(post, words.called)
        attaching.settle(post, context, enclosed)
        Thread.objects.filter(pk=thread.pk).update(last_post=post)
        Category.objects.filter(pk=category.pk).update(threads_count=F("threads_count") + 1)
        read_own(user=author, thread=thread, number=1)
        tell_of_thread(post)
        remember_voice(author, category.pk, voice)
        announce(stream_of(category), listing_seq, telling_of_row(thread.pk, category.pk))
    return thread


def reply(
    *,
    author: User,
    voice: Organization | None,
    thread: Thread,
    body: str,
    body_format: str,
    parent: Post | None = None,
    once: UUID | None = None,
    draft: int | None = None,
    enclosed: Enclosed = NOTHING,
) -> Post:
    """The new post; the earlier one where the form was sent twice.

    An answer to the opening post is an answer to the thread: it has no parent.
    Raises: Refused. Locks: the thread's row, then its category's.
    """
    demand(rules.may_reply(author, thread))
    demand(may_speak(author, voice))
    assert parent is None or parent.thread_id == thread.pk
    words = words_for(thread.category, body, body_format)
    with transaction.atomic():
        # Its key is not locked: a read mark written meanwhile refers to it, and would wait.
        locked = Thread.objects.select_for_update(no_key=True).get(pk=thread.pk)
        drafting.forget(author, thread, draft)
        earlier = _sent_with(author, once)
        if earlier is not None:
            is_same = _answers(earlier, locked, parent) and _says(
                earlier, thread.category, voice, words
            )
            if is_same and attaching.repeats(earlier, context_of(thread), enclosed):
                return earlier
            once = None
        hold_place(locked, parent)
        post = Post(
            thread=locked,
            author=author,
            organization=voice,
            source=words.source,
            source_format=body_format,
            html=words.html,
            language=guess_language(body, author.language),
            seq=locked.take_seq(),
            once=once,
        )
        _place(post, number=locked.last_number + 1, parent=parent)
        post.save(force_insert=True)
        note_mentions(post, words.called)
        attaching.settle(post, context_of(thread), enclosed)
        listing_seq = _list_anew(locked, post)
        read_own(user=author, thread=locked, number=post.number)
        tell_of_reply(post)
        remember_voice(author, locked.category_id, voice)
        announce(
            stream_of(locked),
            post.seq,
            telling_of_post(post.pk, post.thread_id, head=True),
        )
        announce(
            f"category.{locked.category_id}",
            listing_seq,
            telling_of_row(locked.pk, locked.category_id),
        )
    return post


def edit(
    *,
    author: User,
    post: Post,
    body: str,
    body_format: str,
    draft: int | None = None,
    filled: Mapping[str, str] | None = None,
    enclosed: Enclosed = NOTHING,
) -> Post:
    """The post with its new text; what it said before goes to its history.

    `filled` is what its form holds now; None leaves it. What shows the same, with the same
    attachments, changes nothing. Raises: Refused. Locks: the thread's row.
    """
    demand(rules.may_edit(author, post))
    words = words_for(post.thread.category, body, body_format, before=post.html)
    with transaction.atomic():
        # Before the number is taken, so that a form sent twice leaves no empty change.
        hold(post)
        # It may have been withdrawn in the meantime, in another window.
        demand(rules.may_edit(author, post))
        drafting.forget(author, post, draft)
        filled = post.filled if filled is None else dict(filled)
        has_new_words = words.html not in (post.html, words.before) or post.filled != filled
        has_new_files = attaching.settle(post, context_of(post), enclosed, html=words.html)
        if not has_new_words and not has_new_files:
            return post
        now, html_before = timezone.now(), post.html
        kept = _keep_revision(post, now) if has_new_words else 0
        seq = post.thread.take_seq()
        Post.objects.filter(pk=post.pk).update(
            source=words.source,
            source_format=body_format,
            html=words.html,
            language=guess_language(body, author.language),
            filled=filled,
            filled_words=searched_words(post.template, filled),
            edited_at=now,
            revisions_count=F("revisions_count") + kept,
            seq=seq,
        )
        note_mentions(post, words.called)
        post.refresh_from_db()
        tell_of_edit(post, words.called, html_before)
        # The head of the thread quotes what the office says.
        is_quoted = post.is_official
        announce(
            stream_of(post.thread),
            seq,
            telling_of_post(post.pk, post.thread_id, head=is_quoted),
        )
    return post


def withdraw(*, author: User, post: Post) -> Post:
    """The post as a tombstone: its place, author and time stay, nobody is shown its text.

    Raises: Refused. Locks: the thread's row, and its category's for an answer of the office.
    """
    demand(rules.may_withdraw(author, post))
    with transaction.atomic():
        hold(post)
        seq = post.thread.take_seq()
        Post.objects.filter(pk=post.pk).update(state=Post.State.WITHDRAWN, seq=seq)
        unchoose(post)
        look_again_at([post.pk])
        post.refresh_from_db()
        if post.is_official:
            _judge_official_answer(post.thread)
        announce(
            stream_of(post.thread),
            seq,
            telling_of_post(post.pk, post.thread_id, head=True),
        )
    return post


def react(
    *, author: User, voice: Organization | None, post: Post, kind: Reaction.Kind, on: bool
) -> Post:
    """The post with the member's reaction of this kind given or taken back.

    Repeating it changes nothing. Raises: Refused. Locks: the thread's row.
    """
    demand(rules.may_react(author, post))
    demand(may_speak(author, voice))
    with transaction.atomic():
        # Before the number is taken, so that a repeated click leaves no empty change.
        hold(post)
        given = Reaction.objects.filter(post=post, user=author, kind=kind)
        if given.exists() == on:
            return post
        if on:
            Reaction.objects.create(post=post, user=author, kind=kind, organization=voice)
        else:
            given.delete()
        seq = post.thread.take_seq()
        Post.objects.filter(pk=post.pk).update(seq=seq)
        post.refresh_from_db()
        announce(stream_of(post.thread), seq, telling_of_post(post.pk, post.thread_id))
    return post


def _keep_revision(post: Post, now: datetime) -> int:
    """How many revisions this left: one, or none where the text had only just been written."""
    written_at = post.edited_at or post.created_at
    if now - written_at < timedelta(seconds=settings.EDIT_GRACE_SECONDS):
        return 0
    Revision.objects.create(
        post=post,
        source=post.source,
        source_format=post.source_format,
        html=post.html,
        filled=post.filled,
        written_at=written_at,
        replaced_at=now,
    )
    return 1


def _sent_with(author: User, once: UUID | None) -> Post | None:
    """The post that the same form made before; with other words it was a form sent anew."""
    if once is None:
        return None
    return Post.objects.filter(author=author, once=once).select_related("thread").first()


def _says(earlier: Post, category: Category, voice: Organization | None, words: Words) -> bool:
    return (
        earlier.source == words.source
        and earlier.organization_id == (voice.pk if voice else None)
        and earlier.thread.category_id == category.pk
    )


def _answers(earlier: Post, thread: Thread, parent: Post | None) -> bool:
    answered = None if parent is None or parent.number == 1 else parent.pk
    return earlier.thread_id == thread.pk and earlier.parent_id == answered


def _place(post: Post, *, number: int, parent: Post | None) -> None:
    """Give the post its number and its place in the tree. Locks: the caller holds the thread."""
    post.number = number
    if parent is None or parent.number == 1:
        post.path = segment(number)
        return
    post.parent = parent
    post.depth = min(parent.depth + 1, MAX_DEPTH - 1)
    post.path = parent_path(parent.path, post.depth - 1) + segment(number)
    root = Post.objects.filter(thread=post.thread, path=post.root_path)
    root.update(branch_count=F("branch_count") + 1)


def _list_anew(thread: Thread, post: Post) -> int:
    """The category's new change number, written on the thread with what its row shows."""
    listing_seq = Category(pk=thread.category_id).take_seq()
    Thread.objects.filter(pk=thread.pk).update(
        last_number=post.number,
        last_post=post,
        last_post_at=post.created_at,
        listing_seq=listing_seq,
        has_official_answer=thread.has_official_answer or post.is_official,
    )
    return listing_seq


def _judge_official_answer(thread: Thread) -> None:
    """Take the mark off where the last answer of the office was withdrawn; lists hear of it."""
    standing = thread.posts.filter(
        organization__kind=Organization.Kind.OFFICE, state=Post.State.PUBLISHED, number__gt=1
    )
    if standing.exists():
        return
    listing_seq = Category(pk=thread.category_id).take_seq()
    Thread.objects.filter(pk=thread.pk).update(has_official_answer=False, listing_seq=listing_seq)
    announce(
        stream_of(thread.category),
        listing_seq,
        telling_of_row(thread.pk, thread.category_id),
    )
