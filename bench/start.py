"""How long from the command until the forum answers, and until it is as fast as it will be.

    python -m bench.start [rounds]

Starts the launcher with DEBUG off on a database that is there already (SQLite, or DATABASE_URL),
as after an update or a power cut, again and again: until `/healthz` answers, until the first page
of a thread is whole, and how long the second and the tenth take. "Prepared" has its migrations and
static files ready, as the containers of docs/production.md have; the other start makes sure of
them itself.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

import httpx

from tests.live.serving import Serving

ROUNDS = 5
FILL = ("fill", "--anyway", "--threads", "1", "--posts", "20")
THREAD = (
    "from forum.discussions.models import Thread;"
    " print(Thread.objects.latest_first().values_list('pk', flat=True).first())"
)
WAYS = {"by itself": (), "prepared": ("--prepared",)}


def main(rounds: int) -> None:
    print(f"manage.py up, DEBUG off, {rounds} starts each, ms: least/median")
    for name, options in WAYS.items():
        with tempfile.TemporaryDirectory(prefix="forum-bench-") as directory:
            command = ("manage.py", "up", "--no-demo", "--workers", "0", *options)
            server = Serving(Path(directory), command=command, DEBUG="false")
            with server:
                server.manage("prepare")
                server.manage(*FILL)
                page = f"/threads/{server.run(THREAD).strip()}/"
                found = [_start(server, page) for _ in range(rounds)]
        print(f"  {name:10}", "  ".join(_said(stage, found) for stage in found[0]))


def _start(server: Serving, page: str) -> dict[str, float]:
    server.stop()
    begun = time.perf_counter()
    server.start()
    found = {"healthy": _ms(begun)}
    with httpx.Client(base_url=server.origin, timeout=30) as client:
        for number in range(1, 11):
            asked = time.perf_counter()
            client.get(page).raise_for_status()
            if number == 1:
                found["first page whole"] = _ms(begun)
            if number in (1, 2, 10):
                found[f"page {number} took"] = _ms(asked)
    return found


def _ms(begun: float) -> float:
    return (time.perf_counter() - begun) * 1000


def _said(stage: str, found: list[dict[str, float]]) -> str:
    times = [each[stage] for each in found]
    return f"{stage} {min(times):.0f}/{statistics.median(times):.0f}"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
