"""Does the forum stay as fast with 1,000,000 posts as with 10,000?

    DATABASE_URL=postgres://… REDIS_URL=redis://… python -m bench.growth [posts ...]

Starts the launcher with DEBUG off for each size (10,000 and 100,000; 1,000,000 too on PostgreSQL),
fills the new forum with threads of about 50 posts over 400 days, and asks one page after the other,
each time of another thread of those written last: no kept page answers, and as many fragments are
kept at every size. The first requests of each case are not counted. Two figures stand side by side:
the median of the calmest third of the requests in ms, and what a request costs the processor: of
the server, and of PostgreSQL, whose processes are those of the benchmark's own database. Another
job on the machine only ever adds to the first, next to nothing to the second. The twenty members
wrote a sixtieth of all posts each, a few others 200 whatever the size: what a page shows of a
member's own grows with them for the first only. Each is followed by how many times that of the
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
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import httpx

from bench.serving import TICKS, cpu_seconds, sessions
from tests.live.serving import Serving

POSTS_PER_THREAD = 50
WARMING = 20  # requests of each case that are not counted: plans, statistics, buffers
REQUESTS = 150
CALM_SHARE = 3  # the calmest third
MEMBERS = 20
OTHERS = range(61, 66)  # members behind the sixty whom `fill` lets write
POSTS_OF_OTHERS = 200
CATEGORY = "Próba obciążenia"
WORDS = ("spotkanie", "dotacja", "świetlica", "wolontariusze", "budżet", "biblioteka", "powiat")
AIM = 1.2
WHERE = (
    "from forum.categories.models import Category; from forum.discussions.models import Thread;"
    f" print(Category.objects.get(name='{CATEGORY}').pk,"
    " *Thread.objects.filter(last_number__range=(30, 80)).order_by('-pk')"
    f".values_list('pk', flat=True)[:{WARMING + REQUESTS}])"
)
SETTLED = (
    "from django.db import connection; c = connection.cursor();"
    " connection.set_autocommit(True); c.execute('{analyze}')"
)
# The same number of posts at every size, spread over all threads.
FEW = """
from accounts.models import User
from forum.discussions.models import Post
step = Post.objects.count() // {posts}
first = User.objects.get(email="proba-1@example.org")
for number in range({numbers.start}, {numbers.stop}):
    member = User.objects.get(email=f"proba-{{number}}@example.org")
    Post.objects.filter(author=member).update(author=first)
    pks = Post.objects.order_by("pk").values_list("pk", flat=True)[number::step]
    Post.objects.filter(pk__in=list(pks)).update(author=member)
"""
# Half of the members have read all threads but the latest 30; all were here a year ago.
READ = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import User
from forum.discussions.models import ReadMark, Thread, Visit
now = timezone.now()
numbers = [*range(1, {members} + 1), *range({others.start}, {others.stop})]
emails = [f"proba-{{number}}@example.org" for number in numbers]
members = list(User.objects.filter(email__in=emails).order_by("pk"))
for member in members:
    here = {{"at": now, "since": now - timedelta(days=365)}}
    Visit.objects.update_or_create(user=member, defaults=here)
threads = list(Thread.objects.order_by("-last_post_at").values_list("pk", "last_number"))[30:]
for member in members[1::2]:
    ReadMark.objects.filter(user=member).delete()
    ReadMark.objects.bulk_create(
        [
            ReadMark(user=member, thread_id=pk, ranges=f"1-{{n}}", read_count=n, visited_number=n)
            for pk, n in threads
        ],
        batch_size=2_000,
    )
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one request takes. Units: milliseconds."""

    calm: float  # the median of the calmest third
    server: float  # of its processor
    database: float  # of the processor of PostgreSQL; none of its own on SQLite

    @property
    def processor(self) -> float:
        return self.server + self.database


def main(sizes: list[int]) -> None:
    is_postgresql = "DATABASE_URL" in os.environ
    print(f"{'PostgreSQL' if is_postgresql else 'SQLite'}, load {os.getloadavg()[0]:.1f}")
    found: dict[str, list[Cost]] = {}
    for size in sizes or [10_000, 100_000, *([1_000_000] if is_postgresql else [])]:
        with tempfile.TemporaryDirectory(prefix="forum-bench-") as directory:
            server = Serving(
                Path(directory),
                command=("manage.py", "up", "--no-demo", "--workers", "0"),
                DEBUG="false",
                POSTS_PER_MINUTE="100000",
                SEARCHES_PER_MINUTE="100000",
            )
            with server:
                _fill(server, size, is_postgresql)
                for name, cost in _measured(server).items():
                    found.setdefault(name, []).append(cost)
        _show(size, found)


