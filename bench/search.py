#!/usr/bin/env python3
"""How long a question takes, in 10,000, 100,000 and more posts, and how it grows.

    python -m bench.search [posts ...]

On SQLite up to 200,000 posts; with DATABASE_URL=postgres://user@host/any on PostgreSQL up to
1,000,000, each size in a database of its own, `forum_search_<posts>`. The data is made at the first
run (PostgreSQL: ten minutes) and kept for the next; SQLite's in BENCH_DIR, else in the temporary
directory. What is timed is `find`, from the words typed to fifteen results with their snippets,
in one process, with caches warm. Each question of a kind is asked three times: p50 and p95 are of
all of them, `calm` is the p95 of the best of each three, `CPU` the median processor time of
Python alone. Then posts are put into the index one by one, each in its transaction.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

SIZES = {"sqlite": (10_000, 100_000, 200_000), "postgresql": (10_000, 100_000, 1_000_000)}
QUESTIONS = 25  # of each kind
ASKED = 3  # times each
POSTED = 200
COMMON, RARE_USES = 40, 30  # the words used most; a rare word stands in about so many posts
ONE = "--one"


def main(sizes: list[int]) -> None:
    url = os.environ.get("DATABASE_URL", "")
    vendor = "postgresql" if url.startswith("postgres") else "sqlite"
    found = {}
    for size in sizes or SIZES[vendor]:
        done = subprocess.run(
            [sys.executable, "-m", "bench.search", ONE, str(size)],
            env={**os.environ, **_place(url, size)},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        found[size] = json.loads(done.stdout.splitlines()[-1])
    _report(vendor, found)


def _place(url: str, size: int) -> dict[str, str]:
    """Where the posts of this size are kept, made where it is not there."""
    name = f"forum_search_{size}"
    kept = Path(os.environ.get("BENCH_DIR", Path(tempfile.gettempdir()) / "forum-bench")) / name
    kept.mkdir(parents=True, exist_ok=True)
    place = {"DEBUG": "false", "SITE_URL": "http://localhost", "DATA_DIR": str(kept)}
    if not url.startswith("postgres"):
        return place
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        there = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if there is None:
            server.execute(f"CREATE DATABASE {name}")
    return {**place, "DATABASE_URL": f"{url.rpartition('/')[0]}/{name}"}


def one(size: int) -> None:
    """Measure one size in this process; the last line printed is JSON."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forum_site.settings")
    django.setup()
    from django.core.management import call_command

    from bench import search_questions
    from bench.search_data import Vocabulary, build

    call_command("migrate", verbosity=0)
    vocabulary = Vocabulary()
    begin = time.perf_counter()
    build(size, vocabulary)
    print(f"{size} posts, ready in {time.perf_counter() - begin:.0f} s", file=sys.stderr)
    kinds = search_questions.kinds(vocabulary, size, QUESTIONS)
    found = {name: _measure(asks) for name, asks in kinds}
    found["posting"] = _measure(search_questions.posts(vocabulary, POSTED), times=1)
    print(json.dumps(found))


def _measure(asks: Iterator[Callable[[], object]], times: int = ASKED) -> dict[str, float]:
    every, best, cpu = [], [], []
    for ask in asks:
        took = []
        for _ in range(times):
            begin, used = time.perf_counter(), time.process_time()
            ask()
            took.append((time.perf_counter() - begin) * 1000)
            cpu.append((time.process_time() - used) * 1000)
        every += took
        best.append(min(took))
    return {
        "p50": statistics.median(every),
        "p95": _percentile(every),
        "calm": _percentile(best),
        "cpu": statistics.median(cpu),
    }


def _percentile(values: list[float]) -> float:
    return sorted(values)[min(round(0.95 * len(values)), len(values) - 1)]


def _report(vendor: str, found: dict[int, dict[str, dict[str, float]]]) -> None:
    print(f"\n{vendor}, ms: p50 / p95 (calm p95; CPU)\n")
    print("| question | " + " | ".join(f"{size:,} posts" for size in found) + " |")
    print("| --- |" + " --- |" * len(found))
    for name in next(iter(found.values())):
        cells = (
            "{p50:.0f} / {p95:.0f} ({calm:.0f}; {cpu:.0f})".format(**each[name])
            for each in found.values()
        )
        print(f"| {name} | " + " | ".join(cells) + " |")
    largest = found[max(found)]
    times = largest["common, common"]["calm"] / largest["rare, rare"]["calm"]
    print(f"\nTwo common words beside two rare ones: x{times:.1f} (aim: at most x10)")


if __name__ == "__main__":
    if ONE in sys.argv:
        one(int(sys.argv[-1]))
    else:
        main([int(size) for size in sys.argv[1:]])
