"""What the tests do with a page, and what they read from it."""

from playwright.sync_api import Page

from tests.browser.client_pages.server import FakeForum
from tests.browser.client_pages.world import Post


def open_page(page: Page, url: str) -> None:
    page.goto(url)
    wait_for_state(page, "current")


def wait_for_state(page: Page, state: str) -> None:
    page.wait_for_selector(f"live-state[data-state='{state}']")


def wait_for_joins(page: Page, forum: FakeForum, count: int) -> None:
    """A short break is not told by the page: only the server knows that it came back.

    Raises:
        AssertionError: it did not within five seconds.
    """
    for _ in range(250):
        if len(forum.joins) >= count:
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"{len(forum.joins)} joins, {count} expected")


def shown(page: Page) -> list[str]:
    return page.eval_on_selector_all("#posts > .post", "posts => posts.map(post => post.id)")


def push(forum: FakeForum, post: Post) -> None:
    forum.push(forum.world.frame(post))
