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
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg

SIZES = {"sqlite": (10_000, 100_000, 200_000), "postgresql": (10_000, 100_000, 1_000_000)}


def main(sizes: list[int]) -> None:
    url = os.environ.get("DATABASE_URL", "")
    vendor = "postgresql" if url.startswith("postgres") else "sqlite"
    found = {}
    for size in sizes or SIZES[vendor]:
        done = subprocess.run(
            [sys.executable, "-m", "bench.search_questions", str(size)],
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
    with psycopg.connect(url, autocommit=True) as server:
        there = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if there is None:
            server.execute(f"CREATE DATABASE {name}")
    return {**place, "DATABASE_URL": f"{url.rpartition('/')[0]}/{name}"}


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
    # Two rare words seldom meet: that pair is the time of finding nothing.
    for common, rare in (("one common", "one rare"), ("common, common", "rare, rare")):
        times = largest[common]["calm"] / largest[rare]["calm"]
        print(f"\n{common!r} beside {rare!r}: x{times:.1f} (aim for a word: at most x10)")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
