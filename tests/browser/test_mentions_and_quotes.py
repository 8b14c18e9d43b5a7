"""Mentions and quotes with the keyboard, the mouse and a finger, in real browsers."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 700}
PLACE = """
thread = factories.a_thread(member("bob"), title="Sala we wtorki")
reply = factories.a_reply(member("alice"), thread, "Jest **podjazd** od podwórza.\\n\\nI winda.")
print(json.dumps([thread.get_absolute_url(), reply.pk]))
"""


@pytest.fixture
def place(make):
    """The address of a thread by Bob, and the pk of Alice's reply in it."""
    return json.loads(make(PLACE))


def writing(page):
    """The editor, once it is up."""
    editor = page.locator(".rich-text__words")
    editor.click()
    return editor


def names(page):
    return page.locator(".mention-list").get_by_role("option")


def sent(page):
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-part=status]")).to_contain_text("jest w wątku")


def rename(visit, member, name):
    page = visit(member, "/account/")
    page.locator("[name=display_name]").fill(name)
    page.locator("main form:has([name=display_name]) button[type=submit]").click()
    expect(page.get_by_text("Profil został zapisany")).to_be_visible()


def quoted(page):
    return page.locator(".rich-text__words blockquote")


def test_a_name_is_chosen_with_the_keyboard_and_follows_its_owner(visit, place):
    thread, _ = place
    dana, guest = visit("dana", thread), visit(None, thread)
    expect(guest.locator("live-state")).to_have_attribute("data-state", "current")
    editor = writing(dana)
    dana.keyboard.type("Pytam: @")
    expect(names(dana).first).to_contain_text(re.compile("Alice Nowak|Bob Kowalski"))
    dana.keyboard.type("wojc")
    expect(names(dana)).to_have_text([re.compile("Carol Wójcik")])
    expect(dana.locator("[role=status]", has_text="Znalezione nazwy: 1")).to_be_attached()
    assert Axe().run(dana).response["violations"] == []
    for _ in "wojc":
        dana.keyboard.press("Backspace")
    expect(names(dana)).not_to_have_count(1)
    first = names(dana).first.get_attribute("id")
    expect(editor).to_have_attribute("aria-activedescendant", first)
    dana.keyboard.press("ArrowDown")
    second = names(dana).nth(1)
    expect(editor).to_have_attribute("aria-activedescendant", second.get_attribute("id"))
    expect(second).to_have_attribute("aria-selected", "true")
    chosen = second.locator("b").inner_text()
    assert chosen == "Bob Kowalski"
    dana.keyboard.press("Enter")
    expect(names(dana)).to_have_count(0)
    expect(editor.locator("[data-mention]")).to_have_text("@Bob Kowalski")
    dana.keyboard.type("o salę")
    sent(dana)

    guest.locator("new-strip button").click()
    expect(guest.locator(".post__words .mention")).to_have_text("@Bob Kowalski")


def test_a_new_name_is_in_the_texts_of_others(visit, make):
    address = make("""
words = f"@[x](member:{member('bob').pk}), pytam."
print(factories.a_thread(member("alice"), body=words).get_absolute_url(), end="")
""")
    guest = visit(None, address)
    mention = guest.locator(".post__words .mention")
    expect(mention).to_have_text("@Bob Kowalski")
    rename(visit, "bob", "Robert Kowal")
    guest.reload()
    expect(mention).to_have_text("@Robert Kowal")
    rename(visit, "bob", "Bob Kowalski")


def test_the_list_closes_and_the_sign_stays_a_sign(visit, place):
    dana = visit("dana", place[0])
    editor = writing(dana)
    dana.keyboard.type("@al")
    expect(names(dana)).to_have_count(1)
    dana.keyboard.press("Escape")
    expect(names(dana)).to_have_count(0)
    dana.keyboard.type("i")
    dana.keyboard.press("Enter")
    dana.keyboard.type("@dob")  # Fundacja Dobry Start, by its second word
    expect(names(dana)).to_have_count(1)
    dana.keyboard.press("Tab")
    expect(editor.locator("[data-mention]")).to_have_text("@Fundacja Dobry Start")
    dana.keyboard.type("@al")
    expect(names(dana)).to_have_count(1)
    editor.blur()
    expect(names(dana)).to_have_count(0)
    expect(editor).to_contain_text("@ali")


