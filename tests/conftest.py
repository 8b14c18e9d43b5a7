"""What every test starts from: empty caches and Polish."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import caches
from django.utils import translation

from forum.saved_searches.actions.matching import somebody_looks
from forum_site.launching.preparing import compile_catalogues

pytest_plugins = ["tests.cast", "tests.heavy", "tests.second_try"]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Pages speak Polish from compiled catalogues, which a fresh clone does not have yet."""
    if not hasattr(session.config, "workerinput"):
        compile_catalogues()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("postgresql") and not _is_on_postgresql():
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL (DATABASE_URL) and Redis"))


def _is_on_postgresql() -> bool:
    return "postgresql" in settings.DATABASES["default"]["ENGINE"]


@pytest.fixture(autouse=True)
def _empty_caches() -> None:
    """Rate limits, counters and memories of the test before must not reach this one."""
    for alias in settings.CACHES:
        caches[alias].clear()
    somebody_looks.forget()


@pytest.fixture(autouse=True)
def _polish() -> Iterator[None]:
    """A request activates its reader's language; the next test begins in Polish again."""
    with translation.override(settings.LANGUAGE_CODE):
        yield
