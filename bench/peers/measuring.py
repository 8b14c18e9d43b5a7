"""What is asked of every forum, and what an answer cost."""

import json
import os
import random
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from bench.peers.peer import Addresses, Running
from bench.peers.places import ROOT

TICKS = os.sysconf("SC_CLK_TCK")
WARMING_SECONDS = 2.0
SLOW_S = 180  # a search may take that long


@dataclass(frozen=True, slots=True)
class Case:
    """One question: who asks for what, how many at once; the addresses say where."""

    name: str
    connections: int
    path: Callable[[Addresses], str] | None = None  # None: many requests, by turns
    requests: Callable[[Addresses], list[dict[str, Any]]] | None = None
    is_member: bool = False


@dataclass(slots=True)
class Figures:
    """What was found in each round. Units: answers a second, ms, CPU-ms an answer."""

    rates: list[float] = field(default_factory=list)
    p95: list[float] = field(default_factory=list)
    machine: list[float] = field(default_factory=list)  # everything but the load program
    server: list[float] = field(default_factory=list)  # the forum's own processes
    failed: list[float] = field(default_factory=list)  # answers that were errors of the server

    def cell(self) -> str:
        """Median of the rounds; of the costs the calmest one: other jobs only ever add."""
        costs = f"{min(self.machine):.1f} ({min(self.server):.1f})"
        failed = f"; {sum(self.failed):.0f} failed" if any(self.failed) else ""
        return f"{median(self.rates):.1f}; {median(self.p95):.0f}; {costs}{failed}"


def _others(addresses: Addresses) -> list[dict[str, Any]]:
    return [{"method": "GET", "path": path} for path in addresses.threads]


def _replies(addresses: Addresses) -> list[dict[str, Any]]:
    return [
        {"method": "POST", "path": each.path, "headers": each.headers, "body": each.body}
        for each in addresses.replies
    ]


CASES = (
    Case("thread, guest, 1 connection", 1, lambda where: where.thread),
    Case("thread, guest, 16", 16, lambda where: where.thread),
    Case("another thread each time, guest, 16", 16, requests=_others),
    Case("thread, member, 16", 16, lambda where: where.thread, is_member=True),
    Case("last page of 10,000 posts, guest, 16", 16, lambda where: where.last_page),
    Case("list of a category, guest, 16", 16, lambda where: where.category),
    Case("search, a common word, member, 4", 4, lambda where: where.search, is_member=True),
    Case("posting, member, 8", 8, requests=_replies),  # the last: it changes what is read
)


def shown(running: Running) -> str:
    """How many posts a page of the thread shows, and how large it is."""
    html = httpx.get(f"http://localhost:{running.port}{running.addresses.thread}").text
    posts = len(re.findall(running.addresses.post_mark, html))
    if posts == 0:
        raise SystemExit(f"{running.addresses.thread} shows no post:\n{html[:2000]}")
    return f"{posts} posts, {len(html.encode()) // 1000} KB"


def measure(running: Running, seconds: float, found: dict[str, Figures]) -> None:
    """Ask every question for so many seconds, each after some that are not counted."""
    guests = _guest_cookies(running)
    for case in CASES:
        _asked(running, case, min(WARMING_SECONDS, seconds), guests)
        busy, own, asking = _machine_s(), _session_s(running.pid), _children_s()
        answers = _asked(running, case, seconds, guests)
        machine = _machine_s() - busy - (_children_s() - asking)
        figures = found.setdefault(case.name, Figures())
        count = answers["answers"]
        figures.rates.append(count / answers["seconds"])
        figures.p95.append(answers["p95"])
        figures.failed.append(answers.get("failed", 0))
        figures.machine.append(machine / count * 1000)
        figures.server.append((_session_s(running.pid) - own) / count * 1000)


def _guest_cookies(running: Running) -> list[str]:
    """What a guest was given at the first visit and brings along ever after."""
    answer = httpx.get(f"http://localhost:{running.port}{running.addresses.category}")
    cookies = [f"{name}={value}" for name, value in answer.cookies.items()]
    return ["; ".join(cookies)] if cookies else []


def _asked(running: Running, case: Case, seconds: float, guests: list[str]) -> dict[str, float]:
    addresses = running.addresses
    if case.requests:
        cookie = {"Cookie": guests[0]} if guests else {}
        requests = _from_anywhere(case.requests(addresses))
        what = {
            "port": running.port,
            "connections": case.connections,
            "seconds": seconds,
            "requests": [
                {**each, "headers": {**cookie, **each.get("headers", {})}} for each in requests
            ],
        }
        command, given = ["bench.peers.asking"], json.dumps(what)
    else:
        assert case.path
        cookies = addresses.members if case.is_member else guests
        words = [str(running.port), case.path(addresses), str(case.connections), str(seconds)]
        command, given = ["bench.load", *words, *cookies], ""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds + SLOW_S,
    )
    if done.returncode:
        raise SystemExit(f"{case.name}: {done.stderr or done.stdout}\n{running.log()[-4000:]}")
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _from_anywhere(requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Beginning at another place each time: the first were asked while warming, and before.

    The order stays: each is the next member's, and NodeBB lets nobody post twice at once.
    """
    first = random.randrange(len(requests))
    return requests[first:] + requests[:first]


def _machine_s() -> float:
    """Processor time of the whole machine: user, nice, system, interrupts."""
    user, nice, system, _idle, _waits, hard, soft = map(
        int, Path("/proc/stat").read_text().split()[1:8]
    )
    return (user + nice + system + hard + soft) / TICKS


def _children_s() -> float:
    """Processor time of the load programs that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _session_s(session: int) -> float:
    """Processor time of a server and all it started: they share a session."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
        if int(fields[3]) == session:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS
