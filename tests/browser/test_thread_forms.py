"""A thread that begins with a form: with scripts and without, and its unsent fields."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.waiting import is_saved

pytestmark = pytest.mark.browser


@pytest.fixture
def start(make):
    """The address of a new thread in a category with forms."""
    return make(
        'category = factories.a_category(templates=["question", "partner"])\n'
        'print(f"/categories/{category.pk}/threads/new/")'
    )


def fill(page: Page):
    page.get_by_label("Tytuł").fill("Szukamy busa na festyn")
    page.get_by_label("Na co").fill("festyn w czerwcu")
    page.get_by_label("Czego szukamy").fill("bus z kierowcą")
    page.get_by_label("Brwinów").check()
    page.get_by_label("Nadarzyn").check()
    page.get_by_label("Czekamy na odpowiedzi do").fill("2026-12-05")


def is_published(page: Page):
    expect(page.locator("h1")).to_have_text("Szukamy busa na festyn")
    summary = page.locator("#posts .post .summary")
    expect(summary).to_contain_text("festyn w czerwcu")
    expect(summary).to_contain_text("Brwinów, Nadarzyn")
    expect(summary).to_contain_text("5 grudnia 2026")
    expect(page.locator(".thread-head .chip").first).to_have_text("Szukamy partnera")


def test_a_form_is_chosen_filled_and_shown_as_a_summary(visit, start):
    page = visit("bob", start)
    page.get_by_role("link", name="Szukamy partnera").click()
    fill(page)
    surface = page.locator("[role=textbox]")
    surface.click()
    surface.press_sequentially("Jeździmy razem.")
    page.get_by_label("Na co").fill("")
    page.get_by_role("button", name="Opublikuj wątek").click()
    expect(page.locator("[data-part=alert]")).to_be_visible()
    expect(page.get_by_label("Na co")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Na co").fill("festyn w czerwcu")
    page.get_by_role("button", name="Opublikuj wątek").click()
    is_published(page)


def test_it_works_without_scripts(visit, start):
    page = visit("bob", start, java_script_enabled=False)
    page.get_by_role("link", name="Szukamy partnera").click()
    fill(page)
    page.locator("textarea[name=body]").fill("Jeździmy razem.")
    page.get_by_role("button", name="Opublikuj wątek").click()
    is_published(page)
    page.goto(f"{page.url.split('#')[0]}")
    expect(page.locator("#posts .post .summary")).to_have_count(1)


def test_unsent_fields_are_in_another_browser_and_the_forms_keep_apart(visit, start):
    page = visit("alice", start + "?template=partner")
    fill(page)
    is_saved(page)
    page.context.close()

    other = visit("alice", start + "?template=partner")
    expect(other.get_by_label("Na co")).to_have_value("festyn w czerwcu")
    expect(other.get_by_label("Brwinów")).to_be_checked()
    expect(other.get_by_label("Raszyn")).not_to_be_checked()
    expect(other.get_by_label("Czekamy na odpowiedzi do")).to_have_value("2026-12-05")
    other.goto(start + "?template=question")
    expect(other.get_by_label("Tytuł")).to_have_value("")
    other.goto("/drafts/")
    other.get_by_role("link", name="Pisz dalej").first.click()
    expect(other.get_by_label("Na co")).to_have_value("festyn w czerwcu")
