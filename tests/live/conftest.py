"""What the tests of the hub alone begin with."""

from collections.abc import Iterator

import pytest
from channels.layers import channel_layers

from forum.live import streams
from tests.live.probes import MemoryStream


@pytest.fixture
def fresh_layer() -> Iterator[None]:
    channel_layers.backends.clear()
    yield
    channel_layers.backends.clear()


@pytest.fixture
def memory(fresh_layer: None) -> Iterator[MemoryStream]:
    """A stream in memory; its first owner's number is 17."""
    stream = MemoryStream()
    stream.numbers[1] = 17
    streams.register(stream)
    yield stream
    streams._kinds.pop("memory")
