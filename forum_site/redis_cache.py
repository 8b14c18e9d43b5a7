"""The cache in Redis, made so that the forum goes on while Redis is away.

Source: docs/decisions/0038-production.md.
"""

import functools
import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.utils.functional import cached_property
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import TimeoutError as RedisHangs
from redis.retry import Retry

logger = logging.getLogger(__name__)

ANSWER_SECONDS = 1.0
AWAY_SECONDS = 5.0  # so long nobody else waits for a Redis that did not answer

# What must be counted also while Redis is away: the limits of forum.lib.limits, and allauth's of
# logins and codes. Each process counts by itself then.
COUNTED = ("limit:", "allauth")
COUNTED_AT_MOST = 20_000  # keys; beyond that some are forgotten

_away_until: dict[str, float] = {}
_counts = LocMemCache("while-redis-is-away", {"OPTIONS": {"MAX_ENTRIES": COUNTED_AT_MOST}})


class ForgetfulCache(RedisCache):
    """Django's cache in Redis; while Redis is away it is like one that has just been emptied.

    But for the counts of limits: those begin anew in the memory of each process, so that a limit
    of five passwords is five for each process, not none.
    Its connections are shared by all threads: Django would open some for each of them.
    Raises: nothing for a Redis that is away,
    but `incr` raises ValueError, as for any key that is missing (not for a count).
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._address = server

    @cached_property
    def _cache(self) -> RedisCacheClient:
        return _shared_client(self._address)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._ask(default, "get", key, default, version)

    def set(
        self,
        key: Any,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        self._ask(None, "set", key, value, timeout, version)

    def add(
        self,
        key: Any,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        return bool(self._ask(True, "add", key, value, timeout, version))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        found: int | None = self._ask(None, "incr", key, delta, version)
        if found is None:
            raise ValueError(f"Key {key!r} not found: the cache is away")
        return found

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._ask(False, "delete", key, version))

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        found: dict[Any, Any] = self._ask({}, "get_many", keys, version)
        return found

    def set_many(
        self,
        data: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> list[Any]:
        missed: list[Any] = self._ask(list(data), "set_many", data, timeout, version)
        return missed

    def _ask(self, otherwise: Any, verb: str, about: Any, *given: Any) -> Any:
        """What Redis says; while it is away what this process counted, or else `otherwise`."""
        is_known_away = time.monotonic() < _away_until.get(self._address, 0)
        if not is_known_away and (answer := self._asked(getattr(super(), verb), about, *given)):
            return answer[0]
        if isinstance(about, str) and about.startswith(COUNTED):
            return getattr(_counts, verb)(about, *given)
        return otherwise

    def _asked(self, ask: Callable[..., Any], *given: Any) -> tuple[Any] | None:
        try:
            return (ask(*given),)
        except (RedisAway, RedisHangs) as error:
            # Said once in a while, and not with every request's traceback.
            logger.warning("Redis is away, the forum goes on without its cache: %s", error)
            _away_until[self._address] = time.monotonic() + AWAY_SECONDS
            return None


class _Client(RedisCacheClient):
    """Django's, but for the object that asks: threads may share it, as it holds the pool alone, and
    making it costs as much as what it asks."""

    @cached_property
    def _one(self) -> Redis:
        pool = self._get_connection_pool(write=True)  # type: ignore[attr-defined]  # not in the stubs
        return Redis(connection_pool=pool)

    def get_client(self, key: Any = None, *, write: bool = False) -> Redis:
        return self._one


@functools.cache
def _shared_client(address: str) -> RedisCacheClient:
    return _Client(
        [address],
        socket_timeout=ANSWER_SECONDS,
        socket_connect_timeout=ANSWER_SECONDS,
        # Once more at once: a connection that waited in the pool may be one to a Redis before this.
        retry=Retry(NoBackoff(), 1),
    )
