"""Open pages and writing members, without a browser.

A page follows one thread by the rules of forum_site/static/js/live (follow.js, connection.js,
page.js), written a second time: hints by the socket, the truth by the changes door.
"""

import asyncio
import contextlib
import json
import random
import re
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidHandshake, WebSocketException

from tests.production.installation import Installation

POST = re.compile(r'<article class="post" id="(post-\d+)".*?</article>', re.DOTALL)
POLL_AFTER_FAILURES = 3
OPEN_S = 10
ANSWER_S = 5
READ_S = 10
CHANGES_AT_ONCE = 40
LOST = (OSError, TimeoutError, EOFError, WebSocketException, InvalidHandshake)

WORLD = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.conf import settings
from accounts.models import User
from forum.categories.models import Category
from forum.discussions.actions.posting import start_thread
members = []
for number in range({members}):
    user, _ = User.objects.get_or_create(
        email=f"proba-{{number}}@example.org", defaults={{"display_name": f"Anna {{number}}"}}
    )
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    members.append(session.session_key)
category = Category.objects.create(name={title!r}, readers="everybody")
thread = start_thread(
    author=user, voice=None, category=category, title={title!r}, body="Początek.",
    body_format="markdown",
)
print(thread.pk, *members)
"""


def thread_and_members(forum: Installation, title: str, members: int) -> tuple[int, list[str]]:
    """A new thread that everybody reads, and the session keys of so many members."""
    pk, *sessions = forum.run(WORLD.format(title=title, members=members)).split()
    return int(pk), sessions


# --- Pages --------------------------------------------------------------------------------------


class Page:
    """One open page of a guest."""

    def __init__(self, forum: Installation, thread: int, http: httpx.AsyncClient) -> None:
        self._forum = forum
        self._http = http
        self.stream = f"thread.{thread}"
        self.seen = 0
        self.posts: dict[str, str] = {}
        self.wanted = 0
        self.codes: list[int] = []
        self._failures = 0
        self.unread: list[str] = []  # why changes could not be read
        self._catching_up: asyncio.Task[None] | None = None

    async def live(self) -> None:
        """Follow until cancelled."""
        while True:
            code = 0
            with contextlib.suppress(*LOST):
                code = await self._connected()
            self.codes.append(code)
            if self._failures >= POLL_AFTER_FAILURES:
                self._catch_up()
            await asyncio.sleep(self._pause(code))
            self._failures += 1

    async def _connected(self) -> int:
        opening = connect(
            self._forum.socket_url,
            origin=self._forum.origin,
            open_timeout=OPEN_S,
            ping_interval=None,
            proxy=None,
        )
        async with opening as socket:
            await socket.send(json.dumps({"join": {self.stream: self.seen}}))
            self._take(await asyncio.wait_for(socket.recv(), ANSWER_S))
            async for text in socket:
                self._take(text)
        return socket.close_code or 0

    def state(self) -> str:
        """For whoever asks why it is behind."""
        is_reading = self._catching_up is not None and not self._catching_up.done()
        return (
            f"{len(self.posts)} posts, seen {self.seen} of {self.wanted},"
            f" {'reading' if is_reading else 'waiting'}, closed by {self.codes},"
            f" unread for {self.unread[-3:]}"
        )

    def _take(self, text: str | bytes) -> None:
        self._failures = 0
        frame = json.loads(text)
        if frame["type"] not in {"now", "change"}:
            return
        seq, html = frame["seq"], frame.get("html")
        if seq <= self.seen:
            return
        if html is not None and seq == self.seen + 1:
            self._apply(html)
            self.seen = seq
            return
        self.wanted = max(self.wanted, seq)
        self._catch_up()

    def _catch_up(self) -> None:
        if self._catching_up is None or self._catching_up.done():
            self._catching_up = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        failures = 0
        while True:
            try:
                more = True
                while more:
                    changes = await read_changes(self._http, self._forum, self.stream, self.seen)
                    self._apply(changes["html"])
                    more = changes["more"] and changes["seq"] > self.seen
                    self.seen = max(self.seen, changes["seq"])
                if self.wanted <= self.seen:
                    return
            except (httpx.HTTPError, ValueError) as error:
                self.unread.append(repr(error)[:100])
            await asyncio.sleep(backoff(failures))
            failures += 1

    def _apply(self, html: str) -> None:
        self.posts.update(posts_in(html))

    def _pause(self, code: int) -> float:
        if code == 4012 and self._failures == 0:
            return random.uniform(0.2, 2)
        return backoff(self._failures)


def backoff(failures: int) -> float:
    longest = min(30, 0.5 * 2 ** min(failures, 16))
    return longest / 2 + random.random() * longest / 2


def posts_in(html: str) -> dict[str, str]:
    return {found[1]: found[0] for found in POST.finditer(html)}


async def read_changes(
    http: httpx.AsyncClient, forum: Installation, stream: str, since: int
) -> dict[str, Any]:
    answer = await http.get(forum.url(f"/live/{stream}/changes/?since={since}"), timeout=READ_S)
    answer.raise_for_status()
    return answer.json()


class Crowd:
    """So many pages that follow one thread."""

    def __init__(self, forum: Installation, thread: int, count: int) -> None:
        self._forum = forum
        self._thread = thread
        self._http = httpx.AsyncClient(limits=httpx.Limits(max_connections=CHANGES_AT_ONCE))
        self.pages = [Page(forum, thread, self._http) for _ in range(count)]
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        for page in self.pages:
            self._tasks.append(asyncio.ensure_future(page.live()))
            await asyncio.sleep(0.005)
        async with asyncio.timeout(30):
            while not all(page.seen for page in self.pages):
                await asyncio.sleep(0.05)

    async def close(self) -> None:
        tasks = [*self._tasks, *(p._catching_up for p in self.pages if p._catching_up)]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._http.aclose()

    async def equal_fresh_within(self, seconds: float) -> float:
        """How long it took until every page equals a fresh one."""
        began = time.monotonic()
        _, fresh = await fresh_page(self._forum, self._thread)
        while behind := [page for page in self.pages if page.posts != fresh]:
            assert time.monotonic() - began < seconds, (
                f"{len(behind)} of {len(self.pages)} pages differ from a fresh one with"
                f" {len(fresh)} posts: {[page.state() for page in behind]}"
            )
            await asyncio.sleep(0.05)
        return time.monotonic() - began


async def fresh_page(forum: Installation, thread: int) -> tuple[int, dict[str, str]]:
    """What a page that is opened now knows: its number, and the thread's posts from the first."""
    async with httpx.AsyncClient() as http:
        page = Page(forum, thread, http)
        await page._read()
    return page.seen, page.posts


