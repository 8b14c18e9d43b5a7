"""That whoever follows the thread was told of every post, once."""

import time

from tests.production.installation import Installation

FOLLOW = """
from accounts.models import User
from forum.notifications.actions.following import follow
reader, _ = User.objects.get_or_create(
    email="czyta@example.org", defaults={{"display_name": "Ewa Czyta"}}
)
follow(member=reader, place="thread.{thread}", level="everything")
"""
# What waits for a lease of five minutes or for a later try comes now, as it would then.
NOW = """
from django.utils import timezone
from forum.jobs.models import Job
waiting = Job.objects.unfinished().filter(kind__startswith="notifications.spread")
waiting.filter(run_at__gt=timezone.now()).update(run_at=timezone.now())
"""
UNTOLD = """
from collections import Counter
from forum.discussions.models import Post
from forum.notifications.models import Item
posts = Post.objects.filter(thread={thread}, number__gt=1, state="published")
items = Item.objects.filter(user__email="czyta@example.org", is_hidden=False)
told = Counter(items.values_list("event__about", flat=True))
print(*[f"{{about}}:{{told[about]}}" for about in (f"post.{{pk}}" for pk in
    posts.values_list("pk", flat=True)) if told[about] != 1])
"""


def begin_to_follow(forum: Installation, thread: int) -> None:
    """A member who writes nothing follows the thread."""
    forum.run(FOLLOW.format(thread=thread))


def assert_told_once_of_all(forum: Installation, thread: int, within_s: float = 30) -> None:
    """Every post that stands has one notification of the follower, and none has two."""
    end = time.monotonic() + within_s
    while untold := forum.run(UNTOLD.format(thread=thread)):
        forum.run(NOW)
        assert time.monotonic() < end, (
            f"told not once of {untold}\n{forum.workers[0].log()[-2000:]}"
        )
        time.sleep(0.5)
