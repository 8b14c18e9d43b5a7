"""Two real browsers on one thread: what one does, the other's open page shows."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def thread(make):
    """The address of a thread by Bob, with one reply of his."""
    return make(
        'thread = factories.a_thread(member("bob"), title="Sala we wtorki")\n'
        'factories.a_reply(member("bob"), thread, "Jest podjazd od podwórza.")\n'
        "print(thread.get_absolute_url())"
    )


def posts(page: Page):
    return page.locator("#posts .post")


def write(page: Page, text: str):
    """Type into the composer's editor and send."""
    surface = page.locator("#composer [role=textbox]")
    surface.click()
    surface.press_sequentially(text)
    page.locator("#composer button[type=submit]").click()


def is_current(page: Page):
    expect(page.locator("live-state")).to_have_attribute("data-state", "current")


def open_strip(page: Page):
    strip = page.locator("new-strip button")
    expect(strip).to_be_visible()
    strip.click()


def test_a_reply_waits_behind_the_strip_of_the_other_page(visit, thread):
    alice, bob = visit("alice", thread), visit("bob", thread)
    is_current(bob)
    write(alice, "Chętnie we wtorki i czwartki.")

    expect(posts(alice)).to_have_count(3)
    expect(posts(alice).last).to_contain_text("Chętnie we wtorki i czwartki.")
    expect(posts(bob)).to_have_count(2)
    open_strip(bob)
    expect(posts(bob)).to_have_count(3)
    expect(posts(bob).last).to_contain_text("Chętnie we wtorki i czwartki.")
    expect(posts(bob).last).to_have_attribute("data-new", "")


def test_a_guest_sees_it_too(visit, thread):
    alice, guest = visit("alice", thread), visit(None, thread)
    is_current(guest)
    write(alice, "Przyniesiemy krzesła.")
    open_strip(guest)
    expect(posts(guest).last).to_contain_text("Przyniesiemy krzesła.")


def test_an_organization_speaks_and_its_person_stays_visible(visit, thread):
    alice, bob = visit("alice", thread), visit("bob", thread)
    is_current(bob)
    alice.locator("#composer select[name=voice]").select_option(label="Fundacja Dobry Start")
    write(alice, "Fundacja chętnie się dołoży.")
    open_strip(bob)
    expect(posts(bob).last).to_contain_text("Fundacja Dobry Start")
    expect(posts(bob).last).to_contain_text("Alice Nowak")


def test_a_reply_to_a_post_stands_under_it(visit, thread):
    alice, bob = visit("alice", thread), visit("bob", thread)
    is_current(bob)
    write(bob, "Ile osób się zmieści?")
    expect(posts(bob)).to_have_count(3)
    open_strip(alice)
    first_reply = posts(alice).nth(1)
    first_reply.locator("[data-action=reply]").click()
    write(alice, "A winda?")

    expect(posts(alice)).to_have_count(4)
    open_strip(bob)
    expect(posts(bob).nth(2)).to_contain_text("A winda?")
    expect(posts(bob).nth(2)).to_have_attribute("data-level", "1")


def test_an_edit_and_a_withdrawal_change_the_open_page(visit, thread):
    bob, guest = visit("bob", thread), visit(None, thread)
    is_current(guest)
    bob.locator(".post").nth(1).locator("own-actions a").first.click()
    surface = bob.locator("[role=textbox]")
    surface.click()
    surface.press("End")
    surface.press_sequentially(" I winda.")
    bob.locator("main form button[type=submit]").click()
    bob.wait_for_url("**/threads/**")
    expect(posts(guest).nth(1)).to_contain_text("Jest podjazd od podwórza. I winda.")
    expect(posts(guest).nth(1).locator(".post__edited")).to_be_visible()

    bob.goto(thread)
    bob.locator(".post").nth(1).locator("[data-action=more]").click()
    bob.locator(".post").nth(1).locator("own-actions a").last.click()
    bob.locator("main form button[type=submit]").click()
    expect(posts(guest).nth(1)).to_have_attribute("data-state", "withdrawn")
    expect(posts(guest).nth(1)).not_to_contain_text("podjazd")


def test_only_the_author_sees_the_ways_to_edit(visit, thread):
    expect(visit("bob", thread).locator("own-actions:visible")).to_have_count(2)
    expect(visit("alice", thread).locator("own-actions:visible")).to_have_count(0)


def test_thanks_are_counted_on_the_other_page(visit, thread):
    alice, bob = visit("alice", thread), visit("bob", thread)
    is_current(bob)
    button = posts(alice).nth(1).locator("button[value=thank]")
    count = posts(bob).nth(1).locator("button[value=thank] .num")
    expect(count).to_have_count(0)

    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(count).to_have_text("1")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(count).to_have_count(0)


def test_a_list_of_threads_changes_while_it_is_open(visit, thread):
    pk = re.search(r"/threads/(\d+)/", thread).group(1)
    guest, alice = visit(None, "/threads/"), visit("alice", thread)
    is_current(guest)
    count = guest.locator(f"#thread-{pk} .thread-row__count b")
    expect(count).to_have_text("1")
    write(alice, "Liczymy się.")
    expect(count).to_have_text("2")


