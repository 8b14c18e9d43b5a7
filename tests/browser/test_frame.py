"""The frame of every page in two browsers: who reads, in which language, under the policy."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_member_and_a_guest_read_side_by_side(visit):
    alice, guest = visit("alice"), visit(None)
    assert alice.locator("html").get_attribute("data-viewer")
    assert guest.locator("html").get_attribute("data-viewer") == ""


def test_the_first_page_is_polish_whatever_the_browser_wishes(visit):
    guest = visit(None, locale="en-US")
    expect(guest.locator("html")).to_have_attribute("lang", "pl")


def test_an_inline_script_would_be_refused_and_noticed(visit, complaints):
    guest = visit(None)
    refused = guest.evaluate(
        """() => new Promise((resolve) => {
            document.addEventListener("securitypolicyviolation", () => resolve(true));
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            document.body.append(script);
            setTimeout(() => resolve(false), 1000);
        })"""
    )
    assert refused
    assert guest.evaluate("window.ran") is None
    assert complaints
    complaints.clear()


def test_what_is_made_inside_the_forum_is_on_the_page(visit, make):
    title = "Sala we wtorki"
    address = make(f'print(factories.a_thread(member("bob"), title="{title}").get_absolute_url())')
    expect(visit("alice", address).get_by_role("heading", level=1)).to_have_text(title)
