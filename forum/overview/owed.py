"""What waits for a member's answer: texts of others that turn to them, in threads where they have
written nothing since.

A text turns to a member, or to an organization they speak for today, when it mentions them, when it
replies to a post of theirs, or when it is the newest answer to a thread they began. It is answered
when they write anything later in that thread, or thank for it; what turned to an organization, also
when anybody did so in its voice. It does not wait in a thread that takes no more replies or that
they muted, nor, if it is only an answer, in one where the answer that helped is chosen.

So that the first page of whoever writes much costs no more than that of others: looked at are the
newest 300 texts of each kind within 60 days, and replies to the newest 1,000 posts of the member,
and of their organizations together.

Every thread stands here once, with the newest of such texts. Source:
docs/decisions/0042-home-and-lists.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, NamedTuple

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.text import Truncator

from accounts.models import User
from accounts.rules import voices_of
from forum.discussions.mentioning import plain_texts
from forum.discussions.models import Mention, Post, PostQuerySet, Reaction, Thread
from forum.lib.prepared import Prepared
from forum.overview.followed import Wishes

LOOK_BACK = timedelta(days=60)  # older texts wait no longer: a board may meet once in two months
OWN_LOOK_BACK = timedelta(days=365)  # replies to older posts of the member's are not looked for
OWN_LOOKED_AT = 1_000  # posts of the member, and of their organizations: the newest
LOOKED_AT = 300  # texts of each kind, the newest
MOST = 50  # threads
READ_CHARS = 600  # of a text's HTML, from which its first words are taken
EXCERPT_WORDS = 16


class Why(Enum):
    """Why a text waits for the member; the strongest last."""

    ANSWER = "answer"  # to the thread they began
    REPLY = "reply"
    MENTION = "mention"


STRENGTH = list(Why).index


class Call(NamedTuple):
    """One text that turns to the member: in which thread, where in it, why, and to whom."""

    thread_pk: int
    number: int
    post_pk: int
    why: Why
    organization_pk: int | None  # None: to the member themselves


@dataclass(frozen=True, slots=True)
class Owed:
    """A text that waits for the member's answer."""

    post: Post
    why: Why
    to: str  # what the organization is called that it turns to; empty: the member themselves
    words: str


@dataclass(frozen=True, slots=True)
class AllOwed:
    """What waits for one member's answer, the newest first."""

    shown: list[Owed]
    count: int  # threads, of which MOST are counted

    @property
    def left(self) -> int:
        """How many are not shown."""
        return self.count - len(self.shown)


def owed_by(member: User, wishes: Wishes, *, shown: int = MOST) -> AllOwed:
    """What waits for the member's answer, of which so many are to be shown.

    Queries: four or five, and up to seven more where something turns to the member; none of them
    grows with the forum.
    """
    voices = {each.pk: each.called for each in voices_of(member)}
    calls = _unanswered(member, voices, _calls(member, list(voices)))
    newest: dict[int, Call] = {}
    for call in sorted(calls, key=lambda each: (each.number, STRENGTH(each.why))):
        newest[call.thread_pk] = call
    posts = _posts(member, wishes, newest.values()) if newest else []
    by_post = {call.post_pk: call for call in newest.values()}
    found = [
        Owed(
            post,
            by_post[post.pk].why,
            voices.get(by_post[post.pk].organization_pk or 0, ""),
            words,
        )
        for post, words in _with_words(posts[:shown])
    ]
    return AllOwed(found, len(posts))


def _calls(member: User, voices: Sequence[int]) -> list[Call]:
    """Everything of late that turns to the member, but their own words. Queries: three to five."""
    now = timezone.now()
    asked: dict[str, Any] = {"viewer": member.pk, "since": now - LOOK_BACK}
    asked |= {f"voice_{place}": pk for place, pk in enumerate(voices)}
    replies = _TO_OWN.rows(**asked, old=now - OWN_LOOK_BACK)
    if voices:
        replies += _TO_VOICES.rows(**asked, old=now - OWN_LOOK_BACK)
    return [
        *(_call(row, Why.MENTION) for row in _CALLED.rows(**asked)),
        *(_call(row, Why.REPLY) for row in replies),
        *_answers(member, voices, asked),
    ]


def _call(row: Sequence[Any], why: Why) -> Call:
    thread, number, post, voice = row
    return Call(thread, number, post, why, voice)


def _of_others(member: User, voices: Sequence[int], since: datetime, path: str = "") -> Q:
    """Posts that stand, said since then by others, and not in a voice of the member's."""
    others = Q(**{f"{path}organization": None}) | ~Q(**{f"{path}organization__in": voices})
    standing = {f"{path}state": Post.State.PUBLISHED, f"{path}created_at__gte": since}
    return others & Q(**standing) & ~Q(**{f"{path}author": member})


def _mentions(viewer: int, since: datetime, **voices: int) -> QuerySet[Mention, Any]:
    called = Q(user=viewer) | Q(organization__in=voices.values())
    of_others = _of_others(User(pk=viewer), list(voices.values()), since, "post__")
    found = Mention.objects.filter(called, of_others).order_by("-post__created_at")
    columns = ("post__thread_id", "post__number", "post_id", "organization_id")
    return found.values_list(*columns)[:LOOKED_AT]


