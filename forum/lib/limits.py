"""How often something may be done: a fixed window, counted in the cache."""

import logging
import time
from datetime import timedelta

from django.core.cache import cache

from forum.lib.metrics import count_refusal

logger = logging.getLogger(__name__)


def allow(key: str, limit: int, window: timedelta) -> bool:
    """Count one more use of the key; False where it has been used up in this window.

    Windows begin at multiples of their length, so twice the limit may pass around a boundary.
    Without its cache the forum goes on: then everything is allowed, and the log says so.
    """
    length_s = int(window.total_seconds())
    assert length_s > 0, "a window is at least a second long"
    place = f"limit:{key}:{length_s}:{int(time.time()) // length_s}"
    try:
        is_allowed = _counted(place, length_s) <= limit
    except Exception:  # every cache has its own errors, and none of them may stop a member
        # Behind the first colon stands who: an address, or a member's number.
        name = key.partition(":")[0]
        logger.exception("The cache is away: the limit %s is not counted", name)
        return True
    if not is_allowed:
        count_refusal(key)
    return is_allowed


def _counted(place: str, length_s: int) -> int:
    """How often the place has been used with this use."""
    try:
        return cache.incr(place)
    except ValueError:  # nothing is counted there yet
        pass
    # The window's own number is in the key: a count that outlives its window harms nothing.
    if cache.add(place, 1, timeout=length_s + 1):
        return 1
    try:
        return cache.incr(place)  # another was the first meanwhile
    except ValueError:
        return 1  # and it was culled again: this is the first use
