"""Every test of the duty begins on a Thursday at noon."""

import pytest

from tests.duty.world import clock

__all__ = ["clock"]


@pytest.fixture(autouse=True)
def _noon(clock: object) -> None:
    """Time stands still unless the test moves it."""
