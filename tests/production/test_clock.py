"""The clock of the machine jumps while members write and pages are open."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.live.serving import Serving
from tests.production.installation import Installation, Worker
from tests.production.town import Town

pytestmark = [pytest.mark.server, pytest.mark.postgresql]


class Clock:
    """The time of day of the processes that were started under it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.is_off_by(0)
        self.environment = {
            "CLOCK_FILE": str(file),
            "PYTHONPATH": str(Path(__file__).parent / "clock"),
        }

    def is_off_by(self, seconds: int) -> None:
        self._file.write_text(str(seconds))


@contextmanager
def under(clock: Clock, forum: Installation) -> Iterator[None]:
    """The web processes and workers of the installation live by this clock."""
    parts: list[Serving | Worker] = [*forum.webs, *forum.workers]
    own = [part.environment for part in parts]
    try:
        for part, environment in zip(parts, own, strict=True):
            part.environment = environment | clock.environment
        _again(parts)
        yield
    finally:
        for part, environment in zip(parts, own, strict=True):
            part.environment = environment
        _again(parts)


def _again(parts: list[Serving | Worker]) -> None:
    """End them all at once and start them: each takes a second for the one and for the other."""
    with ThreadPoolExecutor(len(parts)) as pool:
        list(pool.map(lambda part: (part.stop(), part.start()), parts))


@pytest.fixture(scope="module")
def clock(_installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clock]:
    _installation.mend()
    clock = Clock(tmp_path_factory.mktemp("clock") / "clock")
    with under(clock, _installation):
        yield clock


@pytest.mark.parametrize("seconds", [3600, -3600])
def test_the_clock_jumps_and_is_set_right(forum: Installation, clock: Clock, seconds: int) -> None:
    town = Town(forum, f"Zegar {seconds:+d}")
    with town.living() as writers:
        clock.is_off_by(seconds)
        writers.wait_for(15)
        assert abs(_newest_post(forum, town.thread) - time.time() - seconds) < 60
        clock.is_off_by(0)
        writers.wait_for(10)
    assert writers.told.failed == [], writers.told.reasons


def _newest_post(forum: Installation, thread: int) -> float:
    """When it was written, by the clock of its web process. Units: seconds since 1970."""
    return float(forum.run(NEWEST.format(thread=thread)))


NEWEST = """
from forum.discussions.models import Post
print(Post.objects.filter(thread={thread}).latest("number").created_at.timestamp())
"""
