"""What threads have for the weekly letter; plugged in by apps.py."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from forum.discussions import rules
from forum.discussions.mentioning import plain_texts
from forum.discussions.models import Post, Thread
from forum.notifications.plugs import Chapter, LetterLine, LetterQuestion

MOST = 6  # of each sort: the newest
EXCERPT_WORDS = 24
QUESTIONS_TRIED = 5


def lines(member: User, since: datetime) -> Mapping[Chapter, Sequence[LetterLine]]:
    """Positions of the office and new threads since then, as far as the member may read them.

    Queries: three.
    """
    return {Chapter.DECIDED: _positions(member, since), Chapter.NEW: _started(member, since)}


def question(member: User) -> LetterQuestion | None:
    """The newest thread of others that waits for a first reply, and that the member may give.

    Queries: one or two, and one for each thread that turns out to be closed to them.
    """
    waiting = Thread.objects.readable_by(member).listed().unanswered().exclude(author=member)
    threads = waiting.select_related("category__parent").latest_first()[:QUESTIONS_TRIED]
    open_ones = (thread for thread in threads if rules.may_reply(member, thread))
    thread = next(open_ones, None)
    if thread is None:
        return None
    post = thread.posts.get(number=1)
    return LetterQuestion(
        title=thread.title,
        text=_excerpts([post])[0],
        url=thread.get_absolute_url(),
        answer_url=reverse("discussions:answer", args=[post.pk]),
    )


def _positions(member: User, since: datetime) -> list[LetterLine]:
    posts = Post.objects.readable_by(member).filter(
        organization__kind=Organization.Kind.OFFICE,
        state=Post.State.PUBLISHED,
        created_at__gte=since,
        thread__last_post_at__gte=since,
    )
    found = list(posts.select_related("thread", "organization").order_by("-created_at")[:MOST])
    return [
        LetterLine(
            title=_("Position of the office: %(name)s") % {"name": post.voice_name},
            url=post.get_absolute_url(),
            at=post.created_at,
            text=text,
            heading=post.thread.title,
        )
        for post, text in zip(found, _excerpts(found), strict=True)
    ]


def _started(member: User, since: datetime) -> list[LetterLine]:
    """Threads of others; what the office starts stands among its positions."""
    threads = Thread.objects.readable_by(member).listed().for_listing()
    fresh = threads.filter(last_post_at__gte=since, created_at__gte=since).exclude(author=member)
    return [
        LetterLine(
            title=thread.title,
            url=thread.get_absolute_url(),
            at=thread.created_at,
            heading=thread.category.called,
        )
        for thread in fresh.latest_first()[: 2 * MOST]
        if not thread.is_official
    ][:MOST]


def _excerpts(posts: Sequence[Post]) -> list[str]:
    texts = plain_texts(post.html for post in posts)
    return [Truncator(" ".join(text.split())).words(EXCERPT_WORDS) for text in texts]
