"""A PostgreSQL and a Redis of the tests' own, in a temporary directory, from installed binaries."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

START_TIMEOUT_S = 30
STOP_TIMEOUT_S = 20
POLL_S = 0.1
UNSAFE_BUT_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
# It would lock tables of a few rows to shorten them, for which tests waited seconds at a time, and
# tell the planner that a table is empty which the next test fills in one transaction.
UNDISTURBED = ("autovacuum=off",)


class ServiceMissing(Exception):
    """A service is neither given by an address nor installed; the message says which."""


@dataclass(frozen=True, slots=True)
class Services:
    """Addresses as the forum's settings take them."""

    database_url: str
    redis_url: str


@contextmanager
def running() -> Iterator[Services]:
    """Both services, those of TEST_DATABASE_URL and TEST_REDIS_URL or private ones.

    Raises: ServiceMissing before anything is started.
    """
    given_database = os.environ.get("TEST_DATABASE_URL", "")
    given_redis = os.environ.get("TEST_REDIS_URL", "")
    if not given_database:
        _postgres_binaries()
    if not given_redis:
        _redis_binary()
    with ExitStack() as stack:
        directory = Path(tempfile.mkdtemp(prefix="forum-services-"))
        stack.callback(shutil.rmtree, directory, ignore_errors=True)
        yield Services(
            given_database or stack.enter_context(_started(Postgres(directory))),
            given_redis or stack.enter_context(_started(Redis(directory))),
        )


def _postgres_binaries() -> Path:
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise ServiceMissing("PostgreSQL is not installed (apt install postgresql)")


def _redis_binary() -> str:
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found:
        return found
    raise ServiceMissing("Redis is not installed (apt install redis-server)")


class Postgres:
    """A PostgreSQL of the tests' own, which they may stop and start again."""

    def __init__(self, directory: Path) -> None:
        self.binaries = _postgres_binaries()
        self._place = directory
        self.directory = directory / "postgres"
        self._log = directory / "postgres.log"
        self._process: subprocess.Popen | None = None
        self.directory.mkdir(mode=0o700)
        self._owner = _not_as_root(directory, self.directory)
        subprocess.run(
            [self.binaries / "initdb", "-D", self.directory, "-U", "forum", "-A", "trust"]
            + ["-E", "UTF8", "--no-sync", *_polish_order(self.binaries)],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd=directory,
            **self._owner,
        )

    @property
    def url(self) -> str:
        return f"postgres://forum@/forum?host={self.directory}"

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it and wait until it answers; the database is made at the first start."""
        options = [*UNSAFE_BUT_QUICK, *UNDISTURBED, "listen_addresses=", "max_connections=200"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [self.binaries / "postgres", "-D", self.directory, "-k", self.directory]
                + [word for option in options for word in ("-c", option)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd=self._place,
                start_new_session=True,
                **self._owner,
            )
        _wait_until(self._process, lambda: _connect(self.directory), self._log)
        with _connect(self.directory) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'forum'")
            if found.fetchone() is None:
                connection.execute("CREATE DATABASE forum")

    def stop(self) -> None:
        """End it and all its connections at once, in good order."""
        # It waits for its clients after SIGTERM.
        _end(self._process)


class Redis:
    """A Redis of the tests' own, which they may kill, halt and start again, empty."""

    def __init__(self, directory: Path) -> None:
        self._binary = _redis_binary()
        self._data = directory / "redis"
        self._data.mkdir()
        self._log = directory / "redis.log"
        self._process: subprocess.Popen | None = None
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it and wait until it answers; again at the same port."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._binary, "--bind", "127.0.0.1", "--port", str(self.port)]
                + ["--save", "", "--appendonly", "no", "--dir", self._data],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        _wait_until(self._process, lambda: _ping(self.port), self._log)

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        _end(self._process)


@contextmanager
def _started(server: Postgres | Redis) -> Iterator[str]:
    try:
        server.start()
        yield server.url
    finally:
        server.stop()


def _not_as_root(directory: Path, data: Path) -> dict[str, object]:
    """PostgreSQL refuses to run as root: its files go to the user postgres, or to nobody."""
    if os.geteuid() != 0:
        return {}
    owner = next(name for name in ("postgres", "nobody") if _user_exists(name))
    directory.chmod(0o755)
    shutil.chown(data, owner)
    return {"user": owner, "group": pwd.getpwnam(owner).pw_gid, "extra_groups": []}


def _polish_order(binaries: Path) -> list[str]:
    """A Polish collation, where the server can: a query that relies on byte order must say so."""
    offered = subprocess.run(
        [binaries / "initdb", "--help"], capture_output=True, text=True, check=True
    ).stdout
    by_icu = ["--locale-provider=icu", "--icu-locale=pl"] if "--icu-locale" in offered else []
    return ["--locale=C.UTF-8", *by_icu]


def _user_exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _connect(socket_directory: Path) -> psycopg.Connection:
    return psycopg.connect(
        host=str(socket_directory), user="forum", dbname="postgres", autocommit=True
    )


def free_port() -> int:
    """A TCP port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _ping(port: int) -> None:
    with redis.Redis(port=port) as client:
        client.ping()


def _wait_until(server: subprocess.Popen, answers, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            connection = answers()
        except (psycopg.OperationalError, redis.ConnectionError):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"A private server did not start:\n{log.read_text()}") from None
            time.sleep(POLL_S)
        else:
            if connection is not None:
                connection.close()
            return


def _end(server: subprocess.Popen | None) -> None:
    if server is None:
        return
    server.send_signal(signal.SIGCONT)
    # SIGINT ends both servers at once.
    server.send_signal(signal.SIGINT)
    try:
        server.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
