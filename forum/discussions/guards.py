"""What is looked at before a text is seen: the facts of a text and of its author.

The rules over them are pure and stand in forum.moderation.guarding.
Source: docs/decisions/0035-held-texts.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone

from accounts.models import User
from forum.discussions import rules
from forum.discussions.knowing import Known, seen_first, that_vouch_for, waiting_elsewhere
from forum.discussions.models import HeldText, Post, Thread
from forum.lib.answers import Answer
from forum.lib.markup import plain_text
from forum.lib.prepared import Prepared, Value
from forum.moderation.guarding import (
    Facts,
    Reason,
    is_newcomer,
    links_in,
    listed_in,
    reasons_to_wait,
    says_one_of,
    says_the_same,
)
from forum.moderation.models import GuardSettings, ListedWord

HOUR = timedelta(hours=1)
COMPARED = 50  # of the latest texts of one member that wait

# Asked at new texts and at changed ones.
_LISTED_WORDS = Prepared(lambda: ListedWord.objects.values_list("folded"))
_VOUCHED_FOR = Prepared(lambda member: that_vouch_for(member).values_list("pk")[:1])
_FIRST_SEEN = Prepared(lambda author: seen_first(author))
_WAITS_ELSEWHERE = Prepared(
    lambda author, since, thread: _latest(waiting_elsewhere(author, since, thread))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text as the guards see it."""

    html: str
    title: str = ""
    filled: Mapping[str, str] = field(default_factory=dict)
    thread_pk: int | None = None  # where it is to stand; None is a new thread

    @property
    def words(self) -> str:
        """Everything a reader would read."""
        return "\n".join([self.title, *self.filled.values(), plain_text(self.html)])


def why_it_waits(
    author: User, text: Text, known: Known, *, is_corrected: bool = False
) -> list[Reason]:
    """Why the new text waits; empty where it is seen at once.

    Queries: none for staff and mostly; one where words are listed, two for a newcomer, one for a
    text long enough to be a repetition where another of theirs waits.
    """
    if author.is_staff:
        return []
    first_seen_at = None if known.is_vouched_for else known.first_seen_at
    is_new = not known.is_vouched_for and is_newcomer(first_seen_at, known.now, known.guards)
    facts = Facts(
        is_staff=False,
        is_vouched_for=known.is_vouched_for,
        first_seen_at=first_seen_at,
        texts_in_last_hour=_texts_since(author, known.now - HOUR) if is_new else 0,
        links=links_in(text.html),
        listed=_listed_in(text.words) if known.has_listed_words else (),
        is_repeated=_is_repeated(author, text, known),
        is_corrected=is_corrected,
        now=known.now,
    )
    return reasons_to_wait(facts, known.guards)


def why_an_edit_waits(
    author: User, text: Text, before: Text, *, is_corrected: bool = False
) -> list[Reason]:
    """Why a new text of a post waits: only for what the post did not say before.

    Queries: none for staff, up to four for others.
    """
    if author.is_staff:
        return []
    new_words = set(_listed_in(text.words)) - set(_listed_in(before.words))
    links, new_links = links_in(text.html), 0
    is_vouched_for = True
    if links > links_in(before.html):
        new_links = links
        is_vouched_for = speaks_for_a_verified_organization(author)
    now = timezone.now()
    facts = Facts(
        is_staff=False,
        is_vouched_for=is_vouched_for,
        # Its first text has been seen: it is this one, or one before it.
        first_seen_at=(None if is_vouched_for else _first_seen_at(author)) or now,
        texts_in_last_hour=0,
        links=new_links,
        listed=tuple(new_words),
        is_repeated=False,
        is_corrected=is_corrected,
        now=now,
    )
    return reasons_to_wait(facts, GuardSettings.current())


def may_reply_now(author: User, thread: Thread) -> Answer:
    """Whether the pace of the thread, and the author's own, let the reply through at this moment.

    Queries: none in a thread without a pace. Locks: the caller holds the thread, so that of two
    replies the second sees the first, and has called `hold_slowed`.
    """
    now = timezone.now()
    last_at = None
    if thread.slow_minutes and not author.is_staff:
        last_at = _last_at(author, thread)
    answer = rules.paces_reply(author, thread, last_at, now)
    return may_write_again(author) if answer else answer


def may_write_again(author: User) -> Answer:
    """Whether somebody who was slowed down may write anywhere at this moment.

    Queries: none for others. Locks: the caller has called `hold_slowed`.
    """
    until = author.slowed_until
    if not author.is_slowed or until is None:
        return True
    minutes = GuardSettings.current().slowed_minutes
    return rules.paces_member(minutes, _last_at(author), timezone.now(), until)


def hold_slowed(author: User) -> None:
    """Let two texts of somebody who was slowed down come one after the other, wherever they go.

    Queries: none for others. Locks: the author's row, which comes before all threads; the caller
    keeps the author, since an erasure takes the threads first.
    """
    if author.is_slowed:
        User.objects.select_for_update(no_key=True).get(pk=author.pk)


def speaks_for_a_verified_organization(member: User) -> bool:
    """Whether somebody answers for the member: a mandate of today to speak. Queries: one."""
    return _VOUCHED_FOR.first(member=member.pk) is not None


def listed_words() -> list[str]:
    """The folded words of the list. Queries: one."""
    return [folded for (folded,) in _LISTED_WORDS.rows()]


def _listed_in(text: str) -> tuple[str, ...]:
    return tuple(listed_in(text, listed_words()))


def _first_seen_at(author: User) -> datetime | None:
    """When the first text of the member that stood the look of a moderator was published."""
    found = _FIRST_SEEN.first(author=author.pk)
    return found[0] if found is not None else None


def _texts_since(author: User, since: datetime) -> int:
    posts = Post.objects.filter(author=author, created_at__gte=since)
    posts = posts.exclude(state=Post.State.MOVED)
    held = HeldText.objects.filter(author=author, created_at__gte=since, edited=None).waiting()
    return posts.count() + held.count()


def _is_repeated(author: User, text: Text, known: Known) -> bool:
    """Whether the member said the same in another thread, or has it waiting there."""
    if not (known.said_elsewhere or known.waits_elsewhere):
        return False
    words = plain_text(text.html)
    if not says_the_same(words, words):
        return False  # too short to be a repetition
    if known.said_elsewhere:
        return True
    where: dict[str, Value] = {"author": author.pk, "thread": text.thread_pk or 0}
    waiting = _WAITS_ELSEWHERE.rows(since=known.since, **where)
    return says_one_of(words, (plain_text(html) for (html,) in waiting))


def _latest(texts: QuerySet[Any]) -> QuerySet[Any, Any]:
    return texts.order_by("-created_at").values_list("html")[:COMPARED]


def _last_at(author: User, thread: Thread | None = None) -> datetime | None:
    """When the member wrote last, in the thread or anywhere; what waits counts too."""
    posts = Post.objects.filter(author=author).exclude(state=Post.State.MOVED)
    held = HeldText.objects.filter(author=author, edited=None).waiting()
    if thread is not None:
        posts, held = posts.filter(thread=thread), held.filter(thread=thread)
    moments = [rows.aggregate(at=Max("created_at"))["at"] for rows in (posts, held)]
    return max(filter(None, moments), default=None)
