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
    postgres = None if given_database else _postgres_binaries()
    redis_server = None if given_redis else _redis_binary()
    with ExitStack() as stack:
        directory = Path(tempfile.mkdtemp(prefix="forum-services-"))
        stack.callback(shutil.rmtree, directory, ignore_errors=True)
        yield Services(
            given_database or stack.enter_context(_private_postgres(postgres, directory)),
            given_redis or stack.enter_context(_private_redis(redis_server, directory)),
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


@contextmanager
def _private_postgres(binaries: Path, directory: Path) -> Iterator[str]:
    data = directory / "postgres"
    data.mkdir(mode=0o700)
    owner = _not_as_root(directory, data)
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "forum", "-A", "trust", "-E", "UTF8", "--no-sync"]
        + _polish_order(binaries),
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        cwd=directory,
        **owner,
    )
    options = [*UNSAFE_BUT_QUICK, "listen_addresses=", "max_connections=200"]
    server = subprocess.Popen(
        [binaries / "postgres", "-D", data, "-k", data]
        + [word for option in options for word in ("-c", option)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=(directory / "postgres.log").open("wb"),
        cwd=directory,
        start_new_session=True,
        **owner,
    )
    with _stopped_at_the_end(server):
        _wait_until(server, lambda: _connect(data), directory / "postgres.log")
        with _connect(data) as connection:
            connection.execute("CREATE DATABASE forum")
        yield f"postgres://forum@/forum?host={data}"


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


@contextmanager
def _private_redis(binary: str, directory: Path) -> Iterator[str]:
    data = directory / "redis"
    data.mkdir()
    port = free_port()
    server = subprocess.Popen(
        [binary, "--bind", "127.0.0.1", "--port", str(port)]
        + ["--save", "", "--appendonly", "no", "--dir", data],
        stdin=subprocess.DEVNULL,
        stdout=(directory / "redis.log").open("wb"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    with _stopped_at_the_end(server):
        _wait_until(server, lambda: _ping(port), directory / "redis.log")
        yield f"redis://127.0.0.1:{port}/0"


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


@contextmanager
def _stopped_at_the_end(server: subprocess.Popen) -> Iterator[None]:
    try:
        yield
    finally:
        # PostgreSQL waits for its clients after SIGTERM; SIGINT ends both servers at once.
        server.send_signal(signal.SIGINT)
        try:
            server.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