# Asked in two, each along an index of its own.
def _replies_to_own(
    viewer: int, since: datetime, old: datetime, **voices: int
) -> QuerySet[Post, Any]:
    own = Post.objects.filter(author=viewer, organization=None)
    return _replies(own, viewer, since, old, voices)


def _replies_to_voices(
    viewer: int, since: datetime, old: datetime, **voices: int
) -> QuerySet[Post, Any]:
    theirs = Post.objects.filter(organization__in=voices.values())
    return _replies(theirs, viewer, since, old, voices)


def _replies(
    own: PostQuerySet, viewer: int, since: datetime, old: datetime, voices: Mapping[str, int]
) -> QuerySet[Post, Any]:
    """Replies to these posts, of which the newest are looked at: some have written thousands."""
    newest = own.filter(created_at__gte=old).order_by("-created_at", "-pk")[:OWN_LOOKED_AT]
    texts = Post.objects.filter(_of_others(User(pk=viewer), list(voices.values()), since))
    found = texts.filter(parent__in=newest.values("pk")).order_by("-created_at")
    columns = ("thread_id", "number", "pk", "parent__organization_id")
    return found.values_list(*columns)[:LOOKED_AT]


def _answered(viewer: int, since: datetime, **voices: int) -> QuerySet[Thread, Any]:
    """The threads that the member began, each with its newest answer."""
    begun = Q(author=viewer, organization=None) | Q(organization__in=voices.values())
    roots = Post.objects.filter(
        thread=OuterRef("pk"), depth=0, number__gt=1, state=Post.State.PUBLISHED
    )
    newest = roots.order_by("-path")
    threads = Thread.objects.filter(begun, last_post_at__gte=since, last_number__gt=1)
    recent = threads.filter(accepted=None).order_by("-last_post_at")
    found = recent.annotate(newest=Subquery(newest.values("pk")[:1]))
    return found.values_list("newest", "organization_id")[:LOOKED_AT]


_CALLED, _ANSWERED = Prepared(_mentions), Prepared(_answered)
_TO_OWN, _TO_VOICES = Prepared(_replies_to_own), Prepared(_replies_to_voices)


def _answers(member: User, voices: Sequence[int], asked: Mapping[str, Any]) -> Iterable[Call]:
    """The newest answers to the threads that the member began, as far as another gave them."""
    organizations = {pk: voice for pk, voice in _ANSWERED.rows(**asked) if pk}
    if not organizations:
        return
    texts = Post.objects.filter(_of_others(member, voices, asked["since"]), pk__in=organizations)
    for thread, number, post in texts.order_by().values_list("thread_id", "number", "pk"):
        yield Call(thread, number, post, Why.ANSWER, organizations[post])


def _unanswered(member: User, voices: Iterable[int], calls: Sequence[Call]) -> list[Call]:
    """Those after which neither the member nor the organization wrote, and which got no thanks."""
    if not calls:
        return []
    threads = {call.thread_pk for call in calls}
    last: dict[tuple[int, int | None], int] = {}
    posts = Post.objects.filter(thread__in=threads).order_by()
    for mine, key in ((Q(author=member), None), (Q(organization__in=voices), "organization_id")):
        groups = posts.filter(mine).values("thread_id", *([key] if key else []))
        for row in groups.annotate(last=Max("number")):
            last[row["thread_id"], row.get("organization_id")] = row["last"]
    given = Reaction.objects.filter(post__in={call.post_pk for call in calls})
    by_me = set(given.filter(user=member).values_list("post_id", flat=True))
    in_voice = given.filter(organization__in=voices).values_list("post_id", "organization_id")
    thanked = {*((pk, None) for pk in by_me), *in_voice}
    return [
        call
        for call in calls
        if all(
            last.get((call.thread_pk, voice), 0) < call.number
            and (call.post_pk, voice) not in thanked
            for voice in {None, call.organization_pk}
        )
    ]


def _posts(member: User, wishes: Wishes, calls: Iterable[Call]) -> Sequence[Post]:
    """The posts of these that the member may read, in threads that take replies and that they did
    not mute, the newest first. Queries: two."""
    posts_of = {call.thread_pk: call.post_pk for call in calls}
    # First the threads: of all posts that one may read, SQLite would make a list.
    open_ones = Thread.objects.readable_by(member).filter(closed_at=None, merged_into=None)
    threads = open_ones.filter(pk__in=posts_of).values_list("pk", flat=True)
    newest = sorted((posts_of[pk] for pk in threads), reverse=True)
    if not wishes.mutes_anything:
        newest = newest[:MOST]
    found = Post.objects.filter(pk__in=newest).defer("source", "html")
    with_names = found.select_related("author", "organization", "thread__category")
    posts = with_names.annotate(beginning=Substr("html", 1, READ_CHARS))
    posts = posts.order_by("-created_at", "-pk")
    heard = [post for post in posts if not wishes.mutes(post.thread, post.organization_id)]
    return heard[:MOST]


def _with_words(posts: Sequence[Post]) -> Iterable[tuple[Post, str]]:
    """Each post of `_posts` with its first words."""
    texts = plain_texts(post.beginning for post in posts)  # type: ignore[attr-defined]  # annotated
    for post, text in zip(posts, texts, strict=True):
        yield post, Truncator(" ".join(text.split())).words(EXCERPT_WORDS)
