"""The changes door: what every page reads after a gap, and a page without a socket lives on."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from forum.live import streams
from tests.live.probes import MemoryStream

pytestmark = pytest.mark.django_db


@pytest.fixture
def memory() -> Iterator[MemoryStream]:
    stream = MemoryStream()
    stream.numbers[1] = 17
    streams.register(stream)
    yield stream
    streams._kinds.pop("memory")


def test_it_tells_what_changed_since_a_number(client: Client, memory: MemoryStream) -> None:
    address = reverse("live:changes", args=["memory.1"])
    assert address == "/live/memory.1/changes/"
    answer = client.get(address, {"since": "12"})
    assert answer.json() == {
        "stream": "memory.1",
        "seq": 17,
        "html": "<p>since 12</p>",
        "more": False,
    }
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("since", [None, "", "x", "-1", "1.5", "٣", "9" * 19])
def test_a_bad_number_is_answered_with_a_sentence(
    client: Client, memory: MemoryStream, since: str | None
) -> None:
    answer = client.get("/live/memory.1/changes/", {} if since is None else {"since": since})
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_who_may_not_listen_finds_nothing(client: Client, memory: MemoryStream) -> None:
    assert client.get("/live/memory.1/changes/?since=0").status_code == 200
    memory.forbidden.add((AnonymousUser().pk, 1))
    assert client.get("/live/memory.1/changes/?since=0").status_code == 404


@pytest.mark.parametrize("stream", ["unknown.1", "memory.x", "memory", "thread.999999"])
def test_an_unknown_stream_is_not_found(client: Client, memory: MemoryStream, stream: str) -> None:
    assert client.get(f"/live/{stream}/changes/?since=0").status_code == 404


def test_it_only_reads(client: Client, memory: MemoryStream) -> None:
    assert client.post("/live/memory.1/changes/?since=0").status_code == 405


def test_the_socket_is_no_page(client: Client) -> None:
    answer = client.get("/live/")
    assert answer.status_code == 426
    assert answer.headers["Upgrade"] == "websocket"
