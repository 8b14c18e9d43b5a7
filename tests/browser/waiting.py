"""What a test waits for, where a person would look before going on."""

import re

from playwright.sync_api import Page, expect

PATIENCE_MS = 20_000  # a busy machine; what is true at once costs nothing
# What is hidden from this reader gets no script, nor does the state of a page that is not live.
IS_AWAKE = """() => !document.querySelector(
  ":not(:defined, [hidden], [hidden] *, live-state:not([data-current]))"
)"""
OPEN_STRIP = """() => {
  const strip = document.querySelector("new-strip [data-part=here]");
  if (strip?.checkVisibility()) strip.click();
}"""


def is_awake(page: Page) -> None:
    """Every element that is seen has its script: a key or a click now finds who it is meant for."""
    page.wait_for_function(IS_AWAKE)


def is_saved(page: Page) -> None:
    """The server has all of the unsent text."""
    expect(page.locator("[data-part=kept]")).to_have_text(re.compile(r"\d\d:\d\d"))
    # The line tells of the last saving; what was typed since then would go with the goodbye.
    expect(page.locator("[data-ahead]")).to_have_count(0)


def open_strip_if_any(page: Page) -> None:
    """Show the new posts that wait, in one step: the strip may go while it is looked for."""
    page.evaluate(OPEN_STRIP)
