"""Load data in the index of the search: the rows that posting one by one would have left.

Taking a text apart costs more than all the rest of a post, and load data has few different texts.
Each is taken apart once; the posts that say the same are copied from its entry by the database.
"""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection, transaction

from accounts.models import Organization
from forum.discussions.models import Post, PostQuerySet
from forum.discussions.searching import POST
from forum.search import actions as search
from forum.search import sources
from forum.search.actions.indexing import write

SLICE = 500  # posts of one transaction
LOOK_S = 0.05  # between two looks for what was written
# What follows the texts: of the thread and of whoever speaks. Load data has no files and no
# accepted answers.
COPY = """
INSERT INTO search_entry (kind, object_pk, place, category_id, author_id, organization_id, gmina,
    at, is_official, is_accepted, has_files, title, text, title_terms, text_terms, analyser)
SELECT entry.kind, post.id, post.thread_id, thread.category_id, post.author_id,
    post.organization_id, coalesce(voice.gmina, ''), post.created_at,
    coalesce(voice.kind = %s, false), false, false, entry.title, entry.text, entry.title_terms,
    entry.text_terms, entry.analyser
FROM discussions_post post
JOIN discussions_thread thread ON thread.id = post.thread_id
LEFT JOIN accounts_organization voice ON voice.id = post.organization_id
JOIN discussions_post alike ON alike.html = post.html
JOIN search_entry entry ON entry.kind = %s AND entry.object_pk = alike.id
WHERE alike.id IN ({alike}) AND post.id BETWEEN %s AND %s AND post.number > 1
    AND post.state = %s AND NOT EXISTS (
        SELECT 1 FROM search_entry there WHERE there.kind = %s AND there.object_pk = post.id)
ORDER BY post.id
"""


@contextmanager
def indexing(after: int) -> Iterator[None]:
    """Put the posts with higher pks than this into the index, those that are written meanwhile.

    On PostgreSQL a thread of its own follows, on the other core, unless nothing is to be seen of
    what is written before the caller's transaction ends; else all is done behind the block.
    Locks: the threads of 500 posts at a time.
    """
    index = _Index(after)
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        done = threading.Event()
        with ThreadPoolExecutor(1) as pool:
            following = pool.submit(index.follow, done)
            try:
                yield
            finally:
                done.set()
            following.result()
    else:
        yield
    index.catch_up(is_all=True)
    for _step in search.steps(POST, after):
        pass  # what others wrote meanwhile, and could not be copied


class _Index:
    """How far the posts are indexed, and a post of each text that was taken apart."""

    def __init__(self, after: int) -> None:
        self._posts = Post.objects.filter(pk__gt=after)
        self._last = after
        self._alike: dict[str, int] = {}  # pks by HTML

    def follow(self, done: threading.Event) -> None:
        """Index what others write until they are done. Runs on a thread of its own."""
        try:
            while not done.wait(LOOK_S):
                self.catch_up(is_all=False)
        finally:
            connection.close()

    def catch_up(self, *, is_all: bool) -> None:
        """Index what is there, in whole slices; to its end if all is wanted."""
        ahead = self._posts.order_by("pk").values_list("pk", flat=True)
        while pks := list(ahead.filter(pk__gt=self._last)[:SLICE]):
            if len(pks) < SLICE and not is_all:
                return
            self._index(self._posts.filter(pk__range=(pks[0], pks[-1])), pks)
            self._last = pks[-1]

    def _index(self, posts: PostQuerySet, pks: list[int]) -> None:
        openings = posts.filter(number=1).values_list("pk", flat=True)
        texts = dict(posts.filter(number__gt=1).values_list("html", "pk"))
        new = {html: pk for html, pk in texts.items() if html not in self._alike}
        _take_apart(sorted([*openings, *new.values()]))
        self._alike |= new
        _copy(pks, [self._alike[html] for html in texts])


def _take_apart(pks: Sequence[int]) -> None:
    source = sources.find(POST)
    with transaction.atomic():
        if source.hold(pks):
            write(POST, source.words(pks))


def _copy(pks: Sequence[int], alike: Sequence[int]) -> None:
    if not alike:
        return
    sql = COPY.format(alike=", ".join(["%s"] * len(alike)))
    kind, state = str(Organization.Kind.OFFICE), str(Post.State.PUBLISHED)
    values: list[int | str] = [kind, POST, *alike, pks[0], pks[-1], state, POST]
    with transaction.atomic():
        if sources.find(POST).hold(pks):
            with connection.cursor() as cursor:
                cursor.execute(sql, values)
