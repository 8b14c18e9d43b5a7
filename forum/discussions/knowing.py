"""What the forum knows of an author when a new text comes: one question for all who would ask.

Each question costs a trip to the database and, while others write, a wait for Python's turn; most
of what is asked here is mostly nothing.
Source: docs/decisions/0054-fewer-trips.md.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Mandate, Organization, User
from forum.discussions.models import Draft, HeldText, Post, ReadMark
from forum.discussions.places import place_of_thread
from forum.discussions.voices import Remembered, voice_remembered
from forum.lib.answers import Refusal, Refused
from forum.lib.folding import fingerprint
from forum.lib.markup import plain_text
from forum.lib.prepared import Prepared, Value
from forum.moderation.models import GuardSettings, ListedWord
from forum.notifications.models import Follow

SEEN = (Post.State.PUBLISHED, Post.State.WITHDRAWN)
NO_FORM = UUID(int=0)  # what no form was numbered with, as no thread has the pk 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of an author; most of it is mostly nothing."""

    guards: GuardSettings
    now: datetime
    was_sent: bool  # the same form made a text before
    was_returned: bool  # a text that was to stand here waits for its correction
    is_vouched_for: bool
    first_seen_at: datetime | None
    waits_elsewhere: bool  # a text of theirs, not long ago
    said_elsewhere: bool  # the same, not long ago
    has_listed_words: bool  # whether there are words to look for in a text
    since: datetime  # from when on the same text elsewhere is a repetition
    remembered: Remembered  # as whom they wrote last in this category
    has_draft: bool  # in this place
    read: str | None  # what they read of the thread, as `ReadMark.ranges`; None is no mark
    is_following: bool  # the thread, in whatever way


def know(
    author: User,
    context: str,
    html: str,
    *,
    guards: GuardSettings,
    category_pk: int,
    thread_pk: int | None,
    once: UUID | None,
) -> Known:
    """What is known of the author of a text that is to stand there; None is a new thread.

    Queries: one. Locks: the caller keeps the author and holds the thread or the category, so that
    of two equal forms the second sees the first.
    Raises: Refused where the account was suspended or erased since it was read.
    """
    now = timezone.now()
    since = now - timedelta(hours=guards.repeat_hours)
    where: dict[str, Value] = {
        "context": context,
        "thread": thread_pk or 0,
        "place": place_of_thread(thread_pk or 0),
        "category": category_pk,
        "says": fingerprint(plain_text(html)),
    }
    found = _KNOWN.first(author=author.pk, once=once or NO_FORM, since=since, **where)
    if found is None:
        raise Refused(Refusal(_("This account is suspended.")))
    was_posted, was_held, was_returned, is_vouched_for, first_seen_at = found[:5]
    waits_elsewhere, said_elsewhere, has_listed_words, has_voice, voice = found[5:10]
    has_draft, read, is_following = found[10:]
    return Known(
        guards=guards,
        now=now,
        was_sent=bool(was_posted or was_held),
        was_returned=bool(was_returned),
        is_vouched_for=bool(is_vouched_for),
        first_seen_at=first_seen_at,
        waits_elsewhere=bool(waits_elsewhere),
        said_elsewhere=bool(said_elsewhere),
        has_listed_words=bool(has_listed_words),
        since=since,
        remembered=(voice,) if has_voice else None,
        has_draft=bool(has_draft),
        read=read,
        is_following=bool(is_following),
    )


def that_vouch_for(member: int) -> QuerySet[Mandate]:
    """The member's mandates of today to speak for organizations that are verified."""
    return (
        Mandate.objects.held_by(User(pk=member))
        .that_speak()
        .current()
        .filter(organization__in=Organization.objects.verified().values("pk"))
    )


def seen_first(author: int) -> QuerySet[Any, Any]:
    """When the first text of the author that stood the look of a moderator was published."""
    seen = Post.objects.filter(author=author, state__in=SEEN).order_by("created_at")
    return seen.values_list("created_at")[:1]


def waiting_elsewhere(author: int, since: datetime, thread: int) -> QuerySet[HeldText]:
    """What the author has waiting to stand anywhere but in the thread."""
    held = HeldText.objects.filter(author=author, created_at__gte=since, edited=None)
    return held.waiting().exclude(thread=thread)


def _said_elsewhere(author: int, since: datetime, thread: int, says: str) -> QuerySet[Post]:
    said = Post.objects.filter(author=author, created_at__gte=since, state=Post.State.PUBLISHED)
    return said.filter(fingerprint=says).exclude(thread=thread)


_KNOWN = Prepared(
    lambda author, once, context, since, thread, place, category, says: User.objects.filter(
        pk=author, is_active=True
    ).values_list(
        Exists(Post.objects.filter(author=author, once=once)),
        Exists(HeldText.objects.filter(author=author, once=once)),
        Exists(HeldText.objects.returned_in(context).filter(author=author)),
        Exists(that_vouch_for(author)),
        Subquery(seen_first(author)),
        Exists(waiting_elsewhere(author, since, thread)),
        Exists(_said_elsewhere(author, since, thread, says)),
        Exists(ListedWord.objects.all()),
        Exists(voice_remembered(author, category)),
        Subquery(voice_remembered(author, category)),
        Exists(Draft.objects.filter(user=author, context=context)),
        Subquery(ReadMark.objects.filter(user=author, thread=thread).values("ranges")),
        Exists(Follow.objects.filter(user=author, place=place)),
    )
)
