"""The cache in Redis, made so that the forum goes on while Redis is away.

Source: docs/decisions/0038-production.md.
"""

import functools
import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.utils.functional import cached_property
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import TimeoutError as RedisHangs
from redis.retry import Retry

logger = logging.getLogger(__name__)

ANSWER_SECONDS = 1.0
AWAY_SECONDS = 5.0  # so long nobody else waits for a Redis that did not answer

Answer = TypeVar("Answer")

_away_until: dict[str, float] = {}


class ForgetfulCache(RedisCache):
    """Django's cache in Redis; while Redis is away it is like one that has just been emptied.

    Its connections are shared by all threads: Django would open one anew for each request, since
    under ASGI every request has a thread of its own. Raises: nothing for a Redis that is away,
    but `incr` raises ValueError, as for any key that is missing.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._address = server

    @cached_property
    def _cache(self) -> RedisCacheClient:
        return _shared_client(self._address)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        ask = super().get
        return self._ask(default, lambda: ask(key, default, version))

    def set(
        self,
        key: Any,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        ask = super().set
        self._ask(None, lambda: ask(key, value, timeout, version))

    def add(
        self,
        key: Any,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        ask = super().add
        return self._ask(True, lambda: ask(key, value, timeout, version))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        ask = super().incr
        found: int | None = self._ask(None, lambda: ask(key, delta, version))
        if found is None:
            raise ValueError(f"Key {key!r} not found: the cache is away")
        return found

    def delete(self, key: Any, version: int | None = None) -> bool:
        ask = super().delete
        return self._ask(False, lambda: ask(key, version))

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        ask = super().get_many
        nothing: dict[Any, Any] = {}
        return self._ask(nothing, lambda: ask(keys, version))

    def set_many(
        self,
        data: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> list[Any]:
        ask = super().set_many
        return self._ask(list(data), lambda: ask(data, timeout, version))

    def _ask(self, otherwise: Answer, ask: Callable[[], Answer]) -> Answer:
        if time.monotonic() < _away_until.get(self._address, 0):
            return otherwise
        try:
            return ask()
        except (RedisAway, RedisHangs) as error:
            # Said once in a while, and not with every request's traceback.
            logger.warning("Redis is away, the forum goes on without its cache: %s", error)
            _away_until[self._address] = time.monotonic() + AWAY_SECONDS
            return otherwise


@functools.cache
def _shared_client(address: str) -> RedisCacheClient:
    return RedisCacheClient(
        [address],
        socket_timeout=ANSWER_SECONDS,
        socket_connect_timeout=ANSWER_SECONDS,
        # Once more at once: a connection that waited in the pool may be one to a Redis before this.
        retry=Retry(NoBackoff(), 1),
    )
