"""The page of the search in a real browser: filters fold, chips come off, a search is saved."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module", autouse=True)
def found(make):
    make(
        'alice = member("alice")\n'
        "category = factories.a_category(name='Kajaki')\n"
        'factories.a_thread(alice, category, title="Spływ Utratą", body="Kto ma kapoki?")\n'
        'factories.a_reply(member("carol"), factories.a_thread(alice, title="Kapok"),'
        ' "Kapok pożycza starostwo.", voice=cast.make_starostwo())'
    )


def test_beside_the_results_the_filters_stand_and_on_a_phone_they_fold(visit):
    page = visit(None, "/search/?q=kapok")
    choice = page.get_by_label("Kategoria").or_(page.get_by_label("Dział"))
    expect(choice).to_be_visible()
    page.set_viewport_size(PHONE)
    expect(choice).to_be_hidden()
    page.locator(".search-filters summary").click()
    expect(choice).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_filter_is_set_shown_as_a_chip_and_taken_off(visit):
    page = visit(None, "/search/?q=kapok")
    expect(page.locator(".hit")).to_have_count(2)
    page.locator("input[name=official]").check()
    page.locator(".search-filters button[type=submit]").click()
    page.wait_for_url("**official=on**")
    assert "q=kapok" in page.url
    expect(page.locator(".hit")).to_have_count(1)
    expect(page.locator(".search-chosen a")).to_have_count(1)
    page.locator(".search-chosen a").click()
    expect(page.locator(".hit")).to_have_count(2)
    expect(page.locator(".search-chosen")).to_have_count(0)


def test_all_of_it_works_without_javascript(visit):
    page = visit(None, "/search/", java_script_enabled=False)
    page.locator("main input[type=search]").fill("kapok")
    page.locator(".search-form button").click()
    expect(page.locator(".hit")).to_have_count(2)
    expect(page).to_have_title(re.compile("kapok.*2"))
    page.locator(".segments a").nth(1).click()
    assert "order=newest" in page.url
    expect(page.locator(".hit mark").first).to_be_visible()


def test_one_click_saves_the_search_and_a_new_post_rings_the_bell(visit, make):
    page = visit("dana", "/search/?q=kapok")
    page.locator(".search-keep button").click()
    expect(page.locator("a.search-keep")).to_be_visible()
    expect(page.locator(".hit")).to_have_count(2)
    # Another process may remember for ten seconds that nobody searched; this one has not asked.
    make(
        "from forum.saved_searches.actions.matching import somebody_looks\n"
        "somebody_looks.forget()\n"
        'factories.a_thread(member("alice"), title="Nowe kapoki", body="Oddam kapok.")'
    )
    expect(page.locator(".bell__count")).to_have_text(re.compile("1"))
    page.goto("/searches/")
    expect(page.locator(".kept-search .chip")).to_contain_text("1")
    page.locator(".kept-search__name a").click()
    expect(page.locator(".hit").first).to_contain_text("Nowe kapoki")
    page.goto("/searches/")
    page.locator(".kept-search form").nth(1).get_by_role("button").click()
    expect(page.locator(".kept-search")).to_have_count(0)
