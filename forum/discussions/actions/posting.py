"""What members do in threads: start, reply, edit, withdraw, react."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts import staying
from accounts.models import Organization, User
from accounts.rules import Kind, may_speak
from forum.categories.models import Category
from forum.categories.rules import found_for
from forum.discussions import guards, rules
from forum.discussions.actions import attaching, drafting
from forum.discussions.actions.accepting import unchoose
from forum.discussions.actions.attaching import NOTHING, Enclosed
from forum.discussions.actions.holding import hold, hold_place
from forum.discussions.actions.indexing import find_anew
from forum.discussions.actions.informing import look_again_at
from forum.discussions.actions.official import judge_official_answer
from forum.discussions.actions.reviewed import tell_moderators
from forum.discussions.actions.waiting import (
    Where,
    give_way,
    held_if_an_edit_must,
    held_if_it_must,
    says_again,
    sent_with,
)
from forum.discussions.actions.writing import (
    Said,
    mark_about_office,
    write_edit,
    write_reply,
    write_thread,
)
from forum.discussions.drafts import context_of
from forum.discussions.knowing import know
from forum.discussions.live import stream_of, telling_of_post
from forum.discussions.mentioning import words_for
from forum.discussions.models import HeldText, Post, Reaction, Thread
from forum.discussions.models.threads import TEXTS_OF_ORGANIZATIONS
from forum.discussions.voices import remember_voice
from forum.lib.answers import Refused, demand
from forum.lib.prepared import Prepared
from forum.live.announcing import announce
from forum.moderation.models import GuardSettings

_LOCKED = Prepared(
    lambda kind, viewer, pk: (
        Thread.objects.select_for_update(of=("self",), no_key=True)
        .select_related("category", "author", "organization")
        .defer(*(f"organization__{name}" for name in TEXTS_OF_ORGANIZATIONS))
        .annotate(
            is_readable=Exists(
                Category.objects.readable_by(kind.viewer(viewer)).filter(pk=OuterRef("category"))
            ),
            guards=GuardSettings.as_json(),
        )
        .filter(pk=pk)
    )
)
MOVED_MEANWHILE = 5  # times that a thread goes elsewhere while one waits for its lock


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
    is_about_office: bool = False,
    enclosed: Enclosed = NOTHING,
) -> Thread | HeldText:
    """The new thread with its opening post, or the text that waits to become one; the earlier one
    where the form was sent twice.

    With a template the opening post keeps what was filled into it.
    Raises: Refused. Locks: that the author stays, then the category's row.
    """
    demand(rules.may_start(author, category, template))
    demand(may_speak(author, voice))
    words = words_for(category, body, body_format)
    said = Said(
        author=author,
        voice=voice,
        words=words,
        body_format=body_format,
        once=once,
        template=template,
        filled=filled or {},
        is_about_office=is_about_office,
    )
    context = context_of(category, template)
    with transaction.atomic():
        # What is written in the name of an account is erased with it, or is not written any more.
        staying.keep(author.pk)
        guards.hold_slowed(author)
        # The lock comes first, so that the second of two equal forms sees the first.
        Category.objects.select_for_update().get(pk=category.pk)
        known = know(
            author,
            context,
            words.html,
            guards=GuardSettings.current(),
            category_pk=category.pk,
            thread_pk=None,
            once=once,
        )
        if known.has_draft:
            drafting.forget(author, category, draft, template)
        earlier = sent_with(said, known)
        if isinstance(earlier, HeldText) and says_again(earlier, context, said, None, enclosed):
            return earlier
        is_again = isinstance(earlier, Post) and _opens_again(earlier, category, said)
        if isinstance(earlier, Post) and is_again and attaching.repeats(earlier, context, enclosed):
            return earlier.thread
        if earlier is not None:
            said = replace(said, once=None)
        demand(guards.may_write_again(author))
        where = Where(context, category=category)
        held = held_if_it_must(said, where, title, enclosed, known)
        if held is not None:
            return held
        post = write_thread(category, title, said)
        attaching.settle(post, context, enclosed)
        remember_voice(author, category.pk, voice, known.remembered)
    return post.thread


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
    is_about_office: bool = False,
    enclosed: Enclosed = NOTHING,
) -> Post | HeldText:
    """The new post, or the text that waits to become one; the earlier one where the form was sent
    twice.

    An answer to the opening post is an answer to the thread: it has no parent.
    Raises: Refused. Locks: that the author stays, the thread's row, then its category's.
    """
    demand(may_speak(author, voice))
    assert parent is None or parent.thread_id == thread.pk
    words = words_for(thread.category, body, body_format)
    said = Said(
        author=author,
        voice=voice,
        words=words,
        body_format=body_format,
        once=once,
        is_about_office=is_about_office,
    )
    context = context_of(thread)
    with transaction.atomic():
        # What is written in the name of an account is erased with it, or is not written any more.
        staying.keep(author.pk)
        guards.hold_slowed(author)
        locked, settings_of_today = _hold_for(author, thread)
        # Asked of the thread as it stands under the lock: it may have been closed meanwhile.
        demand(rules.may_reply(author, locked))
        known = know(
            author,
            context,
            words.html,
            guards=settings_of_today,
            category_pk=locked.category_id,
            thread_pk=locked.pk,
            once=once,
        )
        if known.has_draft:
            drafting.forget(author, thread, draft)
        earlier = sent_with(said, known)
        if isinstance(earlier, HeldText) and says_again(earlier, context, said, parent, enclosed):
            return earlier
        is_again = isinstance(earlier, Post) and _answers_again(earlier, locked, parent, said)
        if isinstance(earlier, Post) and is_again and attaching.repeats(earlier, context, enclosed):
            return earlier
        if earlier is not None:
            said = replace(said, once=None)
        hold_place(locked, parent)
        demand(guards.may_reply_now(author, locked))
        where = Where(context, thread=locked, parent=parent)
        held = held_if_it_must(said, where, "", enclosed, known)
        if held is not None:
            return held
        post = write_reply(locked, said, parent, known, is_bare=enclosed == NOTHING)
        attaching.settle(post, context, enclosed)
        remember_voice(author, locked.category_id, voice, known.remembered)
    return post


def edit(
    *,
    author: User,
    post: Post,
    body: str,
    body_format: str,
    draft: int | None = None,
    filled: Mapping[str, str] | None = None,
    is_about_office: bool | None = None,
    enclosed: Enclosed = NOTHING,
) -> Post | HeldText:
    """The post with its new text, or the text that waits, while the post stands as it was; what it
    said before goes to its history.

    `filled` is what its form holds now, as `is_about_office`; None leaves it. What shows the same,
    with the same attachments, changes nothing. What waits for a correction goes back to the
    moderators. Raises: Refused. Locks: the thread's row, then those of its case.
    """
    demand(rules.may_edit(author, post))
    words = words_for(post.thread.category, body, body_format, before=post.html)
    with transaction.atomic():
        # Before the number is taken, so that a form sent twice leaves no empty change.
        hold(post)
        # It may have been withdrawn in the meantime, in another window.
        demand(rules.may_edit(author, post))
        drafting.forget(author, post, draft)
        said = Said(
            author=author,
            voice=post.organization,
            words=words,
            body_format=body_format,
            template=post.template,
            filled=post.filled if filled is None else dict(filled),
            is_about_office=post.is_about_office if is_about_office is None else is_about_office,
        )
        has_new_words = words.html not in (post.html, words.before) or post.filled != said.filled
        # What moderators hid until it is corrected goes back to them in any case.
        is_seen = post.state == Post.State.PUBLISHED
        held = held_if_an_edit_must(post, said, enclosed) if has_new_words and is_seen else None
        if held is not None:
            return held
        has_new_files = attaching.settle(post, context_of(post), enclosed, html=words.html)
        give_way(post)
        mark_about_office(post, is_about_office=said.is_about_office)
        return write_edit(post, said) if has_new_words or has_new_files else post


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
        post.refresh_from_db()
        find_anew([post.pk])
        look_again_at([post.pk])
        if post.is_official:
            judge_official_answer(post.thread)
        tell_moderators(post)
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


def _hold_for(author: User, thread: Thread) -> tuple[Thread, GuardSettings]:
    """The thread as it stands under its lock, with whether the author may read it; and what the
    adviser set for the guards.

    Locks: the thread's row. Its key is not locked: a read mark written meanwhile refers to it, and
    would wait. Queries: one; another where the thread went to another category while the lock was
    waited for, since PostgreSQL leaves a row out that fits its question no more.
    Raises: Refused where it is gone.
    """
    kind = Kind.of(author)
    for _time in range(MOVED_MEANWHILE):
        locked: Thread | None = _LOCKED.object(kind, viewer=author.pk, pk=thread.pk)
        if locked is not None:
            if locked.is_readable:  # type: ignore[attr-defined]  # annotated
                found_for(author, locked.category)
            return locked, GuardSettings.from_json(locked.guards)  # type: ignore[attr-defined]
    raise Refused(rules.UNREADABLE)


def _opens_again(earlier: Post, category: Category, said: Said) -> bool:
    """Whether the post opened this very thread, with this very form."""
    is_filled_alike = (earlier.template, earlier.filled) == (said.template, said.filled)
    return is_filled_alike and earlier.number == 1 and _says(earlier, category, said)


def _answers_again(earlier: Post, thread: Thread, parent: Post | None, said: Said) -> bool:
    answered = None if parent is None or parent.number == 1 else parent.pk
    is_there = earlier.thread_id == thread.pk and earlier.parent_id == answered
    return is_there and _says(earlier, thread.category, said)


def _says(earlier: Post, category: Category, said: Said) -> bool:
    return (
        earlier.source == said.words.source
        and earlier.organization_id == (said.voice.pk if said.voice else None)
        and earlier.thread.category_id == category.pk
    )
