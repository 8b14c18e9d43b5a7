"""What is new waits for the reader, and nothing is taken out of the reader's hands."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.client_pages.reading import open_page, push, shown
from tests.browser.client_pages.server import STRIP, FakeForum, frame
from tests.browser.client_pages.world import draw_post

pytestmark = pytest.mark.browser


def test_new_posts_wait_behind_the_strip_and_come_in_on_a_click(
    page: Page, forum: FakeForum
) -> None:
    before = shown(page)
    reply, root = forum.world.post(parent=8), forum.world.post()
    forum.push_now()
    button = page.get_by_role("button", name="2 nowe")
    expect(button).to_be_visible()
    assert shown(page) == before
    button.press("Enter")
    assert shown(page) == [*before, f"post-{reply.number}", f"post-{root.number}"]
    expect(page.locator(f"#post-{reply.number}")).to_be_focused()
    expect(page.locator("[data-new]")).to_have_count(2)
    expect(page.locator("new-strip")).to_be_hidden()


def test_the_text_being_read_stays_where_it_is(page: Page, forum: FakeForum) -> None:
    page.set_viewport_size({"width": 800, "height": 300})
    page.locator("#post-8").evaluate("post => post.scrollIntoView()")
    place = "post => post.getBoundingClientRect().top"
    before = page.locator("#post-8").evaluate(place)
    push(forum, forum.world.post(parent=4))
    push(forum, forum.world.edit(2, "Longer.<br>" * 20))
    expect(page.locator("#post-2")).to_contain_text("Longer")
    expect(page.get_by_role("button", name="1 nowa")).to_be_visible()
    assert page.locator("#post-8").evaluate(place) == pytest.approx(before, abs=1)


def test_a_post_behind_a_fold_only_lets_the_fold_grow(page: Page, forum: FakeForum) -> None:
    fold = page.locator(".fold")
    expect(fold).to_have_text("Jeszcze 2")
    push(forum, post := forum.world.post(parent=6))
    push(forum, post)
    expect(fold).to_have_text("Jeszcze 3 odpowiedzi")
    expect(page.locator("new-strip")).to_be_hidden()


def test_posts_for_other_pages_are_told_with_the_way_there(page: Page, forum: FakeForum) -> None:
    forum.world.page_size = 2
    forum.world.post()
    open_page(page, forum.url)
    push(forum, forum.world.post())
    link = page.get_by_role("link", name="1 dalej")
    expect(link).to_be_visible()
    expect(link).to_have_attribute("href", "/last/")


def test_an_opened_fold_shows_what_the_page_has_learned_since(page: Page, forum: FakeForum) -> None:
    def edited_while_the_answer_is_on_its_way() -> None:
        push(forum, forum.world.edit(6, "The newest words"))
        page_has_it.append(True)

    page_has_it: list[bool] = []
    forum.before_answer = edited_while_the_answer_is_on_its_way
    page.locator(".fold a").click()
    expect(page.locator("#post-6")).to_contain_text("The newest words")
    expect(page.locator(".fold")).to_have_count(0)
    assert page_has_it


def test_a_post_with_a_selection_is_replaced_when_the_selection_ends(
    page: Page, forum: FakeForum
) -> None:
    page.evaluate(
        "getSelection().selectAllChildren(document.querySelector('#post-2 .post__words'))"
    )
    push(forum, forum.world.edit(2, "Edited"))
    push(forum, forum.world.edit(4, "Edited"))
    expect(page.locator("#post-4")).to_contain_text("Edited")
    expect(page.locator("#post-2")).to_contain_text("Words of 2")
    page.evaluate("getSelection().removeAllRanges()")
    expect(page.locator("#post-2")).to_contain_text("Edited")


def test_focus_and_open_details_survive_a_replacement(page: Page, forum: FakeForum) -> None:
    page.locator("#post-2 summary").click()
    page.locator("#post-2 reaction-button button").focus()
    push(forum, forum.world.edit(2, "Edited"))
    expect(page.locator("#post-2")).to_contain_text("Edited")
    expect(page.locator("#post-2 reaction-button button")).to_be_focused()
    expect(page.locator("#post-2 details")).to_have_attribute("open", "")


def _row(number: int, key: str, seq: int = 1) -> str:
    return (
        f'<li id="thread-{number}" data-kind="thread" data-seq="{seq}" data-key="{key}">'
        f'<a href="/threads/{number}/">Thread {number} at {key}</a></li>'
    )


def test_rows_of_threads_change_in_place_and_move_when_asked(page: Page, forum: FakeForum) -> None:
    rows = _row(3, "2026-03") + _row(2, "2026-02") + _row(1, "2026-01")
    lists = (
        '<ul id="threads" data-list="thread" data-has-later="true" data-page-size="3">'
        f"{rows}</ul>" + STRIP.replace("{list}", "threads")
    )
    seq = forum.world.seq
    forum.extra_pages["/threads/"] = lambda: frame(lists, streams=f"thread.1:{seq}")
    open_page(page, f"{forum.url}/threads/")
    html = _row(1, "2026-05", 2) + _row(9, "2026-04", 2) + _row(8, "2025-12", 2)
    forum.push({"type": "change", "stream": "thread.1", "seq": seq + 1, "html": html})
    expect(page.locator("#thread-1")).to_contain_text("2026-05")
    ids = "rows => rows.map(row => row.id)"
    assert page.eval_on_selector_all("#threads > li", ids) == ["thread-3", "thread-2", "thread-1"]
    page.get_by_role("button", name="2 nowe").click()
    assert page.eval_on_selector_all("#threads > li", ids) == ["thread-1", "thread-9", "thread-3"]
    expect(page.locator("#thread-1 a")).to_be_focused()
    expect(page.locator("new-strip")).to_be_hidden()


def test_a_fragment_that_comes_twice_is_on_the_page_once(page: Page, forum: FakeForum) -> None:
    post = forum.world.post(parent=8)
    twice = {**forum.world.frame(post), "html": draw_post(post) * 2}
    forum.push(twice)
    forum.push(twice)
    page.get_by_role("button", name="1 nowa").click()
    assert shown(page).count(f"post-{post.number}") == 1