def test_a_page_without_connection_says_so_and_catches_up(visit, thread):
    alice, bob = visit("alice", thread), visit("bob", thread)
    is_current(bob)
    bob.context.set_offline(True)
    expect(bob.locator("live-state")).to_have_attribute("data-state", "offline")
    write(alice, "Napisane, gdy nie było sieci.")
    expect(posts(alice)).to_have_count(3)
    write(bob, "Mój tekst.")
    expect(bob.locator("#composer [data-part=alert]")).to_be_visible()
    expect(bob.locator("#composer [role=textbox]")).to_contain_text("Mój tekst.")

    bob.context.set_offline(False)
    is_current(bob)
    open_strip(bob)
    expect(posts(bob).last).to_contain_text("Napisane, gdy nie było sieci.")
    bob.locator("#composer button[type=submit]").click()
    expect(posts(bob)).to_have_count(4)
    expect(posts(bob).last).to_contain_text("Mój tekst.")


def test_an_unsent_text_is_back_after_the_page_was_left(visit, thread):
    bob = visit("bob", thread)
    surface = bob.locator("#composer [role=textbox]")
    surface.click()
    surface.press_sequentially("Niedokończone zdanie")
    bob.wait_for_function("() => JSON.stringify(localStorage).includes('zdanie')")
    bob.goto("/")
    bob.goto(thread)
    expect(bob.locator("#composer [role=textbox]")).to_contain_text("Niedokończone zdanie")


def test_logging_out_elsewhere_ends_the_open_page(visit, thread):
    page = visit("dana", thread)
    is_current(page)
    other = page.context.new_page()
    other.goto("/")
    other.evaluate(
        """async () => {
            const token = document.cookie.match(/csrftoken=([^;]+)/)[1];
            await fetch("/accounts/logout/",
                {method: "POST", headers: {"X-CSRFToken": token}, redirect: "manual"});
        }"""
    )
    expect(page.locator("live-state")).to_have_attribute("data-state", "logged-out")


def test_a_thread_is_started_from_its_page(visit, make):
    category = make("print(factories.a_category().pk)")
    bob = visit("bob", f"/categories/{category}/threads/new/")
    bob.locator("input[name=title]").fill("Sala")
    surface = bob.locator("[role=textbox]")
    surface.click()
    surface.press_sequentially("Kto chce ją dzielić?")
    bob.locator("#main form button[type=submit]").click()
    expect(bob.locator("[data-part=alert]")).to_be_visible()

    bob.locator("input[name=title]").fill("Sala we wtorki")
    bob.locator("#main form button[type=submit]").click()
    expect(bob.locator("h1")).to_have_text("Sala we wtorki")
    expect(posts(bob)).to_contain_text("Kto chce ją dzielić?")


def test_after_an_answer_to_a_post_the_next_is_to_the_whole_thread(visit, thread):
    alice = visit("alice", thread)
    is_current(alice)
    posts(alice).nth(1).locator("[data-action=reply]").click()
    write(alice, "A winda?")
    expect(posts(alice)).to_have_count(3)
    write(alice, "I jeszcze jedno.")
    expect(posts(alice)).to_have_count(4)
    expect(posts(alice).last).to_have_attribute("data-level", "0")
    posts(alice).nth(1).locator("[data-action=reply]").click()
    alice.locator("[data-part=cancel]").click()
    write(alice, "Do wszystkich.")
    expect(posts(alice)).to_have_count(5)
    expect(posts(alice).last).to_have_attribute("data-level", "0")


def test_an_open_branch_is_live(visit, make, thread):
    alice, guest = visit("alice", thread), visit(None, f"{thread}branches/2/")
    is_current(guest)
    is_current(alice)
    posts(alice).nth(1).locator("[data-action=reply]").click()
    write(alice, "A winda?")
    open_strip(guest)
    expect(posts(guest).last).to_contain_text("A winda?")


def test_who_writes_is_hinted_to_the_others_and_the_hint_goes_by_itself(visit, thread):
    alice, bob = visit("alice", thread), visit("bob", thread)
    hint = bob.locator("who-is-here")
    expect(hint).to_contain_text("Czyta: 2")
    alice.locator("#composer select[name=voice]").select_option(label="Fundacja Dobry Start")
    surface = alice.locator("#composer [role=textbox]")
    surface.click()
    surface.press_sequentially("Chętnie")
    expect(hint).to_contain_text("Fundacja Dobry Start: ktoś pisze…")
    expect(alice.locator("who-is-here")).not_to_contain_text("pisze")
    expect(hint).not_to_contain_text("pisze")
    alice.locator("#composer select[name=voice]").select_option("")
    surface.press_sequentially(" we wtorki")
    expect(hint).to_contain_text("Alice Nowak pisze…")
    alice.goto("/threads/")
    expect(hint).to_have_text("", use_inner_text=True)


def test_the_cards_beside_are_live_too(visit, make, thread):
    guest, alice = visit(None, "/"), visit("alice", thread)
    is_current(guest)
    is_current(alice)
    asked = make(
        'print(factories.a_thread(member("bob"), factories.a_category(),'
        ' title="Kto zna księgową?").get_absolute_url())'
    )
    guest.goto("/")  # the category is new: the page open before does not know it
    is_current(guest)
    card = guest.locator("waiting-threads")
    expect(card).to_contain_text("Kto zna księgową?")
    bob = visit("bob", asked)
    write(bob, "Już wiem, dziękuję.")
    expect(card).not_to_contain_text("Kto zna księgową?")

    people = alice.locator("people-here li")
    expect(people).to_have_count(1)
    write(alice, "Chętnie we wtorki.")
    expect(people).to_have_count(2)
    expect(people.last).to_have_text(re.compile("Alice Nowak|Fundacja Dobry Start"))
