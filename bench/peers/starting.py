"""Starts a peer's web server as a process, and ends it."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

START_S = 120
STOP_S = 20


@dataclass(frozen=True, slots=True)
class Command:
    """How a server is started: words, where, with what in its environment, its log's place."""

    words: list[str]
    cwd: Path
    environment: dict[str, str]
    log: Path


def free_port() -> int:
    """A port nobody listens at, as the system gives it."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextlib.contextmanager
def started(command: Command, port: int, path: str) -> Iterator[int]:
    """The server, from when this path is answered until the context ends; its pid."""
    with command.log.open("w") as log:
        process = subprocess.Popen(
            command.words,
            cwd=command.cwd,
            env={**os.environ, **command.environment},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_it_answers(process, f"http://localhost:{port}{path}", command.log)
        yield process.pid
    finally:
        _end(process)


def _wait_until_it_answers(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(url, timeout=30).status_code == httpx.codes.OK:
                return
        time.sleep(0.2)
    raise SystemExit(f"{url} was not answered:\n{log.read_text()[-4000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Its whole session: the server and the workers it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
