"""What a member says about hours and mails; what a stranger may not."""

from datetime import time

import pytest

from forum.notifications.models import Channels
from tests.cast import just_logged_in

pytestmark = pytest.mark.django_db

USUAL = {
    "by_mail": "on",
    "by_letter": "on",
    "has_quiet_hours": "on",
    "quiet_from": "21:30",
    "quiet_until": "06:00",
    "is_quiet_on_days_off": "on",
}


def test_hours_and_mails_are_kept(alice):
    browser = just_logged_in(alice)
    assert browser.post("/notifications/channels/", USUAL).status_code == 303
    kept = Channels.objects.get(user=alice)
    assert (kept.quiet_from, kept.quiet_until) == (time(21, 30), time(6))
    assert kept.by_mail
    assert 'value="21:30"' in browser.get("/notifications/settings/").content.decode()


def test_without_quiet_hours_every_hour_is_open(alice):
    browser = just_logged_in(alice)
    browser.post("/notifications/channels/", {"by_letter": "on"})
    kept = Channels.objects.get(user=alice)
    assert kept.quiet_from == kept.quiet_until
    assert not kept.by_mail
    assert not kept.is_quiet_on_days_off
    page = browser.get("/notifications/settings/").content.decode()
    assert 'value="20:00"' in page  # offered for the day they are wanted again


@pytest.mark.parametrize("wrong", ["", "25:00", "noc"])
def test_an_hour_that_is_none_comes_back(alice, wrong):
    answer = just_logged_in(alice).post("/notifications/channels/", {**USUAL, "quiet_from": wrong})
    assert answer.status_code == 422
    assert not Channels.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "/notifications/channels/",
        "/notifications/channels/again/",
        "/notifications/devices/",
        "/notifications/devices/1/forget/",
        "/notifications/desk/letter/",
        "/notifications/desk/letter/mail/",
    ],
)
def test_a_guest_is_asked_to_log_in(client, path):
    answer = client.get(path) if "desk" in path else client.post(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