# --- Members who write --------------------------------------------------------------------------


@dataclass(slots=True)
class Told:
    """What became of the posts: `answered` got a 2xx, `failed` another answer or none."""

    answered: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


class Writers:
    """Members who write one post after the other into a thread.

    A post that was not answered is sent again with the same mark, as the page's script does when
    the member presses the button again.
    """

    def __init__(self, forum: Installation, thread: int, sessions: list[str]) -> None:
        self._forum = forum
        self._address = f"/threads/{thread}/replies/"
        self._sessions = sessions
        self._stop = threading.Event()
        self.told = Told()

    @contextmanager
    def writing(self) -> Iterator[Told]:
        threads = [
            threading.Thread(target=self._write, args=(number, session))
            for number, session in enumerate(self._sessions)
        ]
        for thread in threads:
            thread.start()
        try:
            yield self.told
        finally:
            self._stop.set()
            for thread in threads:
                thread.join(60)

    def wait_for(self, more: int, seconds: float = 20) -> None:
        """Until so many more posts have been answered."""
        goal, end = len(self.told.answered) + more, time.monotonic() + seconds
        while len(self.told.answered) < goal:
            assert time.monotonic() < end, f"posts stand still: {self.told.reasons[-5:]}"
            time.sleep(0.02)

    def _write(self, number: int, session: str) -> None:
        token = "a" * 32
        cookies = {"sessionid": session, "csrftoken": token}
        headers = {"X-CSRFToken": token, "X-Fragment": "1", "Origin": self._forum.origin}
        with httpx.Client(cookies=cookies, headers=headers, timeout=15) as http:
            count = 0
            while not self._stop.is_set():
                count += 1
                self._send(http, f"Głos {number} wpis {count} {uuid.uuid4().hex}")
                self._stop.wait(random.uniform(0.2, 0.5))

    def _send(self, http: httpx.Client, text: str) -> None:
        fields = {"body": text, "body_format": "markdown", "once": str(uuid.uuid4())}
        while not self._is_answered(http, text, fields):
            self.told.failed.append(text)
            if self._stop.wait(0.5):
                return

    def _is_answered(self, http: httpx.Client, text: str, fields: dict[str, str]) -> bool:
        try:
            answer = http.post(self._forum.url(self._address), data=fields)
        except httpx.TransportError as error:
            self.told.reasons.append(repr(error))
            return False
        if answer.is_success:
            self.told.answered.append(text)
            return True
        self.told.reasons.append(f"{answer.status_code} {answer.text[:300]}")
        return False


def count_of(text: str, posts: dict[str, str]) -> int:
    return sum(text in html for html in posts.values())
