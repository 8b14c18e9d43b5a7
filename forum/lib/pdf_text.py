"""Whether a PDF has text that a screen reader can speak, or is a scan: pictures of pages.

A hostile PDF may keep its reader busy for ever, so a process of its own reads it, with an end.
"""

import threading
from pathlib import Path
from typing import Literal

from forum.lib import apart

Found = Literal["text", "none", "broken", "unknown"]

READER = Path(__file__).with_name("pdf_reading.py")
SECONDS_MAX = 8
AT_ONCE = 2  # readers of this process: each may take a processor and a gigabyte
WORDS: dict[bytes, Found] = {b"text": "text", b"none": "none", b"broken": "broken"}

_reading = threading.BoundedSemaphore(AT_ONCE)


def look(content: bytes) -> Found:
    """What the first pages hold; "unknown" where a password or a limit stops the look.

    Raises: nothing for bad input. Takes up to SECONDS_MAX seconds, and as long for a free reader.
    """
    if not _reading.acquire(timeout=SECONDS_MAX):
        return "unknown"
    try:
        return _looked(content)
    finally:
        _reading.release()


def _looked(content: bytes) -> Found:
    done = apart.run(READER, given=content, seconds=SECONDS_MAX)
    if done is None:
        return "unknown"
    return WORDS.get(done.stdout.strip(), "unknown")
