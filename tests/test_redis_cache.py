"""The cache in Redis: shared connections, and a forum that goes on while Redis is away."""

import logging
import shutil
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.core.internal import ratelimit
from django.test import RequestFactory

from forum.lib.limits import allow
from forum_site import redis_cache
from forum_site.redis_cache import ForgetfulCache
from tests.proof.services import Redis

needs_redis = pytest.mark.skipif(shutil.which("redis-server") is None, reason="needs redis-server")


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.CRITICAL, logger="forum_site.redis_cache")
    yield
    redis_cache._away_until.clear()
    redis_cache._counts.clear()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    redis = Redis(tmp_path)
    redis.start()
    yield redis
    redis.stop()


@pytest.fixture
def nobody() -> ForgetfulCache:
    """A cache at a port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    return ForgetfulCache(f"redis://127.0.0.1:{port}/0", {})


def test_without_redis_it_is_like_an_empty_one(nobody: ForgetfulCache) -> None:
    assert nobody.get("a", 7) == 7
    nobody.set("a", 1)
    assert nobody.get("a") is None
    assert nobody.get_many(["a", "b"]) == {}
    assert nobody.set_many({"a": 1}) == ["a"]
    assert nobody.add("a", 1) is True
    assert nobody.delete("a") is False
    with pytest.raises(ValueError, match="away"):
        nobody.incr("a")


def test_limits_are_counted_without_redis_by_each_process(
    nobody: ForgetfulCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forum.lib.limits.cache", nobody)
    hour = timedelta(hours=1)
    assert [allow("post:1", 2, hour) for _ in range(4)] == [True, True, False, False]
    assert allow("post:2", 2, hour)


def test_passwords_are_counted_without_redis(
    nobody: ForgetfulCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ratelimit, "cache", nobody)
    request = RequestFactory().post("/accounts/login/")
    ask = {"app": "account", "action": "login_failed", "config": {"login_failed": "5/5m/key"}}
    tries = [ratelimit.consume(request, key="bob@example.org", **ask) for _ in range(7)]
    assert [each is not None for each in tries] == [True] * 5 + [False] * 2


@needs_redis
def test_counts_of_the_time_without_redis_do_not_stay(redis: Redis) -> None:
    cache = ForgetfulCache(redis.url, {})
    redis.stop()
    assert cache.add("limit:x", 0)
    assert cache.incr("limit:x") == 1
    redis_cache._away_until.clear()
    redis.start()
    assert cache.get("limit:x") is None


def test_one_that_hangs_is_waited_for_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        cache = ForgetfulCache(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", {})
        began = time.monotonic()
        assert cache.get("a", 7) == 7
        assert time.monotonic() - began < 4 * redis_cache.ANSWER_SECONDS
        began = time.monotonic()
        for _ in range(100):
            assert cache.get("a", 7) == 7
        assert time.monotonic() - began < redis_cache.ANSWER_SECONDS


@needs_redis
def test_it_keeps_what_it_is_given(redis: Redis) -> None:
    cache = ForgetfulCache(redis.url, {})
    assert cache.add("count", 0) is True
    assert cache.add("count", 0) is False
    assert cache.incr("count") == 1
    assert cache.set_many({"a": "ą", "b": [1]}) == []
    assert cache.get_many(["a", "b", "c"]) == {"a": "ą", "b": [1]}
    assert cache.delete("a") is True
    with pytest.raises(ValueError, match="not found"):
        cache.incr("unknown")


@needs_redis
def test_it_is_used_again_when_it_is_back(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_cache, "AWAY_SECONDS", 0.0)
    cache = ForgetfulCache(redis.url, {})
    cache.set("a", 1)
    redis.stop()
    assert cache.get("a") is None
    redis.start()
    cache.set("a", 2)
    assert cache.get("a") == 2


@needs_redis
def test_connections_are_shared_by_all_that_ask(redis: Redis) -> None:
    for number in range(20):
        ForgetfulCache(redis.url, {}).set(f"a{number}", 1)
    client = ForgetfulCache(redis.url, {})._cache.get_client()
    assert len(client.client_list()) <= 2
