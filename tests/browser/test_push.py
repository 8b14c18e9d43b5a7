"""A device is switched on in a real browser; its service worker shows what the forum pushes.

A browser's vendor gives the subscription and carries the message. Neither can be reached from
here, so a push service of our own stands in for both: it checks the forum's signature, decrypts,
and what came out is handed to the real service worker.
"""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from forum.notifications.push import sealing
from tests.browser.launching import launched
from tests.live.serving import Serving
from tests.notifications.push_service import PushService
from tests.proof.browser import find

pytestmark = pytest.mark.browser

PRIVATE_KEY = sealing.new_private_key()
# What the vendor's part of the browser answers.
SUBSCRIPTION = """
const given = {given};
let subscription = null;
PushManager.prototype.getSubscription = async () => subscription;
PushManager.prototype.subscribe = async (wish) => {{
  if (!wish.userVisibleOnly || !wish.applicationServerKey) throw new TypeError("refused");
  subscription = {{
    endpoint: given.endpoint,
    options: {{ applicationServerKey: null }},
    toJSON: () => ({{ endpoint: given.endpoint, keys: given.keys }}),
    unsubscribe: async () => true,
  }};
  sessionStorage.setItem("subscribed", "1");
  return subscription;
}};
if (sessionStorage.getItem("subscribed")) PushManager.prototype.subscribe({{
  userVisibleOnly: true, applicationServerKey: "x",
}});
"""
REPLY = """
from datetime import time
from django.utils import timezone
from forum.notifications import delivering
from forum.notifications.models import Channels, Delivery
from tests.notifications.world import wait_for_the_worker as wait
alice = member("alice")
Channels.objects.update_or_create(
    user=alice,
    defaults={"quiet_from": time(0), "quiet_until": time(0), "is_quiet_on_days_off": False},
)
thread = factories.a_thread(alice, title="Sala we wtorki")
wait()
factories.a_reply(member("bob"), thread, "Chętnie we wtorki.")
wait()
Delivery.objects.filter(user=alice).update(due_at=timezone.now())
delivering.sweep.call()
wait()
own = Delivery.objects.filter(user=alice, notification__place=f"thread.{thread.pk}")
print(json.dumps(list(own.order_by("pk").values_list("channel", "state"))))
"""
# What the browser shows of a message, within three seconds.
SHOWN = """async () => {
            const registration = await navigator.serviceWorker.ready;
            for (let wait = 0; wait < 60; wait += 1) {
                const [one] = await registration.getNotifications();
                if (one) return {title: one.title, body: one.body, tag: one.tag, data: one.data};
                await new Promise((resolve) => setTimeout(resolve, 50));
            }
        }"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The whole Chromium: the light one knows no push."""
    with launched(find()) as chromium:
        yield chromium


@pytest.fixture(scope="module")
def push_service():
    with PushService() as service:
        yield service


@pytest.fixture(scope="module")
def server(tmp_path_factory, push_service):
    environment = {"VAPID_PRIVATE_KEY": PRIVATE_KEY, "PUSH_TO_LOOPBACK": "true"}
    with Serving(tmp_path_factory.mktemp("forum"), **environment) as forum:
        yield forum


@pytest.fixture
def device(push_service):
    return push_service.new_device()


@pytest.fixture
def settings_page(visit, server, device):
    """Alice's settings in a browser that may show notifications."""
    page = visit("alice", "/")
    page.context.grant_permissions(["notifications"], origin=server.origin)
    keys = {"p256dh": device.key, "auth": device.secret}
    given = json.dumps({"endpoint": device.endpoint, "keys": keys})
    page.add_init_script(SUBSCRIPTION.format(given=given))
    page.goto("/notifications/settings/")
    return page


def test_a_device_is_switched_on_told_and_switched_off(
    settings_page, server, make, push_service, device
):
    page = settings_page
    page.locator("push-device button").click()
    row = page.locator("[data-device]")
    expect(row).to_have_count(1)
    expect(row.locator("[data-part=this]")).to_be_visible()
    expect(page.locator("push-device form")).to_be_hidden()
    assert json.loads(make(REPLY))[0] == ["push", "sent"]
    assert push_service.complaints == []
    (told,) = device.received
    assert told["body"] == "Chętnie we wtorki."
    # What comes before the worker is active is nobody's.
    assert page.evaluate("async () => Boolean((await navigator.serviceWorker.ready).active)")
    # Chromium's own tools drop a message now and then; the same tag is the same notification.
    shown = None
    for _ in range(6):
        push_to_worker(page, server.origin, told)
        shown = page.evaluate(SHOWN)
        if shown is not None:
            break
    assert shown == {
        "title": told["title"],
        "body": told["body"],
        "tag": told["tag"],
        "data": {"url": told["url"]},
    }
    row.locator("button").click()
    expect(page.locator("[data-device]")).to_have_count(0)
    expect(page.locator("push-device form")).to_be_visible()


def test_the_worker_has_the_whole_forum_as_its_scope(settings_page, server):
    page = settings_page
    page.locator("push-device button").click()
    expect(page.locator("[data-device]")).to_have_count(1)
    scope = page.evaluate("async () => (await navigator.serviceWorker.ready).scope")
    assert scope == f"{server.origin}/"


def test_without_scripts_the_page_says_what_is_missing(visit):
    page = visit("bob", "/notifications/settings/", java_script_enabled=False)
    expect(page.locator("#devices noscript p")).to_be_visible()
    expect(page.locator("push-device form")).to_be_hidden()


def push_to_worker(page, origin, told):
    """Hands the message to the browser as the vendor's service would."""
    session = page.context.new_cdp_session(page)
    found = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(each["registrationId"] for each in event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    page.wait_for_function("navigator.serviceWorker.ready")
    while not found:
        page.wait_for_timeout(50)
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": origin, "registrationId": found[-1], "data": json.dumps(told)},
    )
