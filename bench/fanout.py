"""How long from a reply until the last of N listeners has it, beside a bare broadcast.

    python -m bench.fanout [listeners ...]

Starts the forum's launcher as `bench.pages` does. N guests listen to one thread, then N
different members; a member replies.
The bare broadcast hands a ready frame of the same size to the same hub and sockets: no form, no
database, no rendering. Replies and broadcasts by turns; sockets and posting are another process.
Both times begin with the request, so a reply has its action and its rendering in it: "announced"
tells how long those took. "KiB a socket" is what the server's process holds more with them than
before the first, after all have settled.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.serving import memory_kib, sessions
from tests.live.serving import ROOT, Serving

ROUNDS = 15
STAGES = ("announced", "taken", "first", "written", "last", "cpu")
BOUND_SECONDS = 240
FILL = ("fill", "--anyway", "--threads", "1", "--posts", "20")
THREAD = (
    "from forum.discussions.models import Thread;"
    " print(*Thread.objects.latest_first().values_list('pk', 'seq').first())"
)


def main(sizes: list[int]) -> None:
    print(f"manage.py up, DEBUG off, {ROUNDS} rounds, ms: least/median/most")
    for size in sizes:
        for who, members in (("guests", 0), ("members", size)):
            # A process gives back no memory: each is asked what its first listeners take.
            place = tempfile.TemporaryDirectory(prefix="forum-bench-")
            with place as directory, _serving(directory) as server:
                server.manage(*FILL)
                _report(size, who, _measure(server, size, sessions(server, 1 + members)))


def _serving(directory: str) -> Serving:
    return Serving(
        Path(directory),
        command=("manage.py", "up", "--no-demo", "--workers", "0"),
        DEBUG="false",
        DJANGO_SETTINGS_MODULE="bench.bare_settings",
        SITE_URL="http://localhost",
        LIVE_SOCKETS_PER_ADDRESS="100000",
        POSTS_PER_MINUTE="100000",
    )


def _measure(server: Serving, listeners: int, keys: list[str]) -> dict[str, list[dict[str, float]]]:
    given = [str(server.port), str(listeners), str(ROUNDS), *server.run(THREAD).split(), *keys]
    before = memory_kib(server)
    with subprocess.Popen(
        [sys.executable, "-m", "bench.listeners", *given],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        settled = process.stdout.readline()
        held = (memory_kib(server) - before) / listeners
        out, errors = process.communicate(timeout=BOUND_SECONDS)
    if process.returncode or not settled:
        raise SystemExit(f"{errors}\n{server.log()}")
    print(f"{listeners:6} sockets: {held:.1f} KiB a socket")
    return json.loads(out)


def _report(listeners: int, who: str, figures: dict[str, list[dict[str, float]]]) -> None:
    print(f"{listeners:6} {who}, frame of {figures['reply'][0]['bytes']:.0f} bytes")
    for name, rounds in figures.items():
        print(f"  {name:9}", "  ".join(_stage(stage, rounds) for stage in STAGES))
    reply, bare = (_delivery(figures[name]) for name in ("reply", "broadcast"))
    whole = [statistics.median(_of("last", figures[name])) for name in ("reply", "broadcast")]
    best = [min(_of("last", figures[name])) for name in ("reply", "broadcast")]
    print(
        f"  ratio from the request {whole[0] / whole[1]:.2f}, of the best rounds"
        f" {best[0] / best[1]:.2f}; from the announcement {reply / bare:.2f}"
    )


def _stage(stage: str, rounds: list[dict[str, float]]) -> str:
    found = _of(stage, rounds)
    return f"{stage} {min(found):.0f}/{statistics.median(found):.0f}/{max(found):.0f}"


def _of(stage: str, rounds: list[dict[str, float]]) -> list[float]:
    return [each[stage] for each in rounds]


def _delivery(rounds: list[dict[str, float]]) -> float:
    """The milliseconds from the announcement until the last listener has it."""
    return statistics.median(each["last"] - each["announced"] for each in rounds)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [100, 1000])
