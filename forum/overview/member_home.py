"""What the first page shows a member, in the order of its use: what waits for their answer, what is
new since their last visit, what they follow, which questions nobody has answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from forum.discussions import listing
from forum.discussions.models import Thread
from forum.discussions.unread import list_reading
from forum.overview.followed import Wishes
from forum.overview.owed import Owed, owed_by

OWED_SHOWN = 3
FOLLOWED_SHOWN = 3
THREADS_SHOWN = 7  # where nothing waits for an answer; what waits takes the place of threads
NEWS_COUNTED = 99  # threads; more are "over 99"


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest threads, and which of them have news since the last visit."""

    threads: Sequence[Thread]
    has_later: bool
    since: datetime | None  # when the visit before ended; None at the first one
    news: int  # threads with unread posts, the last of them by another and since then

    @property
    def line_before(self) -> int:
        """The pk of the first thread without news since then: the line stands above it."""
        if self.since is None:
            return 0
        return next((each.pk for each in self.threads if each.last_post_at <= self.since), 0)


def for_member(member: User, since: datetime | None) -> dict[str, object]:
    """The names of the first page that are the member's own. Queries: up to nineteen."""
    wishes = Wishes.of(member)
    owed = owed_by(member, wishes)
    followed = list(wishes.with_news()[: FOLLOWED_SHOWN + 1])
    latest = _latest(member, since, _room_for_threads(owed))
    return {
        "owed": owed[:OWED_SHOWN],
        "owed_left": max(0, len(owed) - OWED_SHOWN),
        "followed": list_reading(member, followed[:FOLLOWED_SHOWN]),
        "has_more_followed": len(followed) > FOLLOWED_SHOWN,
        "latest": latest,
        "list_reading": list_reading(member, latest.threads),
        "page_size": _room_for_threads(owed),
        "line_before": latest.line_before,
    }


def _latest(member: User, since: datetime | None, size: int) -> Latest:
    found = list(listing.latest(member)[: size + 1])
    news = 0
    if since is not None:
        # Whoever wrote last in a thread knows what is new in it, though they skipped older posts.
        of_others = Thread.objects.listed_for(member).exclude(last_post__author=member)
        fresh = of_others.unread_by(member).filter(last_post_at__gt=since)
        news = fresh[: NEWS_COUNTED + 1].count()
    return Latest(found[:size], len(found) > size, since, news)


def _room_for_threads(owed: Sequence[Owed]) -> int:
    """How many threads the page shows so that it fits a laptop: the card has a heading, too."""
    return THREADS_SHOWN - (1 + len(owed[:OWED_SHOWN]) if owed else 0)
