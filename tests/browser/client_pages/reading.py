"""What the tests do with a page, and what they read from it."""

from playwright.sync_api import Page

from tests.browser.client_pages.server import FakeForum
from tests.browser.client_pages.world import Post


def open_page(page: Page, url: str) -> None:
    page.goto(url)
    wait_for_state(page, "current")


def wait_for_state(page: Page, state: str) -> None:
    page.wait_for_selector(f"live-state[data-state='{state}']")


def shown(page: Page) -> list[str]:
    return page.eval_on_selector_all("#posts > .post", "posts => posts.map(post => post.id)")


def push(forum: FakeForum, post: Post) -> None:
    forum.push(forum.world.frame(post))
