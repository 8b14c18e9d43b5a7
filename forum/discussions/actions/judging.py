"""What a moderator decides of a text that waits: publish it, say no, or ask for a correction.

Called by the desk through forum.discussions.reviewing, inside its transaction, for whoever may.
Locks: the thread's or the category's row, then the text's; publishing takes the category's as well.
Source: docs/decisions/0035-held-texts.md.
"""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import voices_of
from forum.discussions import notices, rules
from forum.discussions.actions import attaching
from forum.discussions.actions.waiting import hold_held, put_among_drafts, settle
from forum.discussions.actions.writing import (
    Said,
    mark_about_office,
    write_edit,
    write_reply,
    write_thread,
)
from forum.discussions.mentioning import words_for
from forum.discussions.models import Attachment, HeldText, Post
from forum.lib.answers import Refusal, Refused, demand

State = HeldText.State


def publish(*, staff: User, held: HeldText) -> Post:
    """The post that the text became: its number, place and time are those of this moment.

    A thread that was closed meanwhile takes it: it was sent while the thread was open. Publishing
    what is published gives the post. Raises: Refused.
    """
    with transaction.atomic():
        locked = hold_held(held)
        if locked.post is not None:
            return locked.post
        demand(rules.may_judge(staff, locked))
        _demand_publishable(locked)
        said = _said(locked)
        if locked.edited is not None:
            post = _published_edit(locked, said)
        elif locked.thread is not None:
            post = write_reply(locked.thread, said, _parent_of(locked))
        else:
            post = write_thread(locked.stands_in, locked.title, said)
        attaching.hang(locked, post)
        settle(locked, State.PUBLISHED, post=post)
        notices.tell_published(post)
    return post


def refuse(*, staff: User, held: HeldText) -> HeldText:
    """The text, which nobody else will see. Its author keeps it; an appeal may still publish it.

    Repeating it changes nothing. Raises: Refused.
    """
    with transaction.atomic():
        locked = hold_held(held)
        if locked.is_refused:
            return locked
        demand(rules.may_judge(staff, locked))
        settle(locked, State.REFUSED)
    return locked


def give_back(*, staff: User, held: HeldText) -> HeldText:
    """The text among its author's drafts, to be changed; sent again it comes back to the desk.

    Repeating it changes nothing. Raises: Refused.
    """
    with transaction.atomic():
        locked = hold_held(held)
        if locked.state == State.RETURNED:
            return locked
        demand(rules.may_judge(staff, locked))
        # Where it does not fit, its author reads and copies it on its own page.
        put_among_drafts(locked)
        settle(locked, State.RETURNED)
    return locked


def let_wait_again(*, held: HeldText, files: Collection[UUID]) -> None:
    """A refusal or a return is taken back: the text waits as it did, with the files that it had.

    Where its author sent it again, or took it back, meanwhile, nothing changes.
    Locks: the thread's or the category's row, then the text's.
    """
    with transaction.atomic():
        locked = hold_held(held)
        if locked.state not in (State.REFUSED, State.RETURNED):
            return
        unsent = Attachment.objects.unsent_by(locked.author)
        unsent.filter(key__in=files, context=locked.context).update(held=locked)
        locked.state, locked.settled_at = State.WAITING, None
        locked.version += 1
        locked.save(update_fields=["state", "settled_at", "version"])


def _said(held: HeldText) -> Said:
    before = held.edited.html if held.edited is not None else ""
    return Said(
        author=held.author,
        voice=held.organization,
        # Who may be mentioned, and how they are called, is judged as of today.
        words=words_for(held.stands_in, held.source, held.source_format, before=before),
        body_format=held.source_format,
        once=held.once if held.edited is None else None,
        template=held.template,
        filled=held.filled,
        is_about_office=held.is_about_office,
    )


def _published_edit(held: HeldText, said: Said) -> Post:
    post = held.edited
    assert post is not None
    if post.state != Post.State.PUBLISHED:
        raise Refused(Refusal(_("The post is not there any more: its new text cannot stand.")))
    mark_about_office(post, is_about_office=said.is_about_office)
    return write_edit(post, said)


def _parent_of(held: HeldText) -> Post | None:
    """The post it answers, where that is still in its thread; else it answers the thread."""
    parent = held.parent
    is_there = parent is not None and parent.thread_id == held.thread_id and not parent.is_moved
    return parent if is_there else None


def _demand_publishable(held: HeldText) -> None:
    """Raises: Refused where its author may not speak in this voice any more."""
    voice = held.organization
    if voice is not None and not voices_of(held.author).filter(pk=voice.pk).exists():
        raise Refused(
            Refusal(
                _("Its author may no longer speak for the organization. Return it to be changed.")
            )
        )
