"""Real browsers on a real server: each visitor has a browser of their own.

    def test_a_reply_arrives(visit, make):
        address = make('print(factories.a_thread(member("bob")).get_absolute_url())')
        alice, bob = visit("alice", address), visit("bob", address)

`server` and `browser` live as long as a test file, `visit` closes its windows after every test.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.launching import launched
from tests.browser.waiting import PATIENCE_MS, is_awake
from tests.live.serving import Serving
from tests.proof.browser import find_light

LAPTOP = {"width": 1280, "height": 800}
PRELUDE = """
import json
from accounts.models import User
from tests import cast, factories
member = lambda name: User.objects.get(email=f"{name}@example.org")
"""
SESSIONS = """
members = {name: getattr(cast, f"make_{name}")() for name in ("alice", "bob", "carol", "dana")}
keys = {n: cast.just_logged_in(m).cookies["sessionid"].value for n, m in members.items()}
print(json.dumps(keys))
"""

Visit = Callable[..., Page]


@pytest.fixture(autouse=True)
def _patience() -> None:
    """A busy machine is no failure."""
    expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. A module's, not the session's: while it is open no test of asyncio can run."""
    with launched(find_light()) as chromium:
        yield chromium


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The forum, started by its own launcher, empty but for what tests make."""
    patient = {"POSTS_PER_MINUTE": "1000", "REACTIONS_PER_MINUTE": "1000"}
    with Serving(tmp_path_factory.mktemp("forum"), **patient) as forum:
        yield forum


@pytest.fixture(scope="module")
def sessions(server: Serving) -> dict[str, str]:
    """The session keys of the cast, logged in."""
    return json.loads(server.run(PRELUDE + SESSIONS))


@pytest.fixture(scope="module")
def make(server: Serving, sessions: dict[str, str]) -> Callable[[str], str]:
    """Runs Python inside the forum and returns what it prints.

    At hand are `member("alice")`, `cast`, `factories` and `json`. What it does is announced to open
    pages through Redis; without Redis they learn it when the hub next compares the numbers.
    """
    return lambda code: server.run(PRELUDE + code)


@pytest.fixture
def complaints() -> list[str]:
    """What the pages complained of: errors of scripts, and breaches of the policy."""
    return []


@pytest.fixture
def visit(
    browser: Browser, server: Serving, sessions: dict[str, str], complaints: list[str]
) -> Iterator[Visit]:
    """Opens a page in a browser of its own, awake: `visit("alice", "/", color_scheme="dark")`.

    None is a guest; other arguments are those of Playwright's new_context. At the end no page may
    have had an error of a script or broken the Content-Security-Policy.
    """
    contexts: list[BrowserContext] = []

    def opened(member: str | None, path: str = "/", **options: Any) -> Page:
        wishes = {"locale": "pl-PL", "timezone_id": "Europe/Warsaw", "viewport": LAPTOP, **options}
        context = browser.new_context(base_url=server.origin, **wishes)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        if member is not None:
            cookie = {"name": "sessionid", "value": sessions[member], "url": server.origin}
            context.add_cookies([cookie])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.extend(_broken_policy(line.text)))
        page.goto(path)
        if wishes.get("java_script_enabled", True):
            is_awake(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def _broken_policy(line: str) -> list[str]:
    return [line] if "Content Security Policy" in line else []
