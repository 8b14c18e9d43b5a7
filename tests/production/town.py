"""The pages and the members of one thread, and what must hold of them after every fault."""

import contextlib
import os
import re
from collections.abc import Iterator

import httpx

from tests.production.crowd import Crowd, Writers, count_of, fresh_page, thread_and_members
from tests.production.installation import Installation
from tests.production.told import assert_told_once_of_all, begin_to_follow

PAGES = int(os.environ.get("PAGES", "200"))
MEMBERS = 4
HEALED_S = 10


class Town:
    """The pages and the members of one thread."""

    def __init__(self, forum: Installation, title: str) -> None:
        self.forum = forum
        self.thread, sessions = thread_and_members(forum, title, MEMBERS)
        begin_to_follow(forum, self.thread)
        self.crowd = Crowd(forum, self.thread, PAGES)
        self.writers = Writers(forum, self.thread, sessions)
        self.healed_after = 0.0

    @contextlib.contextmanager
    def living(self) -> Iterator[Writers]:
        """Pages are open and members write; at the end all must be well."""
        try:
            self.forum.loop.run(self.crowd.open())
            with self.writers.writing():
                self.writers.wait_for(5)
                yield self.writers
                self.writers.wait_for(5)
            self._all_is_well()
        finally:
            self.forum.loop.run(self.crowd.close())

    def _all_is_well(self) -> None:
        self.healed_after = self.forum.loop.run(self.crowd.equal_fresh_within(HEALED_S))
        _, posts = self.forum.loop.run(fresh_page(self.forum, self.thread))
        told = self.writers.told
        assert told.answered
        counts = {text: count_of(text, posts) for text in told.answered}
        assert set(counts.values()) == {1}, [text for text, n in counts.items() if n != 1]
        unanswered = set(told.failed) - set(told.answered)
        assert all(count_of(text, posts) <= 1 for text in unanswered)
        self._equals_the_page_itself(posts)
        assert_told_once_of_all(self.forum, self.thread)

    def _equals_the_page_itself(self, posts: dict[str, str]) -> None:
        """The changes door told of exactly the posts that the thread's last page shows."""
        answer = httpx.get(self.forum.url(f"/threads/{self.thread}/?order=time"))
        shown = re.findall(r'id="(post-\d+)" data-kind="post" data-seq="(\d+)"', answer.text)
        assert shown
        for name, seq in shown:
            assert f'data-seq="{seq}"' in posts[name]
