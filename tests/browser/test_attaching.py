"""Attaching in real browsers: by keyboard, by paste, and what comes back after a reload."""

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import is_saved
from tests.samples import a_picture, a_scan

pytestmark = pytest.mark.browser

PLAN = {"name": "plan sali.png", "mimeType": "image/png", "buffer": a_picture(size=(300, 200))}
SCAN = {"name": "Uchwała.pdf", "mimeType": "application/pdf", "buffer": a_scan()}
FORGED = {"name": "zły.png", "mimeType": "image/png", "buffer": b"<svg onload='x'/>"}
PASTE = """async (words) => {
  const canvas = new OffscreenCanvas(40, 30);
  canvas.getContext("2d").fillRect(0, 0, 40, 30);
  const data = new DataTransfer();
  data.items.add(new File([await canvas.convertToBlob()], "image.png", {type: "image/png"}));
  const how = {clipboardData: data, bubbles: true, cancelable: true};
  words.dispatchEvent(new ClipboardEvent("paste", how));
}"""
IS_DRAWN = "(image) => image.complete && image.naturalWidth > 0"


@pytest.fixture
def thread(make):
    return make('print(factories.a_thread(member("bob")).get_absolute_url())')


def words(page):
    return page.locator("#composer [role=textbox]")


def lines(page):
    return page.locator("#composer .attached__file[data-url]")


def choose(page, *files):
    page.locator("#composer input[type=file]").set_input_files(list(files))


def describe_and_place_by_keyboard(page):
    """From the button that attaches, behind two files, back to the picture and into the text."""
    page.keyboard.press("Shift+Tab")
    expect(lines(page).nth(1).locator("[data-part=remove]")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(lines(page).first.locator("[data-part=place]")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("Plan sali z góry")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(words(page).locator("img[src^='/attachments/']")).to_have_count(1)


def test_by_keyboard_a_picture_goes_into_the_text_and_another_browser_sees_it(visit, thread):
    alice, bob = visit("alice", thread), visit("bob", thread)
    # From here on the browser hands the choice over: asked for at the key, it may come too late.
    alice.on("filechooser", lambda _chooser: None)
    expect(bob.locator("live-state")).to_have_attribute("data-state", "current")
    words(alice).focus()
    alice.keyboard.type("Oto plan:")
    alice.keyboard.press("Tab")
    expect(alice.locator("#composer [data-part=choose]")).to_be_focused()
    with alice.expect_file_chooser() as asked:
        alice.keyboard.press("Enter")
    asked.value.set_files([PLAN, SCAN])
    expect(lines(alice)).to_have_count(2)
    expect(lines(alice).nth(1)).to_contain_text("to skan")
    describe_and_place_by_keyboard(alice)
    alice.keyboard.press("Control+Enter")

    sent = alice.locator("#posts .post").last
    expect(sent).to_contain_text("Oto plan:")
    expect(sent).to_be_focused()
    expect(lines(alice)).to_have_count(0)
    bob.locator("new-strip button").click()
    picture = bob.locator("#posts .post").last.locator(".words img")
    expect(picture).to_have_attribute("alt", "Plan sali z góry")
    picture.scroll_into_view_if_needed()
    bob.wait_for_function(f"() => ({IS_DRAWN})(document.querySelector('.post .words img'))")
    expect(bob.locator(".post__files a")).to_contain_text("Uchwała.pdf")


def test_what_is_refused_is_said_and_what_was_attached_waits(visit, thread):
    page = visit("bob", thread)
    words(page).click()
    page.keyboard.type("W załączniku")
    choose(page, FORGED, SCAN)
    expect(lines(page)).to_have_count(1)
    note = page.locator(".attached__file[data-state=refused]")
    expect(note).to_contain_text("zły.png: plików tego rodzaju forum nie przyjmuje")
    page.locator("#composer button[type=submit]").click()
    expect(page.locator("[data-part=alert]")).to_contain_text("Nie wszystkie pliki")
    note.get_by_role("button").click()
    expect(note).to_have_count(0)
    is_saved(page)

    page.context.close()
    other = visit("bob", thread)  # another device
    expect(words(other)).to_have_text("W załączniku")
    expect(lines(other)).to_contain_text("Uchwała.pdf")
    lines(other).locator("[data-part=remove]").click()
    expect(lines(other)).to_have_count(0)
    expect(other.locator("#composer [data-part=choose]")).to_be_focused()
    other.locator("#composer button[type=submit]").click()
    expect(other.locator("#posts .post").last).to_contain_text("W załączniku")
    expect(other.locator(".post__files")).to_have_count(0)


def test_a_pasted_picture_is_attached_and_leaves_the_text_when_removed(visit, thread):
    page = visit("alice", thread)
    words(page).click()
    page.keyboard.type("Zrzut ekranu")
    words(page).evaluate(PASTE)
    expect(lines(page)).to_contain_text("image.webp")
    lines(page).locator("[data-part=place]").click()
    picture = words(page).locator("img[src^='/attachments/']")
    expect(picture).to_have_count(1)
    lines(page).locator("[data-part=remove]").click()
    expect(picture).to_have_count(0)
    expect(words(page)).to_contain_text("Zrzut ekranu")


def test_without_scripts_files_go_with_the_form(visit, thread):
    page = visit("alice", thread, java_script_enabled=False)
    page.locator("#composer textarea").fill("Bez skryptów")
    choose(page, PLAN)
    page.locator("[name=only_attach]").click()
    page.locator("input[name^=alt-]").fill("Plan sali")
    page.locator("#composer button.primary").click()
    post = page.locator("#posts .post").last
    expect(post).to_contain_text("Bez skryptów")
    expect(post.locator(".picture img")).to_have_attribute("alt", "Plan sali")


def test_a_picture_alone_is_kept_as_a_draft_and_goes_when_it_is_discarded(visit, thread):
    page = visit("alice", thread)
    choose(page, PLAN)
    lines(page).locator("[data-part=place]").click()
    picture = words(page).locator("img[src^='/attachments/']")
    expect(picture).to_have_count(1)
    is_saved(page)

    page.context.close()
    other = visit("alice", thread)  # another device
    picture = words(other).locator("img[src^='/attachments/']")
    expect(picture).to_have_count(1)
    other.locator("#composer button.primary").click()
    expect(other.locator("[data-part=alert]")).to_contain_text("choć jedno zdanie")
    other.locator("[data-part=discard]").click()
    expect(picture).to_have_count(0)
    expect(lines(other)).to_have_count(0)
    expect(words(other)).to_be_focused()
    other.reload()
    expect(words(other)).to_have_text("")
    expect(lines(other)).to_have_count(0)
