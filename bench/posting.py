"""How many replies a second, and what one costs.

    DATABASE_URL=postgres://… REDIS_URL=redis://… python -m bench.posting [seconds] [processes ...]

Starts the forum's launcher with DEBUG off and no worker in it, as in production, on SQLite or
beside the database of DATABASE_URL: one process of the web, then so many. Fifty members reply by
turns, over keep-alive connections of another process: to one thread, and to thirty by turns. Each
reply is one action in one transaction, with its words in the index, the event of which followers
are told, and the text of it in two languages for whoever listens. CPU-ms are those of the web, and
of the whole machine less the posters', which counts the database in.
"""

import contextlib
import os
import resource
import sys
import tempfile
from pathlib import Path

from bench.serving import cpu_seconds, figures_of, machine_cpu_seconds, sessions
from tests.live.serving import Serving

MEMBERS = 50
THREADS = 30
CONNECTIONS = (1, 8, 16)
WARMING_SECONDS = 3
FILL = ("fill", "--anyway", "--threads", str(THREADS), "--posts", str(THREADS * 20))
NEWEST = (
    "from forum.discussions.models import Thread;"
    f" print(*Thread.objects.latest_first().values_list('pk', flat=True)[:{THREADS}])"
)
UNLIMITED = {"POSTS_PER_MINUTE": "1000000", "DEBUG": "false"}


def main(seconds: float, numbers: list[int]) -> None:
    with tempfile.TemporaryDirectory(prefix="forum-bench-") as directory:
        command = ("manage.py", "up", "--no-demo", "--workers", "0")
        first = Serving(Path(directory, "1"), command=command, **UNLIMITED)
        with first, contextlib.ExitStack() as stack:
            first.manage(*FILL)
            servers = [first]
            threads = first.run(NEWEST).split()
            keys = sessions(first, MEMBERS)
            is_postgresql = "DATABASE_URL" in os.environ
            print(f"{'PostgreSQL' if is_postgresql else 'SQLite'}, load {os.getloadavg()[0]:.1f}")
            for number in numbers:
                while len(servers) < number:
                    servers.append(stack.enter_context(_beside(first, command)))
                _measure(servers[:number], threads, keys, seconds)


def _beside(first: Serving, command: tuple[str, ...]) -> Serving:
    """One more web process on the same data."""
    shared = {"DATABASE_URL": first.environment["DATABASE_URL"]}
    return Serving(first.data_dir, command=command, **UNLIMITED, **shared)


def _measure(servers: list[Serving], threads: list[str], keys: list[str], seconds: float) -> None:
    print(f"{len(servers)} web process(es):")
    _load(servers, max(CONNECTIONS), WARMING_SECONDS, threads, keys)
    for name, places in (("one thread", threads[:1]), (f"{len(threads)} threads", threads)):
        for connections in CONNECTIONS:
            web = sum(cpu_seconds(server) for server in servers)
            whole = machine_cpu_seconds()
            own = _own_cpu_seconds()
            found = _load(servers, connections, seconds, places, keys)
            answers = found["answers"]
            web = (sum(cpu_seconds(server) for server in servers) - web) / answers * 1000
            whole = machine_cpu_seconds() - whole - (_own_cpu_seconds() - own)
            print(
                f"  {answers / found['seconds']:6.1f} replies/s  web {web:5.1f} CPU-ms  with the"
                f" database {whole / answers * 1000:5.1f}  p50 {found['p50']:6.1f} ms"
                f"  p95 {found['p95']:6.1f} ms  errors {found['errors'] or 'none'}"
                f"  {name}, {connections} conn."
            )


def _own_cpu_seconds() -> float:
    """What the posters took, which have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _load(
    servers: list[Serving], connections: int, seconds: float, threads: list[str], keys: list[str]
) -> dict[str, float]:
    ports = ",".join(str(server.port) for server in servers)
    given = [ports, str(connections), str(seconds), ",".join(threads), *keys]
    return figures_of("bench.posters", given, seconds, servers[0])


if __name__ == "__main__":
    given = sys.argv[1:]
    main(float(given[0]) if given else 5, [int(each) for each in given[1:]] or [1])
