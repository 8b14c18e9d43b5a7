"""Does the forum stay as fast with 1,000,000 posts as with 10,000?

    DATABASE_URL=postgres://… REDIS_URL=redis://… python -m bench.growth [posts ...]

Starts the launcher with DEBUG off, fills the forum up to each size with threads of about 50 posts
(10,000 and 100,000; 1,000,000 too on PostgreSQL), and asks one page after the other, each time of
another thread, so that no kept page answers. What is compared is the calmest third of the requests:
another job on the machine only ever adds. Each figure is followed by how many times that of the
smallest size it is (aim: 1.2).
"""

import os
import random
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import httpx

from bench.serving import sessions
from tests.live.serving import Serving

POSTS_PER_THREAD = 50
REQUESTS = 60
CALM_SHARE = 3  # the calmest third
MEMBERS = 20
CATEGORY = "Próba obciążenia"
WORDS = ("spotkanie", "dotacja", "świetlica", "wolontariusze", "budżet", "biblioteka", "powiat")
AIM = 1.2
WHERE = (
    "from forum.categories.models import Category; from forum.discussions.models import Thread;"
    f" print(Category.objects.get(name='{CATEGORY}').pk,"
    " *Thread.objects.filter(last_number__range=(30, 80)).order_by('?')"
    ".values_list('pk', flat=True)[:400])"
)
SETTLED = (
    "from django.db import connection; c = connection.cursor();"
    " connection.set_autocommit(True); c.execute('{analyze}')"
)


def main(sizes: list[int]) -> None:
    with tempfile.TemporaryDirectory(prefix="forum-bench-") as directory:
        server = Serving(
            Path(directory),
            command=("manage.py", "up", "--no-demo", "--workers", "0"),
            DEBUG="false",
            POSTS_PER_MINUTE="100000",
            SEARCHES_PER_MINUTE="100000",
        )
        is_postgresql = "DATABASE_URL" in os.environ
        with server:
            print(f"{'PostgreSQL' if is_postgresql else 'SQLite'}, load {os.getloadavg()[0]:.1f}")
            found: dict[str, list[float]] = {}
            there = 0
            for size in sizes or [10_000, 100_000, *([1_000_000] if is_postgresql else [])]:
                _grow(server, size - there, is_postgresql)
                there = size
                for name, ms in _measured(server).items():
                    found.setdefault(name, []).append(ms)
                _show(size, found)


def _grow(server: Serving, more: int, is_postgresql: bool) -> None:
    begun = time.monotonic()
    threads = str(max(1, more // POSTS_PER_THREAD))
    server.manage("fill", "--anyway", "--threads", threads, "--posts", str(more))
    server.run(SETTLED.format(analyze="VACUUM ANALYZE" if is_postgresql else "ANALYZE"))
    print(f"\n{more} more posts in {time.monotonic() - begun:.0f} s")


def _show(size: int, found: dict[str, list[float]]) -> None:
    print(f"{size} posts, ms")
    for name, times in found.items():
        grown = times[-1] / times[0]
        print(f"  {name:34}{times[-1]:8.1f}   x{grown:.2f}{'' if grown <= AIM else '  MISSED'}")


def _measured(server: Serving) -> dict[str, float]:
    category, *threads = server.run(WHERE).split()
    keys = sessions(server, MEMBERS)
    origin = f"http://localhost:{server.port}"
    with httpx.Client(base_url=origin, timeout=60) as guest:
        members = [_member(origin, key) for key in keys]
        turn = iter(range(10**9))

        def as_member(path: str) -> None:
            _read(members[next(turn) % MEMBERS], path)

        cases: dict[str, Callable[[], None]] = {
            "thread, guest": lambda: _read(guest, f"/threads/{random.choice(threads)}/"),
            "thread, member": lambda: as_member(f"/threads/{random.choice(threads)}/"),
            "list of a category, guest": lambda: _read(guest, f"/categories/{category}/"),
            "list of a category, member": lambda: as_member(f"/categories/{category}/"),
            "latest threads, member": lambda: as_member("/threads/"),
            "home, member (new, unread)": lambda: as_member("/"),
            "search, two words": lambda: as_member(f"/search/?q={_words()}"),
            "reply": lambda: _reply(members[next(turn) % MEMBERS], random.choice(threads)),
        }
        return {name: _calm(ask) for name, ask in cases.items()}


def _words() -> str:
    return "+".join(random.sample(WORDS, 2))


def _member(origin: str, key: str) -> httpx.Client:
    token = "a" * 32
    cookies = {"sessionid": key, "csrftoken": token}
    headers = {"X-CSRFToken": token, "X-Fragment": "1", "Origin": origin}
    return httpx.Client(base_url=origin, cookies=cookies, headers=headers, timeout=60)


def _read(client: httpx.Client, path: str) -> None:
    client.get(path).raise_for_status()


def _reply(client: httpx.Client, thread: str) -> None:
    fields = {"body": f"Wpis {uuid.uuid4()}", "body_format": "markdown", "once": str(uuid.uuid4())}
    client.post(f"/threads/{thread}/replies/", data=fields).raise_for_status()


def _calm(ask: Callable[[], None]) -> float:
    """The median of the calmest third. Units: milliseconds."""
    times = []
    for _ in range(REQUESTS):
        begun = time.perf_counter()
        ask()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(sorted(times[5:])[: REQUESTS // CALM_SHARE])


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]])
