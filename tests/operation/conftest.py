"""Every test begins without maintenance, and with answers of its own."""

from collections.abc import Iterator

import pytest

from forum.operation import maintenance
from forum_site import health


@pytest.fixture(autouse=True)
def _as_at_the_start(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(health, "_latest", None)
    yield
    maintenance._known = None
