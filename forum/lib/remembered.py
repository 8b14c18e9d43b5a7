"""A bounded memory in this process, for what is made of its key alone and so is never wrong."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Remembered(Generic[Made]):
    """At most `size` things by their keys; when it is full, the older half is made again.

    Without a lock: two threads may make the same thing at once, and then have the same thing.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._held: dict[Hashable, Made] = {}

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What is remembered under the key; it is made where there is nothing."""
        found = self._held.get(key)
        if found is None:
            found = make()
            if len(self._held) >= self._size:
                for old in list(self._held)[: self._size // 2]:
                    self._held.pop(old, None)
            self._held[key] = found
        return found
