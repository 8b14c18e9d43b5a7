"""Which tests need a server or a browser, and which of them share a worker."""

import pytest

HEAVY = ("server", "browser")
# Servers and browsers are measured in seconds: two at a time on two cores, and no more. The two
# groups take about as long as each other; those of tests/production share one installation, and go
# to whichever worker is free first.
ONE_GROUP = ("test_every_page", "test_editor", "test_drafts", "client_pages")


def is_heavy(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in HEAVY)


def group_of(item: pytest.Item) -> str:
    if "tests/production/" in item.nodeid:
        return "production"
    is_one = any(name in item.nodeid for name in ONE_GROUP)
    return "servers-1" if is_one else "servers-2"
