"""While a title is written, threads that ask nearly the same are shown, and nobody is disturbed."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TITLE = "main form input[name=title]"
LIST = "similar-threads [data-part=list]"
STATUS = "similar-threads [data-part=status]"


@pytest.fixture(scope="module")
def _asked(make):
    """There is a thread about halls."""
    make('factories.a_thread(member("alice"), title="Gdzie jest sala na próby chóru?")')


@pytest.fixture
def start(make, _asked):
    """The address of a new thread where nothing unsent waits."""
    return make('print(f"/categories/{factories.a_category().pk}/threads/new/")').strip()


def test_a_similar_thread_is_shown_and_the_focus_stays(visit, start):
    page = visit("bob", start)
    page.locator(TITLE).press_sequentially("Sala na próby", delay=20)
    link = page.locator(LIST).get_by_role("link", name="Gdzie jest sala na próby chóru?")
    expect(link).to_be_visible()
    expect(page.locator(TITLE)).to_be_focused()
    expect(page.locator(TITLE)).to_have_value("Sala na próby")
    assert link.get_attribute("target") == "_blank"
    # Said politely: the number, not the list.
    expect(page.locator(STATUS)).to_have_attribute("role", "status")
    expect(page.locator(STATUS)).to_contain_text("1")
    assert "chóru" not in page.locator(STATUS).inner_text()


def test_it_goes_when_the_title_is_about_something_else(visit, start):
    page = visit("bob", start)
    page.locator(TITLE).fill("Sala na próby")
    expect(page.locator(LIST)).to_be_visible()
    page.locator(TITLE).fill("Zupełnie inna sprawa księgowa")
    expect(page.locator(LIST)).to_be_hidden()
    expect(page.locator(STATUS)).to_have_text("")


def test_typing_asks_once_and_not_at_every_key(visit, start):
    page = visit("bob", start)
    asked = []
    page.on("request", lambda r: asked.append(r.url) if "/similar/" in r.url else None)
    page.locator(TITLE).press_sequentially("Sala na próby chóru", delay=15)
    expect(page.locator(LIST)).to_be_visible()
    assert len(asked) == 1
    page.locator(TITLE).press("End")
    page.locator(TITLE).press_sequentially(" ", delay=15)  # the same question
    page.locator(TITLE).fill("Sal")
    expect(page.locator(LIST)).to_be_hidden()
    assert len(asked) == 1  # too short to ask


def test_without_the_server_writing_goes_on(visit, start):
    page = visit("bob", start)
    page.route("**/search/similar/**", lambda route: route.abort())
    with page.expect_request("**/search/similar/**"):
        page.locator(TITLE).fill("Sala na próby")
    expect(page.locator(LIST)).to_be_hidden()
    expect(page.locator(TITLE)).to_have_value("Sala na próby")


def test_without_javascript_a_link_leads_to_the_search(visit, start):
    page = visit("bob", start, java_script_enabled=False)
    link = page.locator("similar-threads noscript a")
    expect(link).to_be_visible()
    assert link.get_attribute("href") == "/search/"
    expect(page.locator(LIST)).to_be_hidden()
