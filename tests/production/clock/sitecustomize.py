"""Python runs this at its start where PYTHONPATH leads here: the time of day is what a file says.

The file holds by how many seconds the clock is wrong. The monotonic clock goes on as it is, as it
does when an administrator or a time server sets the time of day.
"""

import datetime
import os
import threading
import time
from pathlib import Path

import time_machine

LOOK_EVERY_S = 0.2


def follow(file: Path) -> None:
    """Set the clock whenever the file says something new."""
    right = time.monotonic() - time.time()
    wrong_by = 0
    travel = None
    while True:
        if (said := int(file.read_text() or wrong_by)) != wrong_by:
            wrong_by = said
            if travel is not None:
                travel.stop()
            now = time.monotonic() - right + wrong_by
            travel = time_machine.travel(datetime.datetime.fromtimestamp(now, datetime.UTC))
            travel.start()
        time.sleep(LOOK_EVERY_S)


threading.Thread(target=follow, args=(Path(os.environ["CLOCK_FILE"]),), daemon=True).start()
