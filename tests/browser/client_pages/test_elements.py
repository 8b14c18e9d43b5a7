"""The custom elements, each for what it does."""

import threading

import pytest
from playwright.sync_api import Page, expect

from tests.browser.client_pages.reading import open_page, push
from tests.browser.client_pages.server import FakeForum, frame
from tests.browser.waiting import PATIENCE_MS

pytestmark = pytest.mark.browser


def test_a_reaction_is_given_and_taken_back(page: Page, forum: FakeForum) -> None:
    button = page.locator("#post-2 reaction-button button")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_contain_text("1")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert [fields["on"] for fields in forum.posted] == ["1", "0"]


def test_an_answer_that_is_older_than_the_page_changes_nothing(
    page: Page, forum: FakeForum
) -> None:
    def edited_before_the_answer() -> None:
        push(forum, forum.world.edit(2, "The newest words"))
        was_here.wait(PATIENCE_MS / 1000)

    was_here = threading.Event()
    page.expose_function("wasHere", was_here.set)
    page.evaluate("document.addEventListener('live:applied', () => window.wasHere())")
    forum.before_answer = edited_before_the_answer
    page.locator("#post-2 reaction-button button").click()
    expect(page.locator("#post-2")).to_contain_text("The newest words")
    page.wait_for_selector("#post-2 button:not([aria-busy])")
    expect(page.locator("#post-2")).to_contain_text("The newest words")
    expect(page.locator("#post-2 reaction-button")).to_contain_text("1")


def test_a_guest_who_reacts_is_led_to_the_login_and_back(page: Page, forum: FakeForum) -> None:
    open_page(page, f"{forum.url}/?viewer=")
    page.locator("#post-2 reaction-button button").click()
    page.wait_for_url("**/accounts/login/?next=%2F%3Fviewer%3D")


def test_actions_of_an_author_are_shown_to_the_author_only(page: Page, forum: FakeForum) -> None:
    forum.world.post(author=1)
    open_page(page, forum.url)
    expect(page.locator("#post-9 own-actions")).to_be_visible()
    expect(page.locator("#post-2 own-actions")).to_be_hidden()


def test_the_chosen_theme_is_remembered(page: Page, forum: FakeForum) -> None:
    page.get_by_role("button", name="Ciemny").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Systemowy").click()
    expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")


def test_near_times_are_told_by_their_distance(page_with_clock: Page, forum: FakeForum) -> None:
    page = page_with_clock
    page.clock.set_fixed_time("2026-11-23T12:00:00Z")
    moments = ["11:59:30", "11:55:00", "09:00:00"]
    times = [f"2026-11-23T{moment}Z" for moment in moments]
    times += ["2026-11-22T08:00:00Z", "2026-10-01T08:00:00Z"]
    body = "".join(f"<time-ago><time datetime='{at}'>pełna data</time></time-ago>" for at in times)
    forum.extra_pages["/times/"] = lambda: frame(body)
    page.goto(f"{forum.url}/times/")
    expect(page.locator("time")).to_have_text(
        ["przed chwilą", "5 minut temu", "3 godziny temu", "wczoraj", "pełna data"]
    )
    expect(page.locator("time").first).to_have_attribute("title", "pełna data")


SPEECH = """
  window.spoken = [];
  globalThis.SpeechSynthesisUtterance = class extends EventTarget {
    constructor(text) { super(); this.text = text; }
  };
  const engine = {
    getVoices: () => [], speak: (part) => window.spoken.push(part),
    pause() {}, resume() {}, cancel() {},
  };
  Object.defineProperty(globalThis, "speechSynthesis", { value: engine });
"""


def test_a_post_that_is_read_aloud_is_replaced_when_the_reading_ends(
    page: Page, forum: FakeForum
) -> None:
    page.add_init_script(SPEECH)
    open_page(page, forum.url)
    page.locator("#post-2").get_by_role("button", name="Odsłuchaj").click()
    assert page.evaluate("spoken.map(({ text, lang }) => [text, lang])") == [
        ["Words of 2", "pl-PL"]
    ]
    expect(page.locator("#post-2").get_by_role("button", name="Wstrzymaj")).to_be_visible()
    push(forum, forum.world.edit(2, "Edited"))
    push(forum, forum.world.edit(4, "Edited"))
    expect(page.locator("#post-4")).to_contain_text("Edited")
    expect(page.locator("#post-2")).to_contain_text("Words of 2")
    page.evaluate("spoken.at(-1).dispatchEvent(new Event('end'))")
    expect(page.locator("#post-2")).to_contain_text("Edited")
