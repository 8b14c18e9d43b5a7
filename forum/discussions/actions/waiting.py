"""A text that a guard stopped, until a moderator has read it: kept apart, judged, or taken back.

Locks, in this order everywhere: the thread's row (for a new thread the category's), the text's, its
case, the desk.
Source: docs/decisions/0035-held-texts.md.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.categories.models import Category
from forum.discussions import guards, rules
from forum.discussions.actions import attaching, drafting
from forum.discussions.actions.attaching import Enclosed
from forum.discussions.actions.reviewed import HELD
from forum.discussions.actions.writing import Said
from forum.discussions.drafts import context_of
from forum.discussions.knowing import Known
from forum.discussions.models import Attachment, HeldText, Post, Thread
from forum.lib.answers import Refusal, Refused, demand
from forum.lib.languages import guess_language
from forum.lib.prepared import Prepared, Value
from forum.moderation.actions import close_case, open_case
from forum.moderation.guarding import Reason
from forum.moderation.models import Case

WAITING_PER_MEMBER = 10
KEEP_SETTLED = timedelta(days=214)  # half a year for an appeal, and a month to answer it

State = HeldText.State


# For a new text asked only where `know` says that there is one.
_POST_WITH = Prepared(
    lambda author, once: (
        Post.objects.filter(author=author, once=once).select_related("thread").order_by("pk")[:1]
    )
)
_HELD_WITH = Prepared(
    lambda author, once: HeldText.objects.filter(author=author, once=once).order_by("pk")[:1]
)
_RETURNED = Prepared(
    lambda author, context: (
        HeldText.objects.returned_in(context)
        .filter(author=author)
        .select_for_update()
        .order_by("-pk")[:1]
    )
)


@dataclass(frozen=True, slots=True)
class Where:
    """Where a text is to stand: in a thread, maybe below a post, or as a new thread."""

    context: str  # as of a draft
    category: Category | None = None
    thread: Thread | None = None
    parent: Post | None = None


def held_if_it_must(
    said: Said, where: Where, title: str, enclosed: Enclosed, known: Known
) -> HeldText | None:
    """The new text, kept waiting, where a guard stops it; None where all may see it at once.

    A text that was returned for a correction goes on in its row. Raises: Refused.
    Locks: the caller holds the thread or the category.
    """
    returned = _returned(said.author, where.context) if known.was_returned else None
    text = guards.Text(
        html=said.words.html,
        title=title,
        filled=said.filled,
        thread_pk=where.thread.pk if where.thread else None,
    )
    reasons = guards.why_it_waits(said.author, text, known, is_corrected=returned is not None)
    if not reasons:
        return None
    held = returned or HeldText(author=said.author, context=where.context)
    held.thread, held.category, held.title = where.thread, where.category, title
    # As of a post: an answer to the opening post is an answer to the thread.
    held.parent = where.parent if where.parent and where.parent.number > 1 else None
    return _keep(held, said, reasons, enclosed)


def held_if_an_edit_must(post: Post, said: Said, enclosed: Enclosed) -> HeldText | None:
    """The new text of a post, kept waiting while the post stands as it was; None where it may
    change at once. A later text takes the place of an earlier one that waits.

    Raises: Refused. Locks: the caller holds the thread.
    """
    waiting = HeldText.objects.waiting().filter(edited=post).select_for_update().first()
    if waiting is not None and _says(waiting, said):
        attaching.keep_with(waiting, enclosed)
        return waiting
    returned = _returned(said.author, context_of(post))
    reasons = guards.why_an_edit_waits(
        said.author,
        guards.Text(html=said.words.html, filled=said.filled),
        guards.Text(html=post.html, filled=post.filled),
        is_corrected=returned is not None,
    )
    if not reasons:
        return None
    held = waiting or returned or HeldText(author=said.author, context=context_of(post))
    held.thread, held.edited = post.thread, post
    return _keep(held, said, reasons, enclosed)


def give_way(post: Post) -> None:
    """A new text of the post stands at once: what waited to replace it is given up.

    Its files wait as unsent ones again. Locks: the caller holds the thread.
    """
    for held in HeldText.objects.waiting().filter(edited=post).select_for_update():
        attaching.release(held)
        settle(held, State.WITHDRAWN)
        close_case(kind=HELD, subject_pk=held.pk)


def take_back(*, author: User, held: HeldText) -> HeldText:
    """One's own waiting text, among the drafts again. Repeating it changes nothing.

    Raises: Refused. Locks: the thread's or the category's row, then the text's.
    """
    if held.author_id == author.pk and held.state == State.WITHDRAWN:
        return held
    demand(rules.may_take_back(author, held))
    with transaction.atomic():
        locked = hold_held(held)
        demand(rules.may_take_back(author, locked))
        if not put_among_drafts(locked):
            raise Refused(
                Refusal(_("Your draft there is too long to take this text in. Send it first."))
            )
        settle(locked, State.WITHDRAWN)
        close_case(kind=HELD, subject_pk=locked.pk)
    return locked


def hold_held(held: HeldText) -> HeldText:
    """The text, locked, with its place. Raises: Refused where it has just gone elsewhere."""
    if held.thread_id is not None:
        Thread.objects.select_for_update(no_key=True).get(pk=held.thread_id)
    elif held.category_id is not None:
        Category.objects.select_for_update(no_key=True).get(pk=held.category_id)
    locked = HeldText.objects.select_for_update().get(pk=held.pk)
    if locked.thread_id != held.thread_id:
        raise Refused(
            Refusal(_("The thread has just been merged or split. Look at the text once more."))
        )
    return locked


def settle(held: HeldText, state: str, *, post: Post | None = None) -> None:
    """Keep what became of the text. Where it stands elsewhere now, it is not kept twice.

    Locks: the caller holds the text.
    """
    held.state, held.settled_at, held.post = state, timezone.now(), post
    held.version += 1
    if state in (State.PUBLISHED, State.WITHDRAWN):
        held.title, held.source, held.html = "", "", ""
        held.filled, held.described = {}, {}
    held.save()


def put_among_drafts(held: HeldText) -> bool:
    """Whether the text stands among its author's drafts again, with its files; below what was
    begun in its place meanwhile. False where both are too long for one draft."""
    text = drafting.Text(
        title=held.title,
        body=held.source,
        body_format=held.source_format,
        parent_number=held.parent.number if held.parent else None,
        organization=held.organization,
        filled=held.filled,
        is_about_office=held.is_about_office,
    )
    place = held.edited or held.thread or held.category
    assert place is not None
    is_back = drafting.put_back(user=held.author, context=held.context, place=place, text=text)
    if is_back:
        attaching.release(held)
    return is_back


def sent_with(said: Said, known: Known) -> Post | HeldText | None:
    """What the same form made before; with other words it was a form sent anew.

    Queries: none where it made nothing.
    """
    if said.once is None or not known.was_sent:
        return None
    own: dict[str, Value] = {"author": said.author.pk, "once": said.once}
    earlier: Post | HeldText | None = _POST_WITH.object(**own) or _HELD_WITH.object(**own)
    return earlier


def says_again(
    held: HeldText, context: str, said: Said, parent: Post | None, enclosed: Enclosed
) -> bool:
    """Whether the form that made the waiting text was sent twice. Locks: those of `repeats`."""
    answered = parent.pk if parent is not None and parent.number > 1 else None
    is_there = (held.context, held.parent_id) == (context, answered)
    return is_there and _says(held, said) and attaching.repeats(held, context, enclosed)


def lead_held(source: Thread, target: Thread, *, is_merged: bool) -> None:
    """Texts that wait go where the posts go that they answer or change.

    Locks: the texts' rows; the caller holds both threads.
    """
    held = HeldText.objects.filter(thread=source)
    if not is_merged:
        led = held.filter(parent__thread=target) | held.filter(edited__thread=target)
        held = HeldText.objects.filter(pk__in=list(led.values_list("pk", flat=True)))
    replies = held.filter(edited=None)
    replies.update(thread=target, context=context_of(target))
    HeldText.objects.filter(thread=source, edited__thread=target).update(thread=target)


def clear(now: datetime) -> None:
    """Remove texts that were decided long ago, with their files. Locks: their rows."""
    old = HeldText.objects.exclude(state=State.WAITING).filter(settled_at__lt=now - KEEP_SETTLED)
    with transaction.atomic():
        pks = list(old.select_for_update().values_list("pk", flat=True))
        attaching.remove(Attachment.objects.filter(held__in=pks).select_for_update())
        HeldText.objects.filter(pk__in=pks).delete()


def _keep(held: HeldText, said: Said, reasons: list[Reason], enclosed: Enclosed) -> HeldText:
    if held._state.adding:
        _demand_room(said.author)
    else:
        held.version += 1
    held.organization = said.voice
    held.source, held.source_format = said.words.source, said.body_format
    held.html = said.words.html
    held.language = guess_language(f"{held.title} {held.source}", said.author.language)
    held.template, held.filled = said.template, dict(said.filled)
    held.is_about_office = said.is_about_office
    held.once, held.reasons = said.once, [reason.value for reason in reasons]
    held.state, held.created_at, held.settled_at = State.WAITING, timezone.now(), None
    held.detached = sorted(str(key) for key in enclosed.detach)
    held.described = {str(key): alt for key, alt in enclosed.alts.items()}
    held.save()
    attaching.keep_with(held, enclosed)
    is_again = Reason.CORRECTED in reasons
    open_case(
        kind=HELD,
        subject_pk=held.pk,
        reason=Case.Reason.CORRECTED if is_again else Case.Reason.HELD,
        is_about_office=held.is_about_office,
    )
    return held


def _demand_room(author: User) -> None:
    """Raises: Refused where too much of the member's waits already: moderators are few."""
    if HeldText.objects.waiting().filter(author=author).count() >= WAITING_PER_MEMBER:
        raise Refused(
            Refusal(_("Many of your texts wait for a moderator already. Send this one later."))
        )


def _returned(author: User, context: str) -> HeldText | None:
    if author.is_staff:
        return None
    held: HeldText | None = _RETURNED.object(author=author.pk, context=context)
    return held


def _says(held: HeldText, said: Said) -> bool:
    return (held.source, held.organization_id, held.template, held.filled) == (
        said.words.source,
        said.voice.pk if said.voice else None,
        said.template,
        dict(said.filled),
    )
