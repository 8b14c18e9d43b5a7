"""From the first page to a first post: how many fields and pages that takes, and without scripts.

Source: issue 4, at most five fields filled in and three pages after the first one.
"""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

MOST_FIELDS, MOST_PAGES = 5, 3
PHONE = {"width": 390, "height": 844}


NEWEST_CODE = r"""
import re, time
from pathlib import Path
from django.conf import settings
from forum.jobs.mailbox import latest_mails
found = None
for _ in range(100):  # until the worker has delivered it
    mails = latest_mails(Path(settings.EMAIL_FILE_PATH), 50)
    found = next((mail for mail in mails if mail.to == "ADDRESS"), None)
    if found:
        break
    time.sleep(0.1)
print(re.search(r"\b\d{4}-\d{4}\b", found.body)[0])
"""


@pytest.fixture
def code(server):
    """The newest code that was sent to an address."""
    return lambda address: server.run(NEWEST_CODE.replace("ADDRESS", address)).strip()


class Newcomer:
    """Somebody who joins, and what it costs them."""

    def __init__(self, page: Page) -> None:
        self.page, self.fields, self.pages = page, 0, set()
        page.on("framenavigated", lambda frame: self.pages.add(re.sub(r"[?#].*", "", frame.url)))

    def fill(self, label: str, text: str) -> None:
        self.fields += 1
        self.page.get_by_label(label).fill(text)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()


def test_a_club_without_a_number_joins_and_writes(visit, make, code):
    make('factories.a_category(name="Pytania i pomoc")\nprint("")')
    page = visit(None, "/", viewport=PHONE)
    newcomer = Newcomer(page)
    page.get_by_role("link", name="Dołącz do rozmowy").click()
    newcomer.fill("Nazwa organizacji", "Klub Szachowy Hetman")
    expect(page.get_by_label("Dodaj „Klub Szachowy Hetman”")).to_be_checked()
    newcomer.fill("Imię i nazwisko, które zobaczą inni", "Ewa Lis")
    newcomer.fill("Adres e-mail", "ewa@example.org")
    newcomer.press("Załóż konto")
    expect(page.locator("h1")).to_have_text("Wpisz kod")
    newcomer.fill("Kod z e-maila", code("ewa@example.org"))
    newcomer.press("Potwierdź adres")
    expect(page.get_by_text("Od razu możesz pisać w imieniu organizacji")).to_be_visible()
    expect(page.get_by_label("Tytuł")).to_have_value("Dzień dobry, tu Klub Szachowy Hetman")
    expect(page.get_by_label("Piszesz jako").locator("option:checked")).to_have_text(
        "Klub Szachowy Hetman"
    )
    surface = page.locator("[role=textbox]")
    surface.click()
    surface.press_sequentially("Gramy we wtorki.")
    newcomer.fields += 1
    assert newcomer.fields <= MOST_FIELDS
    assert len(newcomer.pages) <= MOST_PAGES, newcomer.pages
    newcomer.press("Opublikuj wątek")
    expect(page.locator("#posts .post")).to_contain_text("Klub Szachowy Hetman")
    expect(page.locator("#posts .post")).to_contain_text("Gramy we wtorki.")


def test_without_scripts_a_club_is_found_and_claimed(visit, make, code):
    make(
        'factories.a_category(name="Pytania i pomoc")\n'
        "from tests.accounts import cases\n"
        'cases.a_profile("Klub Sportowy Sokół")\nprint("")'
    )
    page = visit(None, "/", java_script_enabled=False)
    newcomer = Newcomer(page)
    page.get_by_role("link", name="Dołącz do rozmowy").click()
    newcomer.fill("Imię i nazwisko, które zobaczą inni", "Jan Sowa")
    newcomer.fill("Nazwa organizacji", "sokoła")
    newcomer.press("Szukaj")
    page.get_by_label("Klub Sportowy Sokół").check()
    expect(page.get_by_label("Imię i nazwisko, które zobaczą inni")).to_have_value("Jan Sowa")
    newcomer.fill("Adres e-mail", "jan@example.org")
    newcomer.press("Załóż konto")
    newcomer.fill("Kod z e-maila", code("jan@example.org"))
    newcomer.press("Potwierdź adres")
    expect(page.get_by_text("Do tego czasu piszesz we własnym imieniu")).to_be_visible()
    page.locator("textarea[name=body]").fill("Kto ma salę?")
    newcomer.fields += 1
    assert newcomer.fields <= MOST_FIELDS
    assert len(newcomer.pages) <= MOST_PAGES, newcomer.pages
    newcomer.press("Opublikuj wątek")
    expect(page.locator("#posts .post")).to_contain_text("Jan Sowa")
