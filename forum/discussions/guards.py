"""What is looked at before a text is seen: the facts of a text and of its author.

The rules over them are pure and stand in forum.moderation.guarding.
Source: docs/decisions/0035-held-texts.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Max, Min
from django.utils import timezone

from accounts.models import Mandate, Organization, User
from forum.discussions import rules
from forum.discussions.models import HeldText, Post, Thread
from forum.lib.answers import Answer
from forum.lib.markup import plain_text
from forum.moderation.guarding import (
    Facts,
    Reason,
    is_newcomer,
    links_in,
    listed_in,
    reasons_to_wait,
    says_the_same,
)
from forum.moderation.models import GuardSettings, ListedWord

HOUR = timedelta(hours=1)
COMPARED = 50  # of the latest texts of one member
SEEN = (Post.State.PUBLISHED, Post.State.WITHDRAWN)


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


def why_it_waits(author: User, text: Text, *, is_corrected: bool = False) -> list[Reason]:
    """Why the new text waits; empty where it is seen at once.

    Queries: none for staff, three where somebody answers for the author, four for others; two more
    for a newcomer, and for a text long enough to be a repetition.
    """
    if author.is_staff:
        return []
    guards, now = GuardSettings.current(), timezone.now()
    is_vouched_for = speaks_for_a_verified_organization(author)
    first_seen_at = None if is_vouched_for else _first_seen_at(author)
    is_new = not is_vouched_for and is_newcomer(first_seen_at, now, guards)
    facts = Facts(
        is_staff=False,
        is_vouched_for=is_vouched_for,
        first_seen_at=first_seen_at,
        texts_in_last_hour=_texts_since(author, now - HOUR) if is_new else 0,
        links=links_in(text.html),
        listed=_listed_in(text.words),
        is_repeated=_is_repeated(author, text, now - timedelta(hours=guards.repeat_hours)),
        is_corrected=is_corrected,
        now=now,
    )
    return reasons_to_wait(facts, guards)


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

    Queries: none for others. Locks: the author's row, which comes before all threads.
    """
    if author.is_slowed:
        User.objects.select_for_update(no_key=True).get(pk=author.pk)


def speaks_for_a_verified_organization(member: User) -> bool:
    """Whether somebody answers for the member: a mandate of today to speak. Queries: one."""
    mandates = Mandate.objects.held_by(member).that_speak().current()
    return mandates.filter(organization__in=Organization.objects.verified().values("pk")).exists()


def listed_words() -> list[str]:
    """The folded words of the list. Queries: one."""
    return list(ListedWord.objects.values_list("folded", flat=True))


def _listed_in(text: str) -> tuple[str, ...]:
    return tuple(listed_in(text, listed_words()))


def _first_seen_at(author: User) -> datetime | None:
    """When the first text of the member that stood the look of a moderator was published."""
    seen = Post.objects.filter(author=author, state__in=SEEN)
    first: datetime | None = seen.aggregate(at=Min("created_at"))["at"]
    return first


def _texts_since(author: User, since: datetime) -> int:
    posts = Post.objects.filter(author=author, created_at__gte=since)
    posts = posts.exclude(state=Post.State.MOVED)
    held = HeldText.objects.filter(author=author, created_at__gte=since, edited=None).waiting()
    return posts.count() + held.count()


def _is_repeated(author: User, text: Text, since: datetime) -> bool:
    """Whether the member said the same in another thread, or has it waiting there."""
    words = plain_text(text.html)
    if not says_the_same(words, words):
        return False  # too short to be looked for
    posts = Post.objects.filter(author=author, created_at__gte=since, state=Post.State.PUBLISHED)
    held = HeldText.objects.filter(author=author, created_at__gte=since, edited=None).waiting()
    if text.thread_pk is not None:
        posts, held = posts.exclude(thread=text.thread_pk), held.exclude(thread=text.thread_pk)
    texts = [
        *posts.order_by("-created_at").values_list("html", flat=True)[:COMPARED],
        *held.order_by("-created_at").values_list("html", flat=True)[:COMPARED],
    ]
    return any(says_the_same(words, plain_text(each)) for each in texts)


def _last_at(author: User, thread: Thread | None = None) -> datetime | None:
    """When the member wrote last, in the thread or anywhere; what waits counts too."""
    posts = Post.objects.filter(author=author).exclude(state=Post.State.MOVED)
    held = HeldText.objects.filter(author=author, edited=None).waiting()
    if thread is not None:
        posts, held = posts.filter(thread=thread), held.filter(thread=thread)
    moments = [rows.aggregate(at=Max("created_at"))["at"] for rows in (posts, held)]
    return max(filter(None, moments), default=None)
