"""The editor in a real browser, under the policy of production: nothing inline, nothing foreign."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from forum.lib import markup
from tests.browser.editor_page import served
from tests.proof import browser as chromium

pytestmark = pytest.mark.browser

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PHONE = {"width": 320, "height": 640}
LAPTOP = {"width": 1280, "height": 800}
TOUCH_TARGET_PX = 44
WORD = (Path(__file__).parent / "clipboard_of_word.txt").read_text()
PASTE = """(words, html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  const how = {clipboardData: data, bubbles: true, cancelable: true};
  words.dispatchEvent(new ClipboardEvent("paste", how));
}"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find_light(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose console must stay silent: the browser reports a broken policy there."""
    context = browser.new_context(viewport=LAPTOP)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert said == []


def opened(page: Page, address: str, source: str = "", source_format: str = "markdown") -> Page:
    page.goto(f"{address}?source={quote(source)}&format={source_format}")
    expect(page.locator("rich-text")).to_have_attribute("data-state", "ready")
    return page


def words(page: Page):
    return page.get_by_role("textbox", name="Treść wpisu").or_(
        page.get_by_role("textbox", name="Your text")
    )


def tool(page: Page, icon: str):
    return page.locator(f".rich-text__tool:has(use[href$='#{icon}'])")


def kept(page: Page) -> str:
    """What the form would send, as the server would store it."""
    assert page.locator("[name=body_format]").input_value() == "html"
    return markup.render(page.locator("[name=body]").input_value(), "html")


def pasted(page: Page, html: str) -> str:
    words(page).click()
    words(page).evaluate(f"(words, html) => ({PASTE})(words, html)", html)
    return page.locator("[name=body]").input_value()


def test_words_get_bold_and_italic_by_keys(page: Page, address: str) -> None:
    words(opened(page, address)).click()
    page.keyboard.press("Control+b")
    page.keyboard.type("Sala")
    page.keyboard.press("Control+b")
    page.keyboard.type(" jest ")
    page.keyboard.press("Control+i")
    page.keyboard.type("wolna")
    assert kept(page) == "<p><strong>Sala</strong> jest <em>wolna</em></p>"


def test_no_key_is_lost_while_the_editor_takes_the_place_of_the_field(
    page: Page, address: str
) -> None:
    held: list[Route] = []
    page.route("**/editor/surface*", lambda route: held.append(route))  # a C function will not do
    page.goto(address)
    page.locator("rich-text textarea").focus()
    page.keyboard.type("Sal")
    page.evaluate("""() => {
      const { ready } = document.querySelector("rich-text");
      window.takesKeys = ready.then(() => document.activeElement.isContentEditable);
    }""")
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    assert page.evaluate("() => window.takesKeys")
    page.keyboard.type("a")
    assert kept(page) == "<p>Sala</p>"


@pytest.mark.parametrize(
    ("icon", "expected"),
    [
        ("list", "<ul><li><p>Sala</p></li><li><p>Kuchnia</p></li></ul>"),
        ("list-ordered", "<ol><li><p>Sala</p></li><li><p>Kuchnia</p></li></ol>"),
        ("quote", "<blockquote><p>Sala</p><p>Kuchnia</p></blockquote>"),
        ("heading", "<h3>Sala</h3><p>Kuchnia</p>"),
    ],
)
def test_a_tool_shapes_the_block_and_says_that_it_is_on(
    page: Page, address: str, icon: str, expected: str
) -> None:
    words(opened(page, address)).click()
    expect(tool(page, icon)).to_have_attribute("aria-pressed", "false")
    tool(page, icon).click()
    expect(tool(page, icon)).to_have_attribute("aria-pressed", "true")
    page.keyboard.type("Sala")
    page.keyboard.press("Enter")
    page.keyboard.type("Kuchnia")
    assert kept(page) == expected


