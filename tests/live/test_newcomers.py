"""The door at the end: who stands in it comes in, who comes later goes elsewhere."""

import socket
import sys

import pytest

from forum_site.launching import newcomers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a filter of Linux")


def test_connections_that_were_begun_arrive_and_new_ones_are_not_begun() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        early = socket.create_connection(door.getsockname(), timeout=5)
        newcomers.overlook(door)
        early.sendall(b"POST")  # the kernel has accepted it, the server has not
        with pytest.raises(TimeoutError):
            socket.create_connection(door.getsockname(), timeout=0.3)
        door.settimeout(5)
        inside, _ = door.accept()
        with inside, early:
            assert inside.recv(10) == b"POST"
            inside.sendall(b"200")
            assert early.recv(10) == b"200"


def test_a_door_that_is_not_overlooking_lets_in() -> None:
    """That the refusal above comes from the filter."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        socket.create_connection(door.getsockname(), timeout=0.3).close()


def test_where_there_is_no_such_filter_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newcomers, "SO_ATTACH_FILTER", 9_999)
    with socket.create_server(("127.0.0.1", 0)) as door:
        newcomers.overlook(door)
        socket.create_connection(door.getsockname(), timeout=1).close()
