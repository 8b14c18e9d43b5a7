"""Unsent text outlives its tab, its browser and its session; two windows lose nothing."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.waiting import is_saved

pytestmark = pytest.mark.browser


@pytest.fixture
def thread(make):
    return make('print(factories.a_thread(member("bob"), title="Sala").get_absolute_url())')


def surface(page: Page):
    return page.locator("#composer [role=textbox]")


def write(page: Page, text: str):
    surface(page).click()
    surface(page).press("ControlOrMeta+End")
    surface(page).press_sequentially(text)


def is_on_the_server(page: Page, make, words: str):
    """The goodbye of a page that was left has arrived: nobody is told of it."""
    kept = (
        "from forum.discussions.models import Draft\n"
        f'print(Draft.objects.filter(body__contains="{words}").exists())'
    )
    for _ in range(100):
        if make(kept) == "True":
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never saved: {words}")


def test_the_text_of_a_killed_tab_is_in_another_browser(visit, thread):
    page = visit("alice", thread)
    write(page, "Długi namysł")
    is_saved(page)
    page.context.close()

    other = visit("alice", thread)
    expect(surface(other)).to_have_text("Długi namysł")
    other.goto("/drafts/")
    expect(other.locator(".draft")).to_contain_text("Długi namysł")
    expect(visit("bob", thread).locator("#composer [role=textbox]")).to_have_text("")


def test_leaving_the_page_at_once_saves_the_last_word(visit, thread, make):
    page = visit("alice", thread)
    write(page, "Ostatnie słowo")
    page.goto("/threads/")
    is_on_the_server(page, make, "Ostatnie słowo")
    expect(surface(visit("alice", thread))).to_have_text("Ostatnie słowo")
    page.go_back()
    expect(surface(page)).to_have_text("Ostatnie słowo")
    write(page, " i jeszcze")
    is_saved(page)
    expect(page.locator("[data-part=choice]")).to_be_hidden()


def two_windows(visit, thread):
    """The window of the computer, while that of the telephone saved another text."""
    computer, phone = visit("alice", thread), visit("alice", thread)
    write(phone, "Z telefonu")
    is_saved(phone)
    write(computer, "Z komputera")
    expect(computer.locator("[data-part=choice]")).to_be_visible()
    return computer, phone


def test_one_takes_the_text_of_the_other_window_and_can_take_it_back(visit, thread):
    computer, _phone = two_windows(visit, thread)
    computer.locator("[data-part=both]").click()
    expect(computer.locator("[data-part=other-text]")).to_have_text("Z telefonu")
    computer.locator("[data-part=take]").click()
    expect(surface(computer)).to_have_text("Z telefonu")
    expect(computer.locator("[data-part=choice]")).to_be_hidden()
    computer.locator("[data-part=swap]").click()
    expect(surface(computer)).to_have_text("Z komputera")
    is_saved(computer)
    expect(surface(visit("alice", thread))).to_have_text("Z komputera")


def test_one_keeps_ones_own_and_the_other_text_is_put_aside(visit, thread):
    computer, phone = two_windows(visit, thread)
    computer.locator("[data-part=keep]").click()
    is_saved(computer)
    expect(surface(visit("alice", thread))).to_have_text("Z komputera")
    write(phone, " znowu")
    expect(phone.locator("[data-part=choice]")).to_be_visible()

    computer.reload()
    expect(surface(computer)).to_have_text("Z komputera")
    computer.locator("[data-part=swap]").click()
    expect(surface(computer)).to_have_text("Z telefonu")


def test_a_refused_submit_keeps_the_text_and_the_page_says_why(visit, thread, make):
    page = visit("alice", thread)
    write(page, "Przed zamknięciem")
    is_saved(page)
    pk = thread.split("/")[2]
    category = f"thread = factories.Thread.objects.get(pk={pk})\ncategory = thread.category\n"
    make(f'{category}category.writers = "staff"\ncategory.save()')
    page.locator("#composer button[type=submit]").click()
    expect(page.locator("[data-part=alert]")).to_be_visible()
    expect(surface(page)).to_have_text("Przed zamknięciem")

    other = visit("alice", thread)
    other.locator(".composer-closed a").first.click()
    expect(other.locator("textarea")).to_have_value("Przed zamknięciem")


def test_the_text_survives_the_end_of_the_session_and_saving_resumes(
    visit, thread, make, server, sessions
):
    key = make('print(cast.logged_in(member("dana")).cookies["sessionid"].value)')
    page = visit("dana", thread)
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": server.origin}])
    page.reload()
    write(page, "Przed wylogowaniem")
    is_saved(page)
    make(
        "from django.contrib.sessions.models import Session\n"
        f'Session.objects.filter(session_key="{key}").delete()'
    )
    write(page, " i po nim")
    expect(page.locator("[data-part=status]")).not_to_be_empty()
    expect(surface(page)).to_have_text("Przed wylogowaniem i po nim")

    page.context.add_cookies(
        [{"name": "sessionid", "value": sessions["dana"], "url": server.origin}]
    )
    page.evaluate("() => dispatchEvent(new Event('focus'))")
    is_saved(page)
    expect(surface(visit("dana", thread))).to_have_text("Przed wylogowaniem i po nim")
    page.locator("#composer button[type=submit]").click()
    expect(page.locator("#posts .post").last).to_contain_text("Przed wylogowaniem i po nim")
    expect(surface(visit("dana", thread))).to_have_text("")


def test_a_sent_text_is_no_draft_any_more(visit, thread):
    page = visit("alice", thread)
    write(page, "Gotowe")
    is_saved(page)
    page.locator("#composer button[type=submit]").click()
    expect(page.locator("#posts .post")).to_have_count(2)
    expect(surface(page)).to_have_text("")
    page.reload()
    expect(surface(page)).to_have_text("")
    page.goto("/drafts/")
    expect(page.locator(f'.draft a[href^="{thread}"]')).to_have_count(0)


def test_an_edit_is_kept_and_a_discarded_one_shows_the_post_again(visit, make):
    edit = make(
        'thread = factories.a_thread(member("bob"), body="Pierwotny tekst")\n'
        'print(f"/posts/{factories.opening_post(thread).pk}/edit/")'
    )
    page = visit("bob", edit)
    field = page.locator("post-composer [role=textbox]")
    field.click()
    field.press("ControlOrMeta+End")
    field.press_sequentially(" poprawiony")
    is_saved(page)
    other = visit("bob", edit)
    words = other.locator("post-composer [role=textbox]")
    expect(words).to_have_text("Pierwotny tekst poprawiony")
    other.locator("[data-part=discard]").click()
    expect(words).to_have_text("Pierwotny tekst")
    page.locator("post-composer button[type=submit]").click()
    expect(page.locator(".post").first).to_contain_text("Pierwotny tekst poprawiony")


def test_a_new_thread_keeps_its_title_and_can_be_published(visit, make):
    address = make('print(f"/categories/{factories.a_category().pk}/threads/new/")')
    page = visit("alice", address)
    page.locator("[name=title]").fill("Tytuł nowego wątku")
    page.locator("post-composer [role=textbox]").click()
    page.locator("post-composer [role=textbox]").press_sequentially("Treść")
    is_saved(page)
    page.context.close()
    other = visit("alice", address)
    expect(other.locator("[name=title]")).to_have_value("Tytuł nowego wątku")
    other.locator("post-composer button[type=submit]").click()
    expect(other.locator("h1")).to_have_text("Tytuł nowego wątku")
    other.goto(address)
    expect(other.locator("[name=title]")).to_have_value("")


def test_without_scripts_the_draft_stands_in_the_form(visit, thread):
    page = visit("alice", thread)
    write(page, "Z przeglądarki ze skryptami")
    is_saved(page)
    plain = visit("alice", thread, java_script_enabled=False)
    expect(plain.locator("#composer textarea[name=body]")).to_have_value(
        "Z przeglądarki ze skryptami"
    )
    plain.locator("#composer button.primary").click()
    expect(plain.locator("#posts .post").last).to_contain_text("Z przeglądarki ze skryptami")
    expect(plain.locator("#composer textarea[name=body]")).to_have_value("")
