"""A whole installation as docker-compose.yml describes it, of processes on this machine.

    with Installation(tmp_path) as forum:
        httpx.get(forum.url("/"))

PostgreSQL, Redis behind a line that can be cut, three web processes, two workers, and nginx with
the files of deploy/. Everything is private and listens on the loopback only.
"""

import os
import secrets
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import yaml

from tests.live.serving import NEVER_INHERITED, ROOT, Serving
from tests.production import nginx
from tests.production.line import Line, Loop
from tests.production.nginx import Nginx
from tests.proof import services

WEB_PROCESSES = 3
WORKERS = 2
START_S = 60
UP = ("manage.py", "up", "--no-demo", "--prepared", "--workers", "0")


class Installation:
    """Begins on entering; whoever breaks a part of it mends it again before the next test."""

    def __init__(self, place: Path, **settings: str) -> None:
        self._stack = ExitStack()
        self.place = place
        self._settings = settings

    def __enter__(self) -> Self:
        nginx.binary()
        with ExitStack() as stack:
            self._begin(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _begin(self, stack: ExitStack) -> None:
        self.place.chmod(0o755)  # PostgreSQL's own user passes through
        self.postgres = services.Postgres(self.place)
        self.redis = services.Redis(self.place)
        for service in (self.postgres, self.redis):
            stack.callback(service.stop)
            service.start()
        self.loop = stack.enter_context(Loop())
        self.line = Line(self.loop, self.redis.port)
        stack.callback(self.line.close)
        port = services.free_port()
        self.environment = self._environment(port)
        self.manage("prepare")
        self.webs = [self._web(number) for number in range(1, WEB_PROCESSES + 1)]
        for web in self.webs:
            stack.callback(web.close)
        with ThreadPoolExecutor(WEB_PROCESSES) as pool:
            list(pool.map(Serving.start, self.webs))
        self.workers = [
            Worker(self.place / f"worker-{number}", self.environment)
            for number in range(1, WORKERS + 1)
        ]
        for worker in self.workers:
            stack.callback(worker.close)
            worker.start()
        self.nginx = Nginx(
            self.place / "nginx", [web.port for web in self.webs], self._variables(port)
        )
        stack.callback(self.nginx.stop)
        self.nginx.start()

    def mend(self) -> None:
        """Start what does not run; quick where all does."""
        self.redis.signal(signal.SIGCONT)
        self.line.mend_if_cut()
        for part in (self.postgres, self.redis, *self.webs, *self.workers):
            if not part.is_running:
                part.start()

    # --- Addresses and commands -----------------------------------------------------------------

    @property
    def origin(self) -> str:
        return self.nginx.origin

    @property
    def socket_url(self) -> str:
        return f"ws://localhost:{self.nginx.port}/live/?language=pl"

    def url(self, path: str) -> str:
        return f"{self.origin}{path}"

    def run(self, code: str) -> str:
        """What a piece of Python prints inside the forum, in a process of its own."""
        return self.webs[0].run(code)

    def manage(self, *arguments: str, **environment: str) -> str:
        """What a management command prints, run with this installation's environment."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def logs(self) -> str:
        """What the web processes and the proxy wrote, for a test that failed."""
        return "\n".join([*(web.log() for web in self.webs), self.nginx.log()])

    # --- Inside ---------------------------------------------------------------------------------

    def _environment(self, port: int) -> dict[str, str]:
        inherited = {k: v for k, v in os.environ.items() if k not in NEVER_INHERITED}
        given = compose_settings()
        own = {
            "SECRET_KEY": secrets.token_hex(32),
            "SITE_URL": f"http://localhost:{port}",
            "DATA_DIR": str(self.place / "data"),
            "FILES_DIR": str(self.place / "files"),
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": f"redis://127.0.0.1:{self.line.port}/0",
            "WEB_PROCESSES": str(WEB_PROCESSES),
            "KEEP_TO_ONE_CORE": "true",
            "DJANGO_SETTINGS_MODULE": "forum_site.settings",
            "PYTHONUNBUFFERED": "1",
        }
        # What the compose file fixes; what has a ${NAME} there stands above, or at its default.
        fixed = {name: value for name, value in given.items() if "$" not in value}
        return inherited | fixed | own | self._settings

    def _variables(self, port: int) -> dict[str, str]:
        return {
            "PROXY_PORT": str(port),
            "MAX_BODY_BYTES": self.environment.get("MAX_BODY_BYTES", "12582912"),
            "PAGES_DIR": str(ROOT / "deploy" / "nginx" / "pages"),
            "STATIC_DIR": str(self.place / "data" / "static"),
            "FILES_DIR": self.environment["FILES_DIR"],
        }

    def _web(self, number: int) -> Serving:
        return Serving(self.place / f"web-{number}", command=UP, **self.environment)


class Worker:
    """One `manage.py worker`."""

    def __init__(self, place: Path, environment: dict[str, str]) -> None:
        self.place = place
        self.environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        place.mkdir()

    def start(self) -> None:
        """Start it and wait until its health check would find it well."""
        self.alive.unlink(missing_ok=True)
        with (self.place / "worker.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "worker", "--alive", self.alive],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + START_S
        while not self.alive.exists():
            assert time.monotonic() < end, "the worker did not start"
            assert self._process.poll() is None, "the worker ended at its start"
            time.sleep(0.05)

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(30)

    def close(self) -> None:
        if self.is_running:
            self.kill()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def alive(self) -> Path:
        return self.place / "alive"

    def log(self) -> str:
        return (self.place / "worker.log").read_text()


def compose_settings() -> dict[str, str]:
    """What docker-compose.yml tells the forum, as it stands there."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return dict(compose["services"]["web"]["environment"])
