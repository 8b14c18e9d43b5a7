"""The index follows what members and organizations are called, and what organizations are.

A page puts in the names of today when it is shown, but the index keeps words: what is erased must
be forgotten there, too. Source: docs/decisions/0039-polish-search.md.
"""

import time
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from accounts.models import Organization, User
from forum.discussions.actions.indexing import find_anew
from forum.discussions.mentioning import key_of
from forum.discussions.models import Post
from forum.discussions.searching import hold_threads
from forum.jobs.tasks import task

KEYS_AT_ONCE = 50  # each is looked for in every text
# As the renewal of the whole index does it (forum/search/actions/renewing.py).
AT_ONCE = 40  # posts; whoever writes in one of their threads waits so long
PAUSE_SHARE = 0.25  # of the time that they took: others come in between
SLICE_SECONDS = 20  # of a worker's time at once: mails wait behind it
# A post that is sent at the moment of the change may have read what was before it.
DELAY = timedelta(seconds=10)


def follow(changed: Sequence[User | Organization]) -> None:
    """Have the worker index anew who mentions these, and what these organizations said. For
    accounts.plugs: in the transaction of the change.

    Queries: one for 50 of them.
    """
    keys = sorted(key_of(each) for each in changed)
    for first in range(0, len(keys), KEYS_AT_ONCE):
        some = keys[first : first + KEYS_AT_ONCE]
        find_named_anew.using(after=DELAY).enqueue(some, 0)


@task("discussions.find_named_anew")
def find_named_anew(keys: list[str], after: int) -> None:
    """A slice of the work, from the post `after` on; the next one is another job. Done again it
    changes nothing.

    Locks: the threads of 40 posts at a time.
    """
    end = time.monotonic() + SLICE_SECONDS
    while pks := _next(keys, after):
        begin = time.monotonic()
        while not _found_anew(pks):
            pass
        time.sleep((time.monotonic() - begin) * PAUSE_SHARE)
        after = pks[-1]
        if time.monotonic() > end:
            find_named_anew.enqueue(keys, after)
            return


def _next(keys: Sequence[str], after: int) -> list[int]:
    """The next posts that mention one of these, be it in a quote, or speak in their voice."""
    pairs = [key.split("-") for key in keys]
    found = Q(organization__in=[int(pk) for kind, pk in pairs if kind == "organization"])
    for key in keys:
        found |= Q(html__contains=f'data-mention="{key}"')
    posts = Post.objects.filter(found, pk__gt=after, state=Post.State.PUBLISHED)
    return list(posts.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


def _found_anew(pks: Sequence[int]) -> bool:
    """False where one of them was moved at this very moment."""
    with transaction.atomic():
        if not hold_threads(Post.objects.filter(pk__in=pks)):
            return False
        find_anew(pks)
    return True
