"""An answer that may be some seconds old, kept in this process for as long."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")

_now = time.monotonic


class Recent(Generic[Answer]):
    """Asks once in so many seconds, and answers the same in between.

    Without a lock: two threads may ask at once. An answer that was being fetched when all was
    forgotten may still be kept: whoever asks must bear one that is `for_s` old in any case.
    """

    def __init__(self, ask: Callable[[], Answer], *, for_s: float) -> None:
        self._ask, self._for_s = ask, for_s
        self._kept: tuple[float, Answer] | None = None

    def __call__(self) -> Answer:
        """The answer. Raises: what asking raises."""
        kept, now = self._kept, _now()
        if kept is None or now >= kept[0]:
            # From before it is asked: what is slow to come is as old as that.
            self._kept = kept = (now + self._for_s, self._ask())
        return kept[1]

    def forget(self) -> None:
        """Ask anew the next time."""
        self._kept = None
