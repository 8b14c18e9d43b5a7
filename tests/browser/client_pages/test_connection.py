"""The page keeps its connection, and tells the truth about it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.client_pages.reading import open_page, wait_for_joins, wait_for_state
from tests.browser.client_pages.server import FakeForum

pytestmark = pytest.mark.browser


def test_a_short_break_is_not_worth_a_word_and_misses_nothing(page: Page, forum: FakeForum) -> None:
    forum.close_sockets(4012)
    forum.world.edit(2, "Edited in the gap")
    expect(page.locator("#post-2")).to_contain_text("Edited in the gap")
    assert page.locator("live-state").text_content() == "Na bieżąco"


def test_a_lost_network_is_told_and_caught_up_after(page: Page, forum: FakeForum) -> None:
    page.context.set_offline(True)
    forum.close_sockets(4012)
    wait_for_state(page, "offline")
    assert re.fullmatch(
        r"Brak połączenia od \d\d:\d\d\. Tekst jest bezpieczny\.",
        page.locator("live-state").text_content() or "",
    )
    forum.world.edit(2, "Edited in the gap")
    page.context.set_offline(False)
    wait_for_state(page, "current")
    expect(page.locator("#post-2")).to_contain_text("Edited in the gap")


def test_a_dead_socket_is_found_out_when_the_page_is_looked_at(
    page_with_clock: Page, forum: FakeForum
) -> None:
    page = page_with_clock
    open_page(page, forum.url)
    forum.silent_join, asked = True, len(forum.joins)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    wait_for_joins(page, forum, asked + 1)
    forum.silent_join = False
    page.clock.fast_forward(5_100)  # no answer: the socket is given up
    page.clock.fast_forward(1_000)  # the pause before the next try
    wait_for_joins(page, forum, asked + 2)
    wait_for_state(page, "current")


def test_without_sockets_the_page_asks_the_changes_door(
    page_with_clock: Page, forum: FakeForum
) -> None:
    page = page_with_clock
    forum.refuses_sockets = True
    page.goto(forum.url)
    for _ in range(4):
        page.clock.run_for(2_100)
        page.wait_for_timeout(50)
    wait_for_state(page, "polling")
    forum.world.edit(2, "Edited")
    page.clock.run_for(18_000)
    expect(page.locator("#post-2")).to_contain_text("Edited")
    forum.refuses_sockets = False
    page.clock.run_for(30_000)
    wait_for_state(page, "current")


@pytest.mark.parametrize(("code", "state"), [(4001, "logged-out"), (4003, "refused")])
def test_who_may_no_longer_listen_is_told_and_can_reload(
    page: Page, forum: FakeForum, code: int, state: str
) -> None:
    forum.close_sockets(code)
    wait_for_state(page, state)
    page.get_by_role("link", name="Wczytaj ponownie").click()
    wait_for_state(page, "current")
