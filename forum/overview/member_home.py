"""What the first page shows a member, in the order of its use: what waits for their answer, what is
new since their last visit, what they follow, which questions nobody has answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from accounts.rules import Kind
from forum.discussions import listing
from forum.discussions.models import ReadMark, Thread
from forum.discussions.rows import with_rows
from forum.discussions.unread import list_reading
from forum.lib.prepared import Prepared
from forum.overview.followed import Wishes
from forum.overview.owed import Owed, owed_by

OWED_SHOWN = 3
FOLLOWED_SHOWN = 3
THREADS_SHOWN = 7  # where nothing waits for an answer; what waits takes the place of threads
NEWS_COUNTED = 99  # threads; more are "over 99"
NEWS_LOOKED_THROUGH = 150  # of the latest threads: no index knows what a member has not read


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest threads, and which of them have news since the last visit."""

    threads: Sequence[Thread]
    has_later: bool
    since: datetime | None  # when the visit before ended; None at the first one
    news: int  # threads with unread posts, the last of them by another and since then: of 150

    @property
    def line_before(self) -> int:
        """The pk of the first thread without news since then: the line stands above it."""
        if self.since is None:
            return 0
        return next((each.pk for each in self.threads if each.last_post_at <= self.since), 0)


def for_member(member: User, since: datetime | None) -> dict[str, object]:
    """The names of the first page that are the member's own. Queries: up to twenty."""
    wishes = Wishes.of(member)
    owed = owed_by(member, wishes, shown=OWED_SHOWN)
    followed = list(wishes.with_news()[: FOLLOWED_SHOWN + 1])
    latest = _latest(member, since, _room_for_threads(owed.shown))
    return {
        "owed": owed.shown,
        "owed_left": owed.left,
        "followed": list_reading(member, followed[:FOLLOWED_SHOWN]),
        "has_more_followed": len(followed) > FOLLOWED_SHOWN,
        "latest": latest,
        "list_reading": list_reading(member, latest.threads),
        "page_size": _room_for_threads(owed.shown),
        "line_before": latest.line_before,
    }


def _latest(member: User, since: datetime | None, size: int) -> Latest:
    found = listing.first_of(member, size + 1)
    news = _news(member, since) if since is not None else 0
    return Latest(with_rows(found[:size]), len(found) > size, since, news)


def _news(member: User, since: datetime) -> int:
    """How many threads have news, counted up to one more than is told. Queries: two.

    Joined to the marks, PostgreSQL would read the marks of all threads.
    """
    rows = _WRITTEN_IN.rows(Kind.of(member), viewer=member.pk, since=since)
    # Whoever wrote last in a thread knows what is new in it, though they skipped older posts.
    of_others = {pk: number for pk, number, author in rows if author != member.pk}
    marks = ReadMark.objects.filter(user=member, thread__in=of_others)
    read = dict(marks.values_list("thread_id", "read_count"))
    news = sum(number > read.get(pk, 0) for pk, number in of_others.items())
    return min(news, NEWS_COUNTED + 1)


def _written_in(kind: Kind, viewer: int, since: datetime) -> QuerySet[Thread, Any]:
    threads = Thread.objects.listed_for(kind.viewer(viewer)).filter(last_post_at__gt=since)
    columns = ("pk", "last_number", "last_post__author")
    return threads.latest_first().values_list(*columns)[:NEWS_LOOKED_THROUGH]


_WRITTEN_IN = Prepared(_written_in)


def _room_for_threads(owed: Sequence[Owed]) -> int:
    """How many threads the page shows so that it fits a laptop: the card has a heading, too."""
    return THREADS_SHOWN - (1 + len(owed) if owed else 0)
