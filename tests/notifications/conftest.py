"""Time, as these tests move it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone


@pytest.fixture
def time_machine_at() -> Callable[..., AbstractContextManager]:
    """A later day: `with time_machine_at(days=400):`."""
    now = timezone.now()
    return lambda **later: time_machine.travel(now + timedelta(**later), tick=False)