def test_the_selection_becomes_a_link_and_loses_it_again(page: Page, address: str) -> None:
    words(opened(page, address, "Regulamin")).click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+k")
    page.keyboard.type("www.ngo.pl/regulamin")
    page.keyboard.press("Enter")
    href = 'href="https://www.ngo.pl/regulamin" rel="nofollow ugc noopener"'
    assert kept(page) == f"<p><a {href}>Regulamin</a></p>"
    page.keyboard.press("Control+k")
    page.locator(".link-dialog button[type=button]").first.click()
    assert kept(page) == "<p>Regulamin</p>"


def test_a_wrong_address_is_explained_and_nothing_changes(page: Page, address: str) -> None:
    words(opened(page, address, "Regulamin")).click()
    page.keyboard.press("Control+a")
    tool(page, "link").click()
    page.keyboard.type("javascript:alert(1)")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(re.compile(r"\w+"))
    page.keyboard.press("Escape")
    expect(page.locator(".link-dialog")).to_be_hidden()
    assert kept(page) == "<p>Regulamin</p>"


def test_what_word_puts_on_the_clipboard_becomes_plain_rich_text(page: Page, address: str) -> None:
    sent = pasted(opened(page, address), WORD)
    assert "mso" not in sent
    assert "style" not in sent
    assert kept(page) == (
        "<h3>Program współpracy</h3><p>Zarząd <strong>powiatu</strong> ogłasza <em>nabór</em>.</p>"
        "<ul><li><p>dotacje</p><ul><li><p>małe granty</p></li></ul></li><li><p>lokale</p></li></ul>"
        "<ol><li><p>oferta</p></li><li><p>umowa</p></li></ol><p>Pruszków</p><p>Piastów</p>"
    )


def test_google_docs_is_bold_only_where_it_was(page: Page, address: str) -> None:
    copied = (
        '<b style="font-weight:normal;" id="docs-internal-guid-1"><p><span style="color:red;'
        'font-weight:400">Sala </span><span style="font-weight:700">wolna</span></p></b>'
    )
    pasted(opened(page, address), copied)
    assert kept(page) == "<p>Sala <strong>wolna</strong></p>"