def test_a_finger_chooses_at_large_text(visit, place):
    dana = visit("dana", place[0], viewport=PHONE, has_touch=True)
    dana.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    editor = writing(dana)
    dana.keyboard.type("@")
    expect(names(dana).first).to_be_visible()
    box = dana.locator(".mention-list").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    names(dana).filter(has_text="Alice").tap()
    expect(editor.locator("[data-mention]")).to_have_text("@Alice Nowak")
    expect(editor).to_be_focused()


def test_what_the_mouse_selects_is_quoted_behind_what_is_typed(visit, place):
    thread, pk = place
    dana = visit("dana", thread)
    editor = writing(dana)
    dana.keyboard.type("Najpierw to.")
    words = dana.locator(f"#post-{pk} .post__words")
    words.locator("p").first.click(click_count=3)
    dana.locator(".quote-button").click()
    expect(quoted(dana)).to_have_text("Alice Nowak, wpis 2:Jest podjazd od podwórza.")
    expect(quoted(dana).locator("strong")).to_have_text("podjazd")
    expect(dana.locator(".quote-button")).to_have_count(0)
    expect(editor).to_be_focused()
    dana.keyboard.type("Zgoda.")
    expect(editor.locator("> p").first).to_have_text("Najpierw to.")
    sent(dana)
    shown = dana.locator(".post__words", has_text="Najpierw to.")
    shown.locator("blockquote a").click()
    dana.wait_for_url(f"**#post-{pk}")


def test_the_keyboard_quotes_a_selection_and_the_whole_post(visit, place):
    thread, pk = place
    dana = visit("dana", thread)
    dana.locator("rich-text[data-state=ready]").wait_for(state="attached")
    dana.locator(f"#post-{pk} .post__words p").nth(1).dblclick(position={"x": 2, "y": 8})
    dana.keyboard.press("Shift+End")
    button = dana.locator(f"#post-{pk} .quote-button")
    expect(button).to_have_accessible_name("Cytuj : zaznaczony tekst")
    dana.keyboard.press("Tab")  # the post has the focus: its time comes first
    dana.keyboard.press("Tab")
    expect(button).to_be_focused()
    dana.keyboard.press("Enter")
    expect(quoted(dana)).to_have_text("Alice Nowak, wpis 2:I winda.")
    # The empty composer came to the post; one that is written in stays where it is.
    expect(dana.locator("[data-part=answers-name]")).to_have_text("Alice Nowak")
    whole = dana.locator(".post[data-number='1'] [data-action=quote]")
    whole.focus()
    dana.keyboard.press("Enter")
    expect(quoted(dana)).to_have_count(2)
    expect(quoted(dana).nth(1)).to_contain_text("Bob Kowalski, wpis 1:")
    expect(dana.locator("[data-part=answers-name]")).to_have_text("Alice Nowak")


def test_without_the_editor_the_quote_is_markdown_and_names_are_typed(visit, place):
    thread, pk = place
    dana = visit("dana", "/")
    dana.route(re.compile("django_prose_editor"), lambda route: route.abort())
    dana.goto(thread)
    field = dana.locator("textarea[name=body]")
    field.fill("Pytam: @Alice Nowak.")
    dana.locator(f"#post-{pk} [data-action=quote]").click()
    expect(field).to_have_value(re.compile(r"^Pytam: @Alice Nowak\.\n\n> \[Alice Nowak, wpis 2\]"))
    sent(dana)
    words = dana.locator(".post__words", has_text="Pytam:")
    expect(words.locator(".mention")).to_have_text("@Alice Nowak")
    expect(words.locator("blockquote")).to_contain_text("Jest podjazd od podwórza.")


def test_a_click_before_the_scripts_came_loses_no_typed_word(visit, place):
    thread, pk = place
    dana = visit("dana", "/")
    held = []
    dana.route(re.compile("composer/quoting"), lambda route: held.append(route))
    dana.goto(thread, wait_until="commit")
    field = dana.locator("textarea[name=body]")
    field.fill("Zanim przyszły skrypty.", force=True)
    while not held:  # from here on the entry is there, and what it asked for is not
        dana.wait_for_timeout(20)
    dana.locator(f"#post-{pk} [data-action=quote]").click()
    expect(dana).to_have_url(re.compile(r"/threads/\d+/$"))
    for route in held:
        route.continue_()
    expect(dana.locator("#composer blockquote, #composer [role=textbox]").first).to_be_visible()
    expect(dana.locator("#composer")).to_contain_text("Zanim przyszły skrypty.")
    expect(dana.locator("#composer blockquote")).to_contain_text("Jest podjazd od podwórza.")
