"""Which tests need a server or a browser, and how all tests are spread over the workers.

A plugin of pytest, loaded by tests/conftest.py. The groups of pytest-xdist 3.8 stand in the names
of tests, which pytest 9.2 does not let it change: each worker started every server.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

HEAVY = ("server", "browser")
PRODUCTION = "tests/production/"  # these share one installation
HEAVY_PLACES = (
    PRODUCTION,
    "tests/browser/",
    "tests/live/",
    "tests/jobs/test_beating.py",
    "tests/notifications/test_killed_processes.py",
    "tests/operation/test_health.py",
    "tests/security/test_served_without_a_proxy.py",
)
BUILT_ONCE = ("tests/test_demo.py",)  # what takes seconds to build, and is rolled back to


class ByServer(LoadScopeScheduling):
    """Tests that share a server go to one worker, each other test to whichever is free.

    The largest files come first: two servers at a time on two cores, and single tests at the end.
    """

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


def scope_of(nodeid: str) -> str:
    """What runs on one worker: a directory, a file, or the test alone."""
    if nodeid.startswith(PRODUCTION):
        return PRODUCTION
    return nodeid.partition("::")[0] if nodeid.startswith(HEAVY_PLACES + BUILT_ONCE) else nodeid


def is_heavy(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in HEAVY)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByServer:
    return ByServer(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if is_heavy(item) and scope_of(item.nodeid) == item.nodeid:
            raise pytest.UsageError(f"{item.nodeid} is heavy: name its file in {__name__}")
