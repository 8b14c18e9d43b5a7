"""A passkey of a virtual device: added, taken as the only proof at the login, and removed."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def give_device(window):
    device = window.context.new_cdp_session(window)
    device.send("WebAuthn.enable")
    answer = device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return device, answer["authenticatorId"]


@pytest.fixture
def bob(visit: Visit):
    window = visit("bob", "/accounts/2fa/webauthn/add/")
    window.device, window.device_id = give_device(window)
    return window


def log_out(window):
    window.goto("/accounts/logout/")
    window.locator("main form button[type=submit]").click()
    expect(window.locator(".masthead__entry")).to_be_visible()


def test_a_passkey_logs_in_alone_until_it_is_removed(bob):
    bob.locator("pass-key button").click()
    bob.wait_for_url("**/recovery-codes/")
    expect(bob.locator(".codes li")).to_have_count(10)
    log_out(bob)
    bob.goto("/accounts/login/")
    bob.locator("pass-key button").click()
    expect(bob.locator(".masthead__me")).to_be_visible()
    # Logging in with it is proof enough for what matters.
    bob.goto("/account/erase/")
    expect(bob.locator("h1")).to_have_text("Usuń konto")
    bob.goto("/accounts/2fa/webauthn/")
    bob.get_by_role("link", name="Usuń: Klucz dostępu 1").click()
    bob.locator("main form button[type=submit]").click()
    expect(bob.locator("main")).to_contain_text("Nie ma jeszcze żadnego klucza")
    log_out(bob)
    bob.goto("/accounts/login/")
    bob.locator("pass-key button").click()
    expect(bob.locator(".messages")).to_contain_text("Forum nie zna tego klucza")
    expect(bob.locator(".masthead__entry")).to_be_visible()


def test_a_device_that_refuses_leaves_a_sentence_and_the_form(bob):
    bob.device.send(
        "WebAuthn.setUserVerified", {"authenticatorId": bob.device_id, "isUserVerified": False}
    )
    bob.locator("pass-key button").click()
    expect(bob.locator("pass-key [role=alert]")).to_contain_text("Urządzenie nie podało klucza")
    expect(bob.locator("pass-key button")).to_be_enabled()
