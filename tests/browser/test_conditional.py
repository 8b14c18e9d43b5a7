"""A guest's browser that has a page asks whether it is still right: what it then shows works.

Playwright says 200 of a page from the browser's cache, so what the server said is asked of
Chromium's network.
"""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.waiting import is_awake, open_strip_if_any
from tests.live.serving import Serving
from tests.proof import services

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The forum as it is run: pages are kept, static files bear their names of this release."""
    port = services.free_port()
    served = {"DEBUG": "false", "SITE_URL": f"http://localhost:{port}"}
    with Serving(tmp_path_factory.mktemp("forum"), port=port, **served) as forum:
        yield forum


@pytest.fixture
def thread(make, server):
    """The address of a thread by Bob, with one reply of his; somebody has read it before."""
    address = make(
        'thread = factories.a_thread(member("bob"), title="Sala we wtorki")\n'
        'factories.a_reply(member("bob"), thread, "Jest podjazd od podwórza.")\n'
        "print(thread.get_absolute_url())"
    ).strip()
    for _ in range(2):
        httpx.get(server.url(address))
    return address


class Network:
    """What the server answered to a page's browser when a page was asked for."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._documents: list[str] = []
        self._statuses: dict[str, int] = {}
        client = page.context.new_cdp_session(page)
        client.send("Network.enable")
        client.on("Network.requestWillBeSent", self._asked)
        client.on("Network.responseReceivedExtraInfo", self._answered)

    def _asked(self, event) -> None:
        if event["type"] == "Document":
            self._documents.append(event["requestId"])

    def _answered(self, event) -> None:
        self._statuses[event["requestId"]] = event["statusCode"]

    def status_of(self, path: str) -> int:
        """Opens the page and gives the status that the server answered with."""
        self._page.goto(path)
        is_awake(self._page)
        for _ in range(100):  # the browser tells it beside the page, not before
            if self._documents[-1] in self._statuses:
                return self._statuses[self._documents[-1]]
            self._page.wait_for_timeout(50)
        raise AssertionError(self._statuses)


def is_current(page: Page) -> None:
    expect(page.locator("live-state")).to_have_attribute("data-state", "current")


def reply(make, thread: str, words: str) -> None:
    pk = re.search(r"/threads/(\d+)/", thread)[1]
    make(
        "from forum.discussions.models import Thread\n"
        f'factories.a_reply(member("alice"), Thread.objects.get(pk={pk}), "{words}")'
    )


def test_a_confirmed_page_runs_stays_live_and_is_fresh_after_a_reply(visit, make, thread):
    guest = visit(None, "/")
    network, posts = Network(guest), guest.locator("#posts .post")
    assert [network.status_of(thread) for _ in range(3)] == [200, 304, 304]
    # The import map ran under the policy it came with, or nothing would be awake and current.
    is_current(guest)
    expect(posts).to_have_count(2)

    reply(make, thread, "Przyniesiemy krzesła.")
    expect(guest.locator("new-strip button")).to_be_visible()
    open_strip_if_any(guest)
    expect(posts.last).to_contain_text("Przyniesiemy krzesła.")

    assert [network.status_of(thread) for _ in range(2)] == [200, 304]
    expect(posts).to_have_count(3)
    expect(posts.last).to_contain_text("Przyniesiemy krzesła.")
    is_current(guest)


def test_the_form_of_a_confirmed_page_is_taken(visit, thread):
    guest = visit(None, thread)
    network = Network(guest)
    assert network.status_of(thread) == 304
    guest.get_by_role("button", name="English").click()
    expect(guest.locator("html")).to_have_attribute("lang", "en")
    expect(guest).to_have_url(re.compile(re.escape(thread)))
    assert network.status_of(thread) == 304
    guest.get_by_role("button", name="Polski").click()
    expect(guest.locator("html")).to_have_attribute("lang", "pl")


def test_who_logs_in_and_out_never_has_the_others_page(visit, sessions, server, thread):
    guest = visit(None, thread)
    network, viewer = Network(guest), guest.locator("html")
    assert network.status_of(thread) == 304
    cookie = {"name": "sessionid", "value": sessions["alice"], "url": server.origin}
    guest.context.add_cookies([cookie])
    for _ in range(2):
        assert network.status_of(thread) == 200
        expect(viewer).not_to_have_attribute("data-viewer", "")
    guest.context.clear_cookies(name="sessionid")
    assert [network.status_of(thread) for _ in range(2)] == [200, 304]
    expect(viewer).to_have_attribute("data-viewer", "")


def test_going_back_to_a_confirmed_page_finds_it_as_it_was_left(visit, thread):
    guest = visit(None, thread)
    network = Network(guest)
    assert network.status_of(thread) == 304
    assert network.status_of("/threads/") == 200
    guest.go_back()
    is_awake(guest)
    expect(guest.locator("#posts .post")).to_have_count(2)
    is_current(guest)
