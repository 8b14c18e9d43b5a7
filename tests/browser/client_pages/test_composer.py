"""The composer sends without leaving the page and loses no word."""

import threading

import pytest
from playwright.sync_api import Page, expect

from tests.browser.client_pages.reading import open_page, push
from tests.browser.client_pages.server import FakeForum
from tests.browser.waiting import PATIENCE_MS

pytestmark = pytest.mark.browser


def test_an_own_post_is_shown_at_once_and_not_counted(page: Page, forum: FakeForum) -> None:
    def pushed_before_the_answer() -> None:
        push(forum, forum.world.posts[-1])
        was_here.wait(PATIENCE_MS / 1000)

    was_here = threading.Event()
    forum.before_answer = pushed_before_the_answer
    page.expose_function("wasHere", was_here.set)
    page.evaluate(
        """() => {
          const strip = document.querySelector("new-strip");
          const watch = () => { window.wasCounted ||= !strip.hidden; };
          new MutationObserver(watch).observe(strip, { attributeFilter: ["hidden"] });
          document.addEventListener("live:applied", () => window.wasHere(), { once: true });
        }"""
    )
    page.locator("textarea").fill("Mine")
    page.locator("textarea").press("Control+Enter")
    expect(page.locator("#post-9")).to_be_focused()
    expect(page.locator("#post-9")).to_contain_text("Mine")
    assert not page.evaluate("window.wasCounted")
    expect(page.locator("textarea")).to_have_value("")
    assert page.evaluate("Object.keys(localStorage)") == []


def test_what_is_typed_while_the_post_is_on_its_way_stays(page: Page, forum: FakeForum) -> None:
    def pushed_long_before_the_answer() -> None:
        push(forum, forum.world.posts[-1])
        is_typed.wait(PATIENCE_MS / 1000)

    is_typed = threading.Event()
    forum.before_answer = pushed_long_before_the_answer
    page.evaluate(
        """() => document.addEventListener("live:applied", () => { window.isPushed = true; })"""
    )
    page.locator("textarea").fill("Mine")
    page.locator("textarea").press("Control+Enter")
    page.wait_for_function("() => window.isPushed")
    expect(page.locator("#post-9")).to_have_count(0)
    page.locator("textarea").press_sequentially(" and more")
    forum.before_answer = lambda: None
    is_typed.set()
    expect(page.locator("#post-9")).to_contain_text("Mine")
    expect(page.locator("textarea")).to_have_value("Mine and more")
    expect(page.locator("textarea")).to_be_focused()

    page.locator("textarea").press("Control+Enter")
    expect(page.locator("#post-10")).to_contain_text("Mine and more")
    expect(page.locator("textarea")).to_have_value("")
    assert len({fields["once"] for fields in forum.posted}) == 2


@pytest.mark.parametrize("script", ["", "delete Element.prototype.moveBefore"])
def test_a_reply_goes_under_its_post_and_escape_brings_the_composer_home(
    page: Page, forum: FakeForum, script: str
) -> None:
    page.evaluate(script)
    opener = page.locator("#post-4 [data-action=reply]")
    opener.click()
    expect(page.locator("#post-4 + post-composer")).to_be_visible()
    expect(page.locator("[data-part=answers]")).to_contain_text("Member 2")
    page.keyboard.press("Escape")
    expect(page.locator("#posts post-composer")).to_have_count(0)
    expect(opener).to_be_focused()
    opener.click()
    page.locator("textarea").fill("A reply")
    page.get_by_role("button", name="Wyślij").click()
    expect(page.locator("#post-9")).to_be_focused()
    expect(page.locator("#posts post-composer")).to_have_count(0)
    assert forum.posted[-1]["parent"] == "4"
    assert forum.world.posts[-1].path.startswith(forum.world.posts[3].path)


def test_an_own_post_behind_a_fold_is_gone_to(page: Page, forum: FakeForum) -> None:
    page.locator("#post-2 [data-action=reply]").click()
    page.locator("textarea").fill("A reply")
    page.get_by_role("button", name="Wyślij").click()
    page.wait_for_url("**/threads/1/posts/9/")
    assert page.evaluate("Object.keys(localStorage)") == []


@pytest.mark.parametrize(
    ("text", "sentence"), [("", "Napisz coś."), ("forbidden", "Wątek jest zamknięty.")]
)
def test_a_refusal_is_said_and_the_text_stays(page: Page, text: str, sentence: str) -> None:
    page.locator("textarea").fill(text)
    page.get_by_role("button", name="Wyślij").click()
    expect(page.get_by_role("alert")).to_have_text(sentence)
    expect(page.locator("textarea")).to_have_value(text)


def test_a_lost_answer_and_a_reload_do_not_double_the_post(page: Page, forum: FakeForum) -> None:
    forum.answers = False
    page.locator("textarea").fill("Only once")
    page.get_by_role("button", name="Wyślij").click()
    expect(page.get_by_role("alert")).to_contain_text("Twój tekst jest bezpieczny")
    forum.answers = True
    open_page(page, forum.url)
    expect(page.locator("[data-part=status]")).to_have_text("Przywrócono")
    expect(page.locator("textarea")).to_have_value("Only once")
    page.get_by_role("button", name="Wyślij").click()
    expect(page.locator("textarea")).to_have_value("")
    once = {fields["once"] for fields in forum.posted}
    assert len(forum.posted) >= 2
    assert len(once) == 1
    assert [post.words for post in forum.world.posts].count("Only once") == 1
    page.locator("textarea").fill("Another")
    page.get_by_role("button", name="Wyślij").click()
    expect(page.locator("textarea")).to_have_value("")
    assert forum.posted[-1]["once"] not in once


def test_another_member_does_not_find_the_draft(page: Page, forum: FakeForum) -> None:
    page.locator("textarea").fill("Private")
    open_page(page, f"{forum.url}/?viewer=1")
    expect(page.locator("textarea")).to_have_value("Private")
    open_page(page, f"{forum.url}/?viewer=5")
    expect(page.locator("textarea")).to_have_value("")
