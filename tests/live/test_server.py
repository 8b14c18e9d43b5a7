"""The launcher's server: its bounds and its end, seen by a clean-room client."""

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.live.client import PROBING, close_code, frame, join, open_socket
from tests.live.serving import Serving

pytestmark = pytest.mark.server

LIMIT_BYTES = 3_000_000


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """One server for the tests that leave it running."""
    place = tmp_path_factory.mktemp("probing")
    with Serving(
        place,
        command=PROBING,
        MAX_BODY_BYTES=str(LIMIT_BYTES),
        MAX_CONCURRENT_REQUESTS="2",
        TRUSTED_PROXY_COUNT="1",
        LIVE_SOCKETS_PER_ADDRESS="2000",
    ) as server:
        yield server


def raw(server: Serving, *parts: bytes) -> bytes:
    """What the server answers to bytes sent as they are, until it closes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        try:
            for part in parts:
                connection.sendall(part)
        except ConnectionError:
            pass
        answer = b""
        while chunk := connection.recv(65_536):
            answer += chunk
        return answer


# --- Bounds -------------------------------------------------------------------------------------


def test_a_body_within_the_limit_arrives_whole(shared: Serving) -> None:
    answer = httpx.post(shared.url("/probe/size"), content=b"x" * (LIMIT_BYTES - 1))
    assert answer.json() == LIMIT_BYTES - 1


def test_a_declared_body_above_the_limit_is_answered_413_before_it_is_sent(
    shared: Serving,
) -> None:
    head = b"POST /probe/size HTTP/1.1\r\nHost: localhost\r\nContent-Length: 400000000\r\n\r\n"
    began = time.monotonic()
    answer = raw(shared, head, b"x" * 1000)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert "za dużo naraz".encode() in answer
    assert time.monotonic() - began < 5


def test_a_client_that_goes_on_sending_still_reads_the_413(shared: Serving) -> None:
    answer = httpx.post(shared.url("/probe/size"), content=b"x" * (LIMIT_BYTES + 100_000))
    assert answer.status_code == 413


def test_a_client_that_asks_before_sending_is_not_told_to_continue(shared: Serving) -> None:
    answer = raw(
        shared,
        b"POST /probe/size HTTP/1.1\r\nHost: localhost\r\nContent-Length: 400000000\r\n"
        b"Expect: 100-continue\r\n\r\n",
    )
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"100 Continue" not in answer


def test_a_chunked_body_is_cut_where_it_passes_the_limit(shared: Serving) -> None:
    chunk = b"186a0\r\n" + b"x" * 100_000 + b"\r\n"
    head = b"POST /probe/size HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert raw(shared, head, *([chunk] * 60)).startswith(b"HTTP/1.1 413 ")
    assert httpx.get(shared.url("/healthz")).text == "ok\n"


def test_a_chunked_body_within_the_limit_arrives_whole(shared: Serving) -> None:
    answer = httpx.post(shared.url("/probe/size"), content=iter([b"x" * 1000] * 100))
    assert answer.json() == 100_000


def test_what_was_loaded_is_not_looked_through_for_garbage(shared: Serving) -> None:
    assert httpx.get(shared.url("/probe/frozen")).json() > 50_000


def test_the_mount_point_cannot_be_forged(shared: Serving) -> None:
    answer = httpx.get(shared.url("/probe/scope"), headers={"Daphne-Root-Path": "/evil"})
    assert answer.json()["root_path"] == ""


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the left one was sent by the client
        ("", "127.0.0.1"),
    ],
)
def test_the_address_of_the_client_is_what_the_trusted_proxy_saw(
    shared: Serving, forwarded: str, client: str
) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    answer = httpx.get(shared.url("/probe/scope"), headers=headers)
    assert answer.json()["client"] == client


# --- Sockets ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://evil.example",
        "http://localhost",
        "http://localhost:1",
        "file://",
        "http://localhost.evil.example:{port}",
    ],
)
def test_a_foreign_or_missing_origin_is_refused(shared: Serving, origin: str | None) -> None:
    if origin:
        origin = origin.format(port=shared.port)
    with pytest.raises(InvalidStatus) as refused:
        open_socket(shared, origin=origin)
    assert refused.value.response.status_code == 403


def test_a_socket_at_another_address_is_refused(shared: Serving) -> None:
    with pytest.raises(InvalidStatus) as refused:
        open_socket(shared, "/elsewhere/")
    assert refused.value.response.status_code == 403


def test_a_join_is_answered_with_the_current_number(shared: Serving) -> None:
    httpx.get(shared.url("/probe/set?pk=1&seq=7"))
    with open_socket(shared) as page:
        assert join(page, probe_1=7) == {"type": "now", "stream": "probe.1", "seq": 7}


def test_a_stream_that_one_may_not_hear_is_refused_and_stays_silent(shared: Serving) -> None:
    with open_socket(shared) as page:
        assert join(page, probe_999=0) == {"type": "refused", "stream": "probe.999"}
        assert join(page, nothing_1=0) == {"type": "refused", "stream": "nothing.1"}
        assert join(page, probe_2=0)["type"] == "now"
        httpx.get(shared.url("/probe/announce?pk=999&seq=1&html=secret"))
        httpx.get(shared.url("/probe/announce?pk=2&seq=1&html=open"))
        assert frame(page)["stream"] == "probe.2"


def test_a_change_comes_in_the_language_of_the_page(shared: Serving) -> None:
    with (
        open_socket(shared, "/live/?language=pl") as polish,
        open_socket(shared, "/live/?language=en") as english,
        open_socket(shared, "/live/?language=xx") as unknown,
    ):
        for page in (polish, english, unknown):
            join(page, probe_3=0)
        httpx.get(shared.url("/probe/announce?pk=3&seq=1&html=post"))
        assert frame(polish) == {
            "type": "change",
            "stream": "probe.3",
            "seq": 1,
            "html": "pl post",
        }
        assert frame(english)["html"] == "en post"
        assert frame(unknown)["html"] == "pl post"


def test_a_thread_that_is_not_the_loops_own_reaches_pages_at_once(shared: Serving) -> None:
    """Told past the loop, the loop would notice at its next tick, once a second."""
    took = []
    with open_socket(shared) as page:
        join(page, probe_4=0)
        for seq in range(1, 21):
            began = time.monotonic()
            httpx.get(shared.url(f"/probe/announce?pk=4&seq={seq}&delay=0.1"))
            assert frame(page)["seq"] == seq
            took.append(time.monotonic() - began)
    assert sorted(took)[5] < 0.1 + 0.1, took  # on a busy machine not every one is quick


def test_a_lost_hint_is_healed_by_the_heartbeat(shared: Serving) -> None:
    with open_socket(shared) as page:
        assert join(page, probe_5=0)["seq"] == 0
        httpx.get(shared.url("/probe/set?pk=5&seq=3"))
        assert frame(page) == {"type": "now", "stream": "probe.5", "seq": 3}


def test_a_page_that_left_a_stream_hears_no_more_of_it(shared: Serving) -> None:
    with open_socket(shared) as page:
        join(page, probe_6=0)
        join(page, probe_7=0)
        page.send(json.dumps({"leave": ["probe.6"]}))
        join(page, probe_8=0)
        for pk in (6, 7):
            httpx.get(shared.url(f"/probe/announce?pk={pk}&seq=1"))
        assert frame(page)["stream"] == "probe.7"


@pytest.mark.parametrize(
    "text", ["", "no json", "[]", '{"join": ["thread.1"]}', '{"join":{"x":1}}']
)
def test_a_page_that_breaks_the_protocol_is_closed(shared: Serving, text: str) -> None:
    with open_socket(shared) as page:
        page.send(text)
        assert close_code(page) == 4000


def test_a_message_above_8_kb_is_refused(shared: Serving) -> None:
    with open_socket(shared) as page:
        page.send("x" * 9_000)
        assert close_code(page) in {1009, 4000}


def test_more_streams_than_a_page_needs_are_too_many(shared: Serving) -> None:
    with open_socket(shared) as page:
        page.send(json.dumps({"join": {f"probe.{pk}": 0 for pk in range(100, 301)}}))
        assert close_code(page) == 4029


def test_a_page_that_joins_without_end_is_closed(shared: Serving) -> None:
    with open_socket(shared) as page:
        for _ in range(40):
            page.send(json.dumps({"join": {"probe.1": 0}}))
        answers = []
        with contextlib.suppress(ConnectionClosed):
            answers.extend(page)
        assert len(answers) < 40
        assert page.close_code == 4029


def test_one_address_holds_so_many_sockets(tmp_path: Path) -> None:
    with Serving(tmp_path, command=PROBING, LIVE_SOCKETS_PER_ADDRESS="2") as server:
        with open_socket(server) as first, open_socket(server), open_socket(server) as third:
            assert close_code(third) == 4029
            assert join(first, probe_1=0)["type"] == "now"
        with open_socket(server) as later:
            assert join(later, probe_1=0)["type"] == "now"


def test_a_page_that_does_not_read_is_noticed(shared: Serving) -> None:
    with open_socket(shared, "/flood/", max_size=None) as page:
        # The client's own buffers fill up, then the system's, then the server's.
        end = time.monotonic() + 20
        while "flooded" not in shared.log() and time.monotonic() < end:
            time.sleep(0.1)
        assert "flooded: written=" in shared.log()
        unsent = int(shared.log().rpartition("unsent=")[2].split()[0])
        assert 512 * 1024 <= unsent < 2**20
        page.close_timeout = 0


def test_a_thousand_pages_join_and_hear_a_change(shared: Serving) -> None:
    pages = []
    try:
        began = time.monotonic()
        for _ in range(1_000):
            page = socket.create_connection(("127.0.0.1", shared.port), timeout=30)
            page.sendall(_handshake(shared))
            pages.append(page)
        for page in pages:
            _until(page, b"\r\n\r\n")
            page.sendall(_masked(b'{"join":{"probe.50":0}}'))
        for page in pages:
            assert _until(page, b"}") == b'{"type":"now","stream":"probe.50","seq":0}'
        joined = time.monotonic() - began
        began = time.monotonic()
        httpx.get(shared.url("/probe/announce?pk=50&seq=1"))
        for page in pages:
            assert _until(page, b"}").endswith(b'"seq":1}')
        told = time.monotonic() - began
    finally:
        for page in pages:
            page.close()
    assert joined < 30
    assert told < 3


def _handshake(server: Serving) -> bytes:
    return (
        f"GET /live/ HTTP/1.1\r\nHost: localhost:{server.port}\r\nOrigin: {server.origin}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    ).encode()


def _masked(text: bytes) -> bytes:
    """A text frame as a client sends it, with a mask of zeros."""
    return bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text


def _until(page: socket.socket, end: bytes) -> bytes:
    """The bytes up to the mark, without a frame's two bytes of head."""
    received = b""
    while not received.endswith(end):
        chunk = page.recv(4096)
        assert chunk, received
        received += chunk
    return received[2:] if received[:1] == b"\x81" else received
