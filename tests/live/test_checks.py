"""Settings that would run and be wrong stop the start."""

from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from forum_site import checks


def ids(check: Any) -> list[str]:
    return [message.id for message in check(None)]


def test_the_settings_of_the_tests_are_right() -> None:
    every = (checks.processes, checks.databases, checks.layers, checks.origins, checks.bounds)
    every += (checks.push, checks.secrets, checks.ways_in)
    assert [ids(check) for check in every] == [[]] * 8


SQLITE = {"default": {"ENGINE": "django.db.backends.sqlite3"}}
POSTGRESQL = {"default": {"ENGINE": "django.db.backends.postgresql"}}
IN_MEMORY = {"default": {"BACKEND": checks.IN_MEMORY_LAYER}}
REDIS = {"default": {"BACKEND": checks.PUBSUB_LAYER}}
LOCAL_CACHE = {"default": {"BACKEND": checks.LOCAL_CACHES[0]}}
REDIS_CACHE = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}


@pytest.mark.parametrize(
    ("processes", "databases", "layers", "caches", "wrong"),
    [
        (1, SQLITE, IN_MEMORY, LOCAL_CACHE, []),
        (2, SQLITE, IN_MEMORY, LOCAL_CACHE, ["forum.E001", "forum.E002", "forum.E003"]),
        (2, POSTGRESQL, IN_MEMORY, REDIS_CACHE, ["forum.E002"]),
        (2, POSTGRESQL, REDIS, LOCAL_CACHE, ["forum.E003"]),
        (2, POSTGRESQL, REDIS, REDIS_CACHE, []),
    ],
)
def test_several_processes_need_common_services(
    processes: int, databases: Any, layers: Any, caches: Any, wrong: list[str]
) -> None:
    fakes = _Settings(
        WEB_PROCESSES=processes, DATABASES=databases, CHANNEL_LAYERS=layers, CACHES=caches
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checks, "settings", fakes)
        assert ids(checks.processes) == wrong


class _Settings:
    """Settings with some replaced, without the signals that would rebuild databases and layers."""

    def __init__(self, **replaced: Any) -> None:
        self.__dict__.update(replaced)

    def __getattr__(self, name: str) -> Any:
        return getattr(settings, name)


@pytest.mark.parametrize(
    ("options", "wrong"),
    [({"CONN_MAX_AGE": 60}, "forum.E004"), ({"ATOMIC_REQUESTS": True}, "forum.E005")],
)
def test_connections_that_live_on_are_refused(options: dict[str, Any], wrong: str) -> None:
    fakes = _Settings(DATABASES={"default": {**POSTGRESQL["default"], **options}})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checks, "settings", fakes)
        assert ids(checks.databases) == [wrong]


@override_settings(SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies")
def test_sessions_outside_the_database_are_refused() -> None:
    assert ids(checks.databases) == ["forum.E006"]


def test_the_layer_that_closes_sockets_is_refused() -> None:
    fakes = _Settings(
        CHANNEL_LAYERS={"default": {"BACKEND": "channels_redis.core.RedisChannelLayer"}}
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checks, "settings", fakes)
        assert ids(checks.layers) == ["forum.E007"]


@pytest.mark.parametrize(
    ("trusted", "wrong"),
    [
        (["https://*.example.org", "https://forum.example.org"], ["forum.E008"]),
        (["https://forum.example.org/", "https://forum.example.org"], ["forum.E008"]),
        (["https://other.example.org"], ["forum.E009"]),
        (["https://forum.example.org"], []),
    ],
)
def test_origins_are_whole_and_hold_our_own(trusted: list[str], wrong: list[str]) -> None:
    with override_settings(
        DEBUG=False, SITE_URL="https://forum.example.org", CSRF_TRUSTED_ORIGINS=trusted
    ):
        assert ids(checks.origins) == wrong


@override_settings(MAX_CONCURRENT_REQUESTS=0, MAX_BODY_BYTES=1000)
def test_bounds_that_let_nothing_through_are_refused() -> None:
    assert ids(checks.bounds) == ["forum.E010", "forum.E011"]


@override_settings(VAPID_PRIVATE_KEY="nonsense")
def test_a_key_for_push_that_is_none_is_refused() -> None:
    assert ids(checks.push) == ["forum.E012"]
