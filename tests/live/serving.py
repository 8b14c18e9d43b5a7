"""The forum's own launcher as a process, for tests that need the real server.

    with Serving(tmp_path) as forum:
        httpx.get(forum.url("/"))

It runs on SQLite and in memory, or on DATABASE_URL and REDIS_URL where the tests do: there each
Serving makes a database of its own and drops it at the end, unless it is given another's. It begins
with a copy of a migrated one, unless it is to begin from nothing.
"""

import contextlib
import os
import queue
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Self

from tests.live import preparing
from tests.live.pieces import Pieces

ROOT = Path(__file__).resolve().parent.parent.parent
START_S = 60
STOP_S = 25
ADDRESS = re.compile(r"http://(?:localhost|[\d.]+):(\d+)/")
NEVER_INHERITED = ("HOST", "PORT", "SITE_URL", "TRUSTED_ORIGINS", "ALLOWED_HOSTS", "SECRET_KEY")


class Serving:
    """One `manage.py up` (or another command of ours) with a data directory of its own."""

    def __init__(
        self,
        data_dir: Path,
        *,
        command: tuple[str, ...] = ("manage.py", "up", "--no-demo"),
        port: int = 0,
        from_nothing: bool = False,
        **environment: str,
    ) -> None:
        self.data_dir = data_dir
        self.port = port
        self._command = command
        self._process: subprocess.Popen[str] | None = None
        self._from_nothing = from_nothing
        self._has_a_database = False
        self._database = ""
        self._shares_a_database = "DATABASE_URL" in environment
        self._pieces: Pieces | None = None
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in NEVER_INHERITED},
            "DJANGO_SETTINGS_MODULE": "forum_site.settings",
            "DATA_DIR": str(data_dir),
            "DEBUG": "true",
            # The cast writes at once; the browser test of what waits turns this on.
            "GUARD_NEWCOMERS": "false",
            "PYTHONUNBUFFERED": "1",
            **environment,
        }

    # --- Life -----------------------------------------------------------------------------------

    def start(self) -> Self:
        """Start and wait until the server answers; again after stop or kill, on the same port."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self._make_database()
        with self.log_path.open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self._command, "--port", str(self.port)],
                cwd=ROOT,
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        self.lines: list[str] = []
        self._printed: queue.Queue[str | None] = queue.Queue()
        self._reading = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reading.start()
        self.port = self._printed_port()
        self._wait_until_healthy()
        return self

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end as an operator does; its exit code."""
        assert self._process is not None
        self._process.send_signal(number)
        return self.wait()

    def wait(self, seconds: float = STOP_S) -> int:
        """The exit code of a server that was told to end; one that does not is killed."""
        assert self._process is not None
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        finally:
            self._forget()

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self._forget()

    def close(self) -> None:
        """End it at once, in whatever state it is, and remove its database.

        A good end takes a second and more; those who try it call `stop`.
        """
        if self.is_running:
            self.kill()
        elif self._process is not None:
            self._forget()
        self._drop_database()

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- Addresses and commands -----------------------------------------------------------------

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def log_path(self) -> Path:
        return self.data_dir / "server.log"

    def url(self, path: str) -> str:
        return f"{self.origin}{path}"

    def socket_url(self, path: str = "/live/") -> str:
        return f"ws://localhost:{self.port}{path}"

    def manage(self, *arguments: str) -> str:
        """What a management command prints, run with this server's environment."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run(self, code: str) -> str:
        """What a piece of Python prints inside the forum, in another process."""
        if self._pieces is None:
            self._pieces = Pieces(self.environment)
        return self._pieces.run(code)

    def log(self) -> str:
        return self.log_path.read_text() if self.log_path.exists() else ""

    # --- Inside ---------------------------------------------------------------------------------

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.lines.append(line.rstrip("\n"))
            self._printed.put(line)
        self._printed.put(None)

    def _forget(self) -> None:
        if self._pieces is not None:
            self._pieces.close()
        self._reading.join(5)
        assert self._process is not None
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _printed_port(self) -> int:
        end = time.monotonic() + START_S
        while (left := end - time.monotonic()) > 0:
            with contextlib.suppress(queue.Empty):
                line = self._printed.get(timeout=left)
                if line is None:
                    raise AssertionError(f"The server ended at its start:\n{self.log()}")
                if found := ADDRESS.search(line):
                    return int(found[1])
        raise AssertionError(f"The server printed no address:\n{self.lines}\n{self.log()}")

    def _wait_until_healthy(self) -> None:
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(self.url("/healthz"), timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise AssertionError(f"The server did not become healthy:\n{self.log()}")

    def _make_database(self) -> None:
        address = self.environment.get("DATABASE_URL", "")
        if self._has_a_database or self._shares_a_database:
            return
        self._has_a_database = True
        if address.startswith("postgres"):
            self._maintenance, self._database = address, f"forum_serving_{secrets.token_hex(6)}"
            self.environment["DATABASE_URL"] = preparing.new_postgresql(
                address, self._database, from_nothing=self._from_nothing
            )
        elif not self._from_nothing:
            preparing.copy_sqlite(self.data_dir)

    def _drop_database(self) -> None:
        if self._database:
            preparing.drop_postgresql(self._maintenance, self._database)
            self.environment["DATABASE_URL"] = self._maintenance
            self._database, self._has_a_database = "", False
