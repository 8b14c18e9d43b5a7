"""Keeping a post, choosing the answer and reading the history, in real browsers."""

import json

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PLACE = """
from datetime import timedelta
from forum.discussions import actions
from forum.discussions.models import Post
thread = factories.a_thread(member("bob"), title="Sala we wtorki")
reply = factories.a_reply(member("alice"), thread, "Jest podjazd od podwórza.")
Post.objects.filter(pk=reply.pk).update(created_at=reply.created_at - timedelta(days=1))
reply.refresh_from_db()
actions.edit(author=reply.author, post=reply, body="Jest podjazd i winda.", body_format="markdown")
print(json.dumps([thread.get_absolute_url(), reply.pk, thread.pk]))
"""


@pytest.fixture
def place(make):
    """The address of a thread by Bob, and the pks of Alice's edited reply and of the thread."""
    return json.loads(make(PLACE))


def is_current(page):
    expect(page.locator("live-state")).to_have_attribute("data-state", "current")


def more(page, reply):
    return page.locator(f"#post-{reply} [data-action=more]")


def test_a_post_is_saved_with_a_note_and_found_again(visit, place):
    thread, reply, _ = place
    bob = visit("bob", thread)
    save = bob.locator(f"#post-{reply} save-post")
    button = save.locator("[formaction]")
    more(bob, reply).click()
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    save.locator("input").fill("Zapytać o klucze")
    save.locator("input").press("Enter")
    expect(save.locator("input")).to_have_count(0)
    expect(button).to_be_focused()

    bob.keyboard.press("Escape")
    expect(more(bob, reply)).to_be_focused()
    expect(save).to_be_hidden()

    bob.reload()
    more(bob, reply).click()
    expect(button).to_have_attribute("aria-pressed", "true")
    bob.goto("/saved/")
    expect(bob.locator(".saved-post__note")).to_contain_text("Zapytać o klucze")
    bob.goto(thread)
    more(bob, reply).click()
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    bob.goto("/saved/")
    expect(bob.locator(".saved-post")).to_have_count(0)


def test_the_answer_is_chosen_in_place_and_seen_on_the_other_pages(visit, place):
    thread, reply, thread_pk = place
    bob, guest, listing = visit("bob", thread), visit(None, thread), visit(None, "/threads/")
    is_current(guest)
    is_current(listing)
    more(guest, reply).click()
    expect(guest.locator("[data-action=alone]:visible")).to_have_count(1)
    expect(guest.locator("accept-answer:visible, save-post:visible")).to_have_count(0)
    more(bob, reply).click()
    button = bob.locator(f"#post-{reply} accept-answer button")
    button.click()

    for page in (bob, guest):
        expect(page.locator(f"#post-{reply} .chip.accepted")).to_be_visible()
        expect(page.locator(".thread-head .chip.accepted")).to_be_visible()
    expect(listing.locator(f"#thread-{thread_pk} .chip.accepted")).to_be_visible()
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(guest.locator(".chip.accepted")).to_have_count(0)


def test_the_history_is_read_from_the_post(visit, place):
    thread, reply, _ = place
    guest = visit(None, thread)
    guest.locator(f"#post-{reply} .post__edited a").click()
    expect(guest.locator(".change del")).to_contain_text("od podwórza.")
    expect(guest.locator(".change ins")).to_contain_text("i winda.")


def test_without_scripts_all_of_it_stands_on_the_posts_own_page(visit, place):
    thread, reply, _ = place
    bob = visit("bob", thread, java_script_enabled=False)
    more(bob, reply).click()
    bob.locator(f"#post-{reply} [data-action=alone]").click()
    bob.locator("#saving input[name=note]").fill("Na później")
    bob.locator("#saving button[value='1']").click()
    expect(bob.locator("#saving input[name=note]")).to_have_value("Na później")
    bob.locator("form[action$='/accept/'] button").click()
    expect(bob.locator(f"#post-{reply} .chip.accepted")).to_be_visible()
