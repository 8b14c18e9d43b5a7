"""Whether the forum can work: `/readyz`, for whoever watches it.

Each part is asked in a thread of its own and has a second and a half: one that hangs holds that
thread, and neither the answer nor the others. Source: docs/decisions/0044-operation.md.
"""

import asyncio
import json
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseAway
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from psycopg_pool import PoolTimeout
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from forum.operation.models import Beat

ANSWER_S = 1.5
REDIS_S = 1.0
FRESH_S = 1.0  # asked again within it, the same answer is given: nobody wears the parts out
WORKER_SILENT_S = 60.0
ROUND_TRIP_KEY = "forum:round-trip"

Detail = dict[str, object]
Look = Callable[[], Detail]


@dataclass(frozen=True, slots=True)
class Readiness:
    """What each part said: `ok`, and of the worker `age_seconds`."""

    parts: dict[str, Detail]

    @property
    def is_ready(self) -> bool:
        return all(part["ok"] for part in self.parts.values())

    def as_json(self) -> bytes:
        return json.dumps({"ready": self.is_ready, "parts": self.parts}).encode() + b"\n"


def database() -> Detail:
    """One round trip."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return {"ok": cursor.fetchone() == (1,)}
    except (DatabaseAway, PoolTimeout):
        return {"ok": False}


def redis() -> Detail:
    """A value there and back; where the forum runs without Redis there is nothing to ask."""
    if not settings.REDIS_URL:
        return {"ok": True, "used": False}
    given = secrets.token_hex(8).encode()
    asked = Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=REDIS_S,
        socket_connect_timeout=REDIS_S,
        retry=Retry(NoBackoff(), 0),
    )
    with asked:
        try:
            key = f"{ROUND_TRIP_KEY}:{given.decode()}"
            asked.set(key, given, ex=5)
            return {"ok": asked.getdel(key) == given}
        except (RedisError, OSError):
            return {"ok": False}


def worker() -> Detail:
    """How long ago a worker said that it lives."""
    try:
        latest = Beat.objects.latest_moment()
    except (DatabaseAway, PoolTimeout):
        return {"ok": False}
    if latest is None:
        return {"ok": False, "age_seconds": None}
    age = max(0.0, (timezone.now() - latest).total_seconds())
    return {"ok": age < WORKER_SILENT_S, "age_seconds": round(age, 1)}


def migrations() -> Detail:
    """Whether everything this version needs is there; a newer version's may be there as well."""
    try:
        return {"ok": not missing_migrations()}
    except (DatabaseAway, PoolTimeout):
        return {"ok": False}


def missing_migrations() -> list[tuple[str, str]]:
    """What this version needs and the database has not had: app and name."""
    return sorted(_needed() - set(MigrationRecorder(connection).applied_migrations()))


@cache
def _needed() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None)
    replaced = {key for each in loader.disk_migrations.values() for key in each.replaces}
    return frozenset(loader.disk_migrations.keys() - replaced)


class Asking:
    """Looks at one thing in a thread of its own, for so many askers as there are."""

    def __init__(self, name: str, look: Callable[[], Any], otherwise: Any) -> None:
        self._look, self._otherwise = look, otherwise
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=f"ask-{name}")
        self._running: asyncio.Future[Any] | None = None

    async def ask(self) -> Any:
        """What the look gave, or `otherwise` where that takes too long."""
        loop = asyncio.get_running_loop()
        running = self._running
        if running is None or running.done() or running.get_loop() is not loop:
            # A look that hangs is waited for by all: a second one would hang behind it.
            running = self._running = loop.run_in_executor(self._pool, self._in_the_thread)
        try:
            return await asyncio.wait_for(asyncio.shield(running), ANSWER_S)
        except TimeoutError:
            return self._otherwise

    def _in_the_thread(self) -> Any:
        try:
            return self._look()
        finally:
            connection.close()


LOOKS: dict[str, Look] = {
    "database": database,
    "redis": redis,
    "worker": worker,
    "migrations": migrations,
}
_asking = {name: Asking(name, look, {"ok": False}) for name, look in LOOKS.items()}
_latest: tuple[float, asyncio.Task[Readiness]] | None = None


async def ready() -> Readiness:
    """What all parts say, at most a second old."""
    global _latest  # one answer for all who ask at once
    loop = asyncio.get_running_loop()
    if _latest is None or _latest[1].get_loop() is not loop or loop.time() - _latest[0] > FRESH_S:
        _latest = (loop.time(), loop.create_task(_ask_all()))
    return await asyncio.shield(_latest[1])


async def _ask_all() -> Readiness:
    answers = await asyncio.gather(*(each.ask() for each in _asking.values()))
    return Readiness(dict(zip(_asking, answers, strict=True)))