def test_the_keyboard_alone_reaches_every_tool_and_leaves_the_field(
    page: Page, address: str
) -> None:
    words(opened(page, address)).click()
    page.keyboard.press("Alt+F10")
    expect(tool(page, "bold")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(tool(page, "link")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(words(page)).to_be_focused()
    page.keyboard.type("wolna")
    assert kept(page) == "<p><em>wolna</em></p>"
    page.keyboard.press("Shift+Tab")
    expect(tool(page, "italic")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send")).to_be_focused()


def test_tab_moves_an_item_deeper_at_its_beginning_only(page: Page, address: str) -> None:
    words(opened(page, address)).click()
    tool(page, "list").click()
    page.keyboard.type("sala")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("kuchnia")
    assert kept(page) == "<ul><li><p>sala</p><ul><li><p>kuchnia</p></li></ul></li></ul>"
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send")).to_be_focused()


def test_every_change_is_an_input_event_of_the_form(page: Page, address: str) -> None:
    opened(page, address)
    page.evaluate(
        "form.addEventListener('input', () => { form.dataset.kept = form.elements.body.value })"
    )
    words(page).click()
    page.keyboard.type("Sala")
    expect(page.locator("#form")).to_have_attribute("data-kept", "<p>Sala</p>")


def test_the_label_leads_into_the_editor(page: Page, address: str) -> None:
    opened(page, address).locator("label[for=id_body]").click()
    expect(words(page)).to_be_focused()
    expect(words(page)).to_have_attribute("spellcheck", "true")
    expect(words(page)).to_have_attribute("lang", "pl")


def test_scripts_set_empty_and_move_the_text(page: Page, address: str) -> None:
    opened(page, address)
    page.evaluate("document.querySelector('rich-text').value = '<p><em>szkic</em></p>'")
    assert kept(page) == "<p><em>szkic</em></p>"
    page.evaluate("document.body.append(form)")
    words(page).click()
    page.keyboard.press("End")
    page.keyboard.type("!")
    assert kept(page) == "<p><em>szkic!</em></p>"
    page.evaluate("document.querySelector('rich-text').clear()")
    expect(words(page)).to_have_text("")
    assert page.locator("[name=body]").input_value() == ""


def test_what_was_typed_before_the_editor_came_is_kept(page: Page, address: str) -> None:
    page.route("**/editor.js", lambda route: (page.wait_for_timeout(300), route.continue_()))
    page.goto(address)
    page.locator("textarea").click()
    page.keyboard.type("Sala <1>")
    expect(page.locator("rich-text")).to_have_attribute("data-state", "ready")
    expect(words(page)).to_be_focused()
    page.keyboard.type(" jest")
    assert kept(page) == "<p>Sala &lt;1&gt; jest</p>"


def test_a_refused_form_shows_the_fault_beside_the_field(page: Page, address: str) -> None:
    opened(page, address).get_by_role("button", name="Send").click()
    expect(page.locator("rich-text")).to_have_attribute("data-state", "ready")
    expect(words(page)).to_have_attribute("aria-invalid", "true")
    described = words(page).get_attribute("aria-describedby")
    assert described is not None
    expect(page.locator(f"#{described}")).to_have_text(re.compile(r"\w+"))


def test_a_fault_that_a_script_marks_reaches_the_editor_and_leaves_it(
    page: Page, address: str
) -> None:
    opened(page, address)
    page.evaluate("form.elements.body.setAttribute('aria-invalid', 'true')")
    expect(words(page)).to_have_attribute("aria-invalid", "true")
    words(page).click()
    page.keyboard.type("Sala")
    expect(words(page)).to_have_attribute("aria-invalid", "true")
    page.evaluate("form.elements.body.removeAttribute('aria-invalid')")
    expect(words(page)).not_to_have_attribute("aria-invalid", "true")


def test_the_form_sends_what_the_editor_shows(page: Page, address: str) -> None:
    words(opened(page, address)).click()
    page.keyboard.type("Sala www.ngo.pl.")
    page.get_by_role("button", name="Send").click()
    link = '<a href="https://www.ngo.pl" rel="nofollow ugc noopener">www.ngo.pl</a>'
    answer = json.loads(page.locator("body").inner_text())
    assert answer == {"format": "html", "html": f"<p>Sala {link}.</p>"}


def test_without_the_editor_the_field_stays_and_speaks_markdown(
    browser: Browser, address: str
) -> None:
    page = browser.new_page()
    page.route("**/editor.js", lambda route: route.abort())
    page.goto(f"{address}?source={quote('<p><strong>Sala</strong></p>')}&format=html")
    expect(page.locator("rich-text")).to_have_attribute("data-state", "failed")
    expect(page.locator("textarea")).to_have_value("**Sala**")
    expect(page.locator(".rich-text__hint")).to_be_visible()
    page.close()


def test_without_javascript_one_edits_markdown(browser: Browser, address: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{address}?source={quote('<ul><li><p>Sala</p></li></ul>')}&format=html")
    expect(page.locator("textarea")).to_have_value("- Sala")
    expect(page.locator(".rich-text__hint")).to_be_visible()
    page.locator("textarea").fill("**Kuchnia**")
    page.get_by_role("button", name="Send").click()
    assert "<strong>Kuchnia</strong>" in page.locator("body").inner_text()
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_a_phone_has_room(
    browser: Browser, address: str, scheme: str
) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, color_scheme=scheme)
    page = opened(context.new_page(), address, "**Sala**\n\n- a\n\n> b\n\nwww.ngo.pl")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for button in page.locator(".rich-text__tool").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= TOUCH_TARGET_PX
    assert Axe().run(page).response["violations"] == []
    tool(page, "link").click()
    assert Axe().run(page).response["violations"] == []
    context.close()
