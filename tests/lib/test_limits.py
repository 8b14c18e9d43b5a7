"""Rate limits hold within a window, apart from each other, and never stop the forum."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.core.cache.backends.base import BaseCache

from forum.lib.limits import allow

HOUR = timedelta(hours=1)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def test_the_limit_is_reached_and_then_refuses() -> None:
    assert [allow("a", 3, HOUR) for _ in range(5)] == [True, True, True, False, False]


def test_a_limit_of_nothing_refuses_at_once() -> None:
    assert not allow("a", 0, HOUR)


def test_keys_and_windows_are_counted_apart() -> None:
    assert allow("a", 1, HOUR)
    assert not allow("a", 1, HOUR)
    assert allow("b", 1, HOUR)
    assert allow("a", 1, timedelta(minutes=1))


def test_the_next_window_begins_anew(clock: time_machine.Traveller) -> None:
    assert allow("a", 1, HOUR)
    clock.shift(HOUR - timedelta(seconds=1))
    assert not allow("a", 1, HOUR)
    clock.shift(timedelta(seconds=1))
    assert allow("a", 1, HOUR)


def test_uses_at_the_same_moment_are_all_counted() -> None:
    answers: list[bool] = []
    threads = [
        threading.Thread(target=lambda: answers.append(allow("a", 10, HOUR))) for _ in range(30)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(True) == 10


class AbsentCache(BaseCache):
    """A cache whose server does not answer."""

    def __init__(self, location: str, params: dict[str, object]) -> None:
        super().__init__(params)

    def add(self, *args: object, **kwargs: object) -> bool:
        raise ConnectionError("nobody there")

    def clear(self) -> None:
        pass


def test_without_a_cache_everything_is_allowed_and_logged(
    settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    assert not allow("a", 0, HOUR)
    settings.CACHES = {"default": {"BACKEND": f"{__name__}.AbsentCache"}}
    assert allow("a", 0, HOUR)
    assert "The cache is away" in caplog.text
