"""How the server ends: nothing is cut that could be finished, and pages are told to come back."""

import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.client import PROBING, close_code, join, open_socket
from tests.live.serving import Serving

pytestmark = pytest.mark.server


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Serving]:
    """A server that the test ends."""
    with Serving(tmp_path, command=PROBING) as server:
        yield server


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_server_ends_at_once(own: Serving, number: signal.Signals) -> None:
    began = time.monotonic()
    assert own.stop(number) == 0
    assert time.monotonic() - began < 3
    assert "Traceback" not in own.log()


def test_pages_are_told_to_come_back(own: Serving) -> None:
    with open_socket(own) as page:
        join(page, probe_1=0)
        own.signal(signal.SIGTERM)
        assert close_code(page) == 4012
    assert own.wait() == 0


def test_a_running_request_is_answered_while_nobody_new_is_let_in(own: Serving) -> None:
    with socket.create_connection(("127.0.0.1", own.port), timeout=10) as slow:
        slow.sendall(b"GET /probe/slow?seconds=2 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(0.5)
        own.signal(signal.SIGTERM)
        time.sleep(0.5)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", own.port), timeout=10)
        answer = b""
        while chunk := slow.recv(4096):
            answer += chunk
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b'"slept"' in answer
    assert own.wait() == 0


def test_a_request_that_waits_at_the_door_is_answered(own: Serving) -> None:
    """The kernel has taken it and the server has not looked: a proxy would not send it again."""
    own.signal(signal.SIGSTOP)
    doors = [socket.create_connection(("127.0.0.1", own.port), timeout=10) for _ in range(20)]
    for door in doors:
        door.sendall(b"GET /probe/slow?seconds=0 HTTP/1.1\r\nHost: localhost\r\n\r\n")
    own.signal(signal.SIGTERM)
    own.signal(signal.SIGCONT)
    for door in doors:
        with door:
            assert door.recv(4096).startswith(b"HTTP/1.1 200 ")
    assert own.wait() == 0


def test_a_half_received_upload_does_not_crash_the_end(own: Serving) -> None:
    with socket.create_connection(("127.0.0.1", own.port), timeout=10) as upload:
        upload.sendall(
            b"POST /probe/size HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf"
        )
        time.sleep(0.3)
        assert own.stop() == 0
    assert "Traceback" not in own.log()


def test_a_request_that_does_not_end_is_cut_after_eight_seconds(own: Serving) -> None:
    with socket.create_connection(("127.0.0.1", own.port), timeout=20) as slow:
        slow.sendall(b"GET /probe/slow?seconds=50 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(0.3)
        began = time.monotonic()
        assert own.stop() == 0
    assert 7 < time.monotonic() - began < 13


def test_a_second_ctrl_c_ends_it_at_once(own: Serving) -> None:
    with socket.create_connection(("127.0.0.1", own.port), timeout=20) as slow:
        slow.sendall(b"GET /probe/slow?seconds=50 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(0.3)
        own.signal(signal.SIGINT)
        time.sleep(0.3)
        began = time.monotonic()
        own.signal(signal.SIGINT)
        assert own.wait() == 1
    assert time.monotonic() - began < 2
