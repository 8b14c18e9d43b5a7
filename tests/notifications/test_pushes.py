"""Devices are told first; where none can be reached the mail takes over."""

from datetime import timedelta

import pytest
from django.test import Client

from forum.lib.answers import Refused
from forum.notifications.actions import mark_read, reaching
from forum.notifications.models import Delivery, Device, Notification
from forum.notifications.push import sealing
from forum.notifications.push.sending import Address
from tests.cast import just_logged_in
from tests.factories import a_reply, a_thread
from tests.notifications.deliveries import ON_SCREEN, WINDOW, deliveries
from tests.notifications.push_service import PushedDevice

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(push_service, clock, outbox, work, alice):
    thread = a_thread(alice, title="Sala na próby")
    work()
    return thread


@pytest.fixture
def browser(alice, thread) -> Client:
    """Alice's, logged in, which the forum has noticed."""
    browser = just_logged_in(alice)
    browser.get("/account/")
    return browser


def switch_on(browser, device):
    fields = {"endpoint": device.endpoint, "key": device.key, "secret": device.secret}
    agent = "Mozilla/5.0 (Android 15) Gecko/140.0 Firefox/140.0"
    return browser.post("/notifications/devices/", fields, headers={"user-agent": agent})


@pytest.fixture
def device(browser, push_service) -> PushedDevice:
    device = push_service.new_device()
    assert switch_on(browser, device).status_code == 303
    return device


@pytest.fixture
def later(clock, work):
    def pass_by(time=ON_SCREEN):
        work()
        clock.shift(time)
        work()

    return pass_by


def test_a_device_shows_what_came(device, thread, alice, bob, later, outbox):
    a_reply(bob, thread, "Chętnie\n\nwe wtorki. " + "słowo " * 100)
    later(timedelta(seconds=5))
    assert device.received == []
    later()
    (told,) = device.received
    assert told["body"].startswith("Chętnie we wtorki. słowo")
    assert len(told["body"]) <= 180
    assert told["url"].startswith(f"/threads/{thread.pk}/")
    assert told["lang"] == "pl"
    assert device.headers[0]["topic"] == told["tag"]
    assert deliveries(alice) == [("push", "sent"), ("mail", "waiting")]
    assert Device.objects.get().name == "Firefox, Android"
    later(WINDOW)
    assert len(outbox) == 1  # not seen there either


def test_what_was_seen_after_the_push_is_not_mailed(device, thread, alice, bob, later, outbox):
    a_reply(bob, thread)
    later()
    mark_read(member=alice, pks=[Notification.objects.get(user=alice).pk])
    later(WINDOW)
    assert outbox == []
    assert deliveries(alice) == [("push", "sent"), ("mail", "dropped")]


def test_what_is_seen_on_the_screen_rings_nowhere(device, thread, alice, bob, later, work):
    a_reply(bob, thread)
    work()
    mark_read(member=alice, pks=[Notification.objects.get(user=alice).pk])
    later()
    assert device.received == []


def test_quick_answers_ring_once_and_are_counted(device, thread, alice, bob, later, work):
    a_reply(bob, thread, "Jeden.")
    later()
    a_reply(bob, thread, "Dwa.")
    a_reply(bob, thread, "Trzy.")
    later()
    assert len(device.received) == 1
    later(timedelta(minutes=3))
    first, second = device.received
    assert second["tag"] == first["tag"]
    assert second["title"] != first["title"]
    assert second["body"] == "Trzy."


def test_at_night_nothing_rings(device, thread, bob, clock, later):
    clock.shift(timedelta(hours=11))
    a_reply(bob, thread)
    later()
    assert device.received == []
    later(timedelta(hours=10))
    assert len(device.received) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_dead_device_is_forgotten_and_the_mail_takes_over(
    device, thread, alice, bob, later, outbox, status
):
    device.status = status
    a_reply(bob, thread)
    later()
    assert not Device.objects.exists()
    assert deliveries(alice) == [("push", "failed"), ("mail", "waiting")]
    later(WINDOW)
    assert len(outbox) == 1
    a_reply(bob, thread, "Jeszcze.")
    later()
    assert deliveries(alice)[-1] == ("mail", "waiting")  # no device is left


def test_one_device_that_takes_it_is_enough(
    device, browser, push_service, thread, alice, bob, later
):
    gone = push_service.new_device(410)
    switch_on(browser, gone)
    a_reply(bob, thread)
    later()
    assert len(device.received) == 1
    assert deliveries(alice)[0] == ("push", "sent")
    assert [each.endpoint for each in Device.objects.all()] == [device.endpoint]


