"""A small server in place of the forum, for the tests of the browser code."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.client_pages.reading import open_page
from tests.browser.client_pages.server import FakeForum
from tests.browser.waiting import PATIENCE_MS


@pytest.fixture(scope="module")
def shared_context(browser: Browser) -> Iterator[BrowserContext]:
    """One for most tests: its cache holds the modules."""
    context = _context(browser)
    yield context
    context.close()


@pytest.fixture(scope="module")
def small_server() -> Iterator[FakeForum]:
    forum = FakeForum()
    yield forum
    forum.stop()


@pytest.fixture
def forum(small_server: FakeForum) -> Iterator[FakeForum]:
    small_server.begin_anew()
    for parent in (None, 1, 1, 2, 2, 3, None, 7):
        small_server.world.post(parent=parent)
    yield small_server
    small_server.close_sockets(4001)


@pytest.fixture
def page(shared_context: BrowserContext, forum: FakeForum) -> Iterator[Page]:
    page = shared_context.new_page()
    open_page(page, forum.url)
    yield page
    page.evaluate("localStorage.clear()")
    shared_context.set_offline(False)
    page.close()


@pytest.fixture
def page_with_clock(browser: Browser, forum: FakeForum) -> Iterator[Page]:
    """A page whose time the test turns: the clock belongs to its whole context."""
    context = _context(browser)
    page = context.new_page()
    page.clock.install()
    yield page
    context.close()


def _context(browser: Browser) -> BrowserContext:
    context = browser.new_context(locale="pl-PL", timezone_id="Europe/Warsaw")
    context.set_default_timeout(PATIENCE_MS)
    return context