def _fill(server: Serving, posts: int, is_postgresql: bool) -> None:
    begun = time.monotonic()
    threads = str(max(1, posts // POSTS_PER_THREAD))
    server.manage("fill", "--anyway", "--threads", threads, "--posts", str(posts))
    sessions(server, OTHERS.stop - 1)
    server.run(FEW.format(posts=POSTS_OF_OTHERS, numbers=OTHERS))
    server.run(READ.format(members=MEMBERS, others=OTHERS))
    server.run(SETTLED.format(analyze="VACUUM ANALYZE" if is_postgresql else "ANALYZE"))
    print(f"\n{posts} posts in {time.monotonic() - begun:.0f} s")


def _show(size: int, found: dict[str, list[Cost]]) -> None:
    print(f"{size} posts, load {os.getloadavg()[0]:.1f}; ms, CPU-ms (of the database)")
    for name, costs in found.items():
        first, last = costs[0], costs[-1]
        slower, dearer = last.calm / first.calm, last.processor / first.processor
        missed = "" if min(slower, dearer) <= AIM else "  MISSED"
        print(
            f"  {name:34}{last.calm:8.1f} x{slower:.2f} {last.processor:8.1f}"
            f" ({last.database:4.1f}) x{dearer:.2f}{missed}"
        )


def _measured(server: Serving) -> dict[str, Cost]:
    category, *threads = server.run(WHERE).split()
    keys = sessions(server, OTHERS.stop - 1)
    origin = f"http://localhost:{server.port}"
    with httpx.Client(base_url=origin, timeout=60) as guest:
        members = [_member(origin, key) for key in keys[:MEMBERS]]
        others = [_member(origin, keys[number - 1]) for number in OTHERS]
        turn = iter(range(10**9))
        anew = cycle(threads)  # a case asks for each of them once

        def as_member(path: str) -> None:
            _read(members[next(turn) % MEMBERS], path)

        cases: dict[str, Callable[[], None]] = {
            "thread, guest": lambda: _read(guest, f"/threads/{next(anew)}/"),
            "thread, member": lambda: as_member(f"/threads/{next(anew)}/"),
            "list of a category, guest": lambda: _read(guest, f"/categories/{category}/"),
            "list of a category, member": lambda: as_member(f"/categories/{category}/"),
            "latest threads, member": lambda: as_member("/threads/"),
            "unread threads, member": lambda: as_member("/threads/unread/"),
            "home with its count of news, member": lambda: as_member("/"),
            "home, a member of 200 posts": lambda: _read(others[next(turn) % len(others)], "/"),
            "search, two words": lambda: as_member(f"/search/?q={_words()}"),
            "reply": lambda: _reply(members[next(turn) % MEMBERS], random.choice(threads)),
        }
        return {name: _cost(server, ask) for name, ask in cases.items()}


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


def _cost(server: Serving, ask: Callable[[], None]) -> Cost:
    for _ in range(WARMING):
        ask()
    before, database = cpu_seconds(server), _database_seconds(server)
    times = []
    for _ in range(REQUESTS):
        begun = time.perf_counter()
        ask()
        times.append((time.perf_counter() - begun) * 1000)
    calm = statistics.median(sorted(times)[: REQUESTS // CALM_SHARE])
    per_request = 1000 / REQUESTS
    spent = (cpu_seconds(server) - before) * per_request
    asked = sum(now - database.get(pid, 0.0) for pid, now in _database_seconds(server).items())
    return Cost(calm, spent, asked * per_request)


def _database_seconds(server: Serving) -> dict[str, float]:
    """The processor time of each of PostgreSQL's processes that serve this database: those of
    its pool live on, and a new one begins with none."""
    name = server.environment.get("DATABASE_URL", "").rpartition("/")[2]
    found = {}
    for process in Path("/proc").glob("[0-9]*") if name else ():
        try:
            is_ours = f" {name} ".encode() in (process / "cmdline").read_bytes()
            fields = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if is_ours and fields:
            found[process.name] = (int(fields[11]) + int(fields[12])) / TICKS
    return found


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]])
