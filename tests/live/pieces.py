"""Runs pieces of Python inside the forum, one after the other, in a process of its own.

Starting Python and Django takes seconds: tests which prepare something for a running server start
one such process and send it piece after piece.

    with Pieces(environment) as pieces:
        pieces.run("print(6 * 7)")  # "42"

This file is both ends: the class for the tests, and `main()` for the process.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import threading
import traceback
from pathlib import Path
from typing import Self

import django
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import connections
from django.utils import translation

ROOT = Path(__file__).resolve().parent.parent.parent
PIECE_S = 120  # after that a piece is taken to hang
END_S = 10


class Pieces:
    """The end of the tests: starts the process when it is first needed, and again if it died."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._process: subprocess.Popen[str] | None = None

    def run(self, code: str) -> str:
        """What the piece prints; an error of its own is an AssertionError with its traceback."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        hangs = threading.Timer(PIECE_S, process.kill)
        hangs.start()
        try:
            process.stdin.write(json.dumps(code) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        finally:
            hangs.cancel()
        assert answer, f"The process ended over this piece:\n{code}"
        told = json.loads(answer)
        assert not told["error"], told["error"]
        return told["printed"]

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()  # it ends at the end of its input
        try:
            process.wait(END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _running(self) -> subprocess.Popen[str]:
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.live.pieces"],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        return self._process


def main() -> None:
    """The end of the process: a line of JSON in, a line of JSON out, until the input ends."""
    # Whatever else prints must not stand between the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    django.setup()
    for line in sys.stdin:
        answers.write(json.dumps(_run(json.loads(line))) + "\n")
        answers.flush()


def _run(code: str) -> dict[str, str]:
    printed, error = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(printed):
            code_of_ours = compile(code, "<piece>", "exec")
            exec(code_of_ours, {"__name__": "__piece__"})  # noqa: S102  # what the tests send
    except Exception:  # whatever a piece does wrong is told to its test
        error = f"{traceback.format_exc()}\nThe piece:\n{code}"
    finally:
        _forget()
    return {"printed": printed.getvalue().strip(), "error": error}


def _forget() -> None:
    """The next piece begins as in a fresh process: no connection, no language, no memory.

    Only then may the database be dropped or started again in between. A cache in Redis is the
    server's own and stays.
    """
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
    for cache in caches.all(initialized_only=True):
        if isinstance(cache, LocMemCache):
            cache.clear()
    translation.deactivate()


if __name__ == "__main__":
    main()
