"""Single keys move between rows and posts; never while somebody types, and not where unwanted."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

FOCUSED = """() => {
  const row = document.activeElement.closest("article.post, .thread-row, .hit");
  return row ? row.id : "";
}"""
HAS_RING = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
}"""


@pytest.fixture(scope="module")
def thread(make):
    return make(
        'alice = member("alice")\n'
        'thread = factories.a_thread(alice, title="Żaglówka dla świetlicy")\n'
        'posts = [factories.a_reply(alice, thread, f"Odpowiedź numer {n}") for n in range(4)]\n'
        'factories.a_thread(alice, thread.category, title="Żaglówka dla szkoły")\n'
        "print(thread.get_absolute_url())"
    ).strip()


def ids(page, selector):
    return page.locator(selector).evaluate_all("rows => rows.map(row => row.id)")


def keys_are_there(page):
    """The module listens once the button that opens the list has come."""
    expect(page.locator("footer [data-part=keys]")).to_be_visible()


def test_j_and_k_go_through_posts_with_a_ring(visit, thread):
    page = visit("bob", thread)
    keys_are_there(page)
    posts = ids(page, "article.post")
    assert len(posts) == 5
    for expected in (posts[0], posts[1], posts[2]):
        page.keyboard.press("j")
        assert page.evaluate(FOCUSED) == expected
        assert page.evaluate(HAS_RING)
    page.keyboard.press("k")
    assert page.evaluate(FOCUSED) == posts[1]
    for _ in range(9):
        page.keyboard.press("j")
    assert page.evaluate(FOCUSED) == posts[-1]


def test_j_goes_through_threads_and_results_and_enter_opens(visit, thread):
    page = visit("bob", "/threads/")
    keys_are_there(page)
    page.keyboard.press("j")
    assert page.evaluate(FOCUSED) == ids(page, ".thread-row")[0]
    page.goto("/search/?q=żaglówka")
    keys_are_there(page)
    hits = ids(page, ".hit")
    assert len(hits) == 2
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate(FOCUSED) == hits[1]
    assert page.evaluate(HAS_RING)
    page.keyboard.press("Enter")
    page.wait_for_url("**/threads/**")


def test_a_slash_leads_to_the_field_and_types_nothing(visit, thread):
    page = visit("bob", thread)
    keys_are_there(page)
    page.keyboard.press("/")
    page.wait_for_url("**/search/")
    field = page.locator("main input[type=search]")
    expect(field).to_be_focused()
    page.keyboard.type("a/j?n")
    expect(field).to_have_value("a/j?n")
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(field).to_be_focused()
    expect(field).to_have_value("a/j?n")


def test_n_leads_to_the_next_unread(visit, make, thread):
    make('factories.a_thread(member("alice"), title="Nieczytane")')
    page = visit("dana", "/threads/")
    keys_are_there(page)
    expect(page.locator(".thread-row .unread").first).to_be_visible()
    page.keyboard.press("n")
    row = page.evaluate(FOCUSED)
    assert page.locator(f"#{row} .unread").count() == 1
    page.goto(thread)
    keys_are_there(page)
    page.keyboard.press("n")
    page.wait_for_url("**#post-*")


def test_nothing_happens_while_somebody_writes_or_holds_another_key(visit, thread):
    page = visit("bob", thread)
    keys_are_there(page)
    page.locator("rich-text[data-state=ready]").first.wait_for(state="attached")
    writing = page.locator("rich-text [contenteditable=true]").first
    writing.click()
    page.keyboard.type("jakie? nic/")
    expect(writing).to_have_text("jakie? nic/")
    expect(page.locator("#keys")).to_be_hidden()
    page.locator("h1").click()
    for keys in ("Control+k", "Alt+j", "Meta+j"):
        page.keyboard.press(keys)
        assert page.evaluate(FOCUSED) == ""
    page.keyboard.press("j")
    assert page.evaluate(FOCUSED) != ""  # it could have


def test_a_question_mark_shows_them_and_they_can_be_switched_off(visit, thread):
    page = visit("bob", thread)
    keys_are_there(page)
    page.keyboard.press("?")
    dialog = page.locator("#keys")
    expect(dialog).to_be_visible()
    page.keyboard.press("j")
    assert page.evaluate(FOCUSED) == ""
    dialog.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    for key in ("j", "/", "?", "n"):
        page.keyboard.press(key)
    assert page.evaluate(FOCUSED) == ""
    expect(dialog).to_be_hidden()
    # On every page of this browser, until they are wanted again.
    page.goto("/threads/")
    keys_are_there(page)
    page.keyboard.press("j")
    assert page.evaluate(FOCUSED) == ""
    page.locator("footer [data-part=keys]").click()
    dialog.get_by_role("checkbox").check()
    dialog.get_by_role("button").click()
    page.locator("h1").click()
    page.keyboard.press("j")
    assert page.evaluate(FOCUSED) != ""


def test_the_list_is_opened_by_a_button_and_closed_by_keyboard(visit):
    page = visit(None, "/")
    keys_are_there(page)
    page.locator("footer [data-part=keys]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Enter")  # the button that closes has the focus
    expect(page.locator("#keys")).to_be_hidden()
    expect(page.locator("footer [data-part=keys]")).to_be_focused()