def test_a_service_in_trouble_is_tried_again_then_the_mail_goes(
    device, thread, alice, bob, clock, work, outbox
):
    device.status = 503
    a_reply(bob, thread)
    work()
    for _ in range(12):
        clock.shift(timedelta(minutes=3))
        work()
    assert Delivery.objects.get(channel="push").state == "failed"
    assert Device.objects.exists()
    assert len(outbox) == 1


def test_a_service_that_recovers_is_told(device, thread, alice, bob, clock, work):
    device.status = 503
    a_reply(bob, thread)
    work()
    clock.shift(ON_SCREEN)
    work()
    device.status = 201
    clock.shift(timedelta(minutes=1))
    work()
    assert len(device.received) == 1


def test_what_may_not_be_seen_any_more_is_not_pushed(device, thread, alice, bob, later, work):
    a_reply(bob, thread)
    work()
    thread.category.readers = "staff"
    thread.category.save()
    later()
    assert device.received == []


def test_a_device_where_one_logged_out_is_silent(device, browser, thread, alice, bob, later):
    browser.post("/accounts/logout/")
    a_reply(bob, thread)
    later()
    assert device.received == []
    assert deliveries(alice) == [("mail", "waiting")]


def test_a_device_whose_session_was_ended_is_forgotten(device, browser, alice):
    browser.post("/accounts/sessions/others/end/")
    assert Device.objects.exists()  # it was this one
    other = just_logged_in(alice)
    other.get("/account/")
    other.post("/accounts/sessions/others/end/")
    assert not Device.objects.exists()


def test_with_another_key_of_the_forum_a_device_is_of_no_use(device, settings):
    settings.VAPID_PRIVATE_KEY = sealing.new_private_key()
    assert not Device.objects.usable().exists()
    assert Device.objects.exists()


def test_the_same_browser_is_one_device(device, browser):
    assert switch_on(browser, device).status_code == 303
    assert Device.objects.count() == 1


def test_a_device_belongs_to_whoever_switched_it_on_last(device, bob):
    browser = just_logged_in(bob)
    browser.get("/account/")
    switch_on(browser, device)
    assert Device.objects.get().user == bob


def test_a_device_is_switched_off_by_its_member_only(device, browser, bob):
    pk = Device.objects.get().pk
    stranger = just_logged_in(bob)
    assert stranger.post(f"/notifications/devices/{pk}/forget/").status_code == 303
    assert Device.objects.exists()
    browser.post(f"/notifications/devices/{pk}/forget/")
    browser.post(f"/notifications/devices/{pk}/forget/")
    assert not Device.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "http://10.0.0.1/x"},
        {"endpoint": "https://user@push.example.org/"},
        {"endpoint": ""},
        {"key": "nonsense"},
        {"secret": "AAAA"},
    ],
    ids=lambda wrong: next(iter(wrong.items()))[0] + "=" + next(iter(wrong.values())),
)
def test_what_is_no_device_is_not_taken(browser, push_service, wrong):
    device = push_service.new_device()
    fields = {"endpoint": device.endpoint, "key": device.key, "secret": device.secret}
    answer = browser.post("/notifications/devices/", {**fields, **wrong})
    assert answer.status_code == 422
    assert not Device.objects.exists()


def test_devices_of_one_member_are_few(device, browser, push_service, alice):
    for _ in range(9):
        assert switch_on(browser, push_service.new_device()).status_code == 303
    assert switch_on(browser, push_service.new_device()).status_code == 403
    assert switch_on(browser, device).status_code == 303  # one that is known may come again
    assert Device.objects.count() == 10


def test_without_a_key_no_device_is_taken(browser, push_service, settings, alice):
    device = push_service.new_device()
    settings.VAPID_PRIVATE_KEY = ""
    with pytest.raises(Refused):
        reaching.add_device(
            member=alice,
            session_key=browser.session.session_key,
            address=Address(device.endpoint, device.key, device.secret),
            name="Firefox",
        )


def test_the_suspended_add_no_device(erin, browser, push_service):
    with pytest.raises(Refused):
        reaching.add_device(
            member=erin, session_key="x", address=Address("https://x.pl/", "", ""), name="x"
        )


def test_the_worker_of_browsers_is_served_at_the_root(client):
    answer = client.get("/service-worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer["Cache-Control"]
    assert b'addEventListener("push"' in answer.content
