"""Lighthouse's four numbers of the pages that people come to first, as a telephone on a slow line
sees them, and what a thread weighs at a first visit.

    python -m bench.lighthouse [rounds]

Needs Node (`npx` fetches Lighthouse), Chromium, PostgreSQL, Redis and nginx. The forum runs as in
production, behind its proxy (but without TLS, hence without HTTP/2), with the demo county. Of each
page the median of the rounds is shown; exits 1 where an aim is missed.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from tests.production.installation import Installation
from tests.proof.browser import ensure

LIGHTHOUSE = "lighthouse@13.5.0"
AIMS = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
TIMES = (
    ("FCP", "first-contentful-paint"),
    ("LCP", "largest-contentful-paint"),
    ("TBT", "total-blocking-time"),
    ("CLS", "cumulative-layout-shift"),
    ("SI", "speed-index"),
)
THREAD = "thread"
RUN_TIMEOUT_S = 300
TRIES = 3
BROWSER_FLAGS = "--headless=new --no-sandbox --disable-gpu"


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    if shutil.which("npx") is None:
        raise SystemExit("Lighthouse needs Node: https://nodejs.org")
    os.environ["CHROME_PATH"] = ensure()
    is_met = True
    with _forum() as origin:
        print(f"{LIGHTHOUSE}, mobile, median of {rounds} rounds; aims {list(AIMS.values())}")
        print(f"{'page':12}{''.join(f'{name:>16}' for name in AIMS)}  what it found")
        for name, path in _pages(origin).items():
            reports = [_report(origin + path) for _ in range(rounds)]
            numbers = {each: median(_number(report, each) for report in reports) for each in AIMS}
            is_met &= all(numbers[each] >= aim for each, aim in AIMS.items())
            row = "".join(f"{numbers[each]:16.0f}" for each in AIMS)
            print(f"{name:12}{row}  {_times(reports[-1])} {', '.join(_faults(reports[-1]))}")
            if name == THREAD:
                weight = _weight(reports[-1])
    print(f"A thread at a first visit: {weight}")
    sys.exit(not is_met)


def _pages(origin: str) -> dict[str, str]:
    """The paths of the pages: a category, thread and profile that the demo county has."""
    threads = _read(f"{origin}/threads/")
    directory = _read(f"{origin}/organizations/")
    thread = _first(r"/threads/\d+/", threads)
    return {
        "home": "/",
        "category": _first(r"/categories/\d+/", _read(origin + thread)),
        THREAD: thread,
        "search": "/search/?q=dotacja",
        "profile": _first(r"/organizations/\d+/", directory),
    }


def _first(pattern: str, html: str) -> str:
    found = re.search(rf'href="({pattern})"', html)
    assert found, pattern
    return found[1]


def _read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return str(answer.read().decode())


def _report(address: str) -> dict[str, Any]:
    """What Lighthouse says of the page; asked again where the browser gave it no recording."""
    command = ["npx", "--yes", LIGHTHOUSE, address, "--quiet", "--output=json"]
    flags = [f"--chrome-flags={BROWSER_FLAGS}", f"--only-categories={','.join(AIMS)}"]
    for _ in range(TRIES):
        done = subprocess.run(
            [*command, *flags], capture_output=True, text=True, check=False, timeout=RUN_TIMEOUT_S
        )
        if not done.returncode:
            report: dict[str, Any] = json.loads(done.stdout)
            return report
    raise SystemExit(done.stderr)


def _number(report: dict[str, Any], category: str) -> float:
    return 100 * float(report["categories"][category]["score"] or 0)


def _times(report: dict[str, Any]) -> str:
    """What the performance is made of, of one round."""
    return " ".join(f"{short} {report['audits'][name]['displayValue']}" for short, name in TIMES)


def _faults(report: dict[str, Any]) -> list[str]:
    """What was found wrong, outside the performance, which is a matter of degree."""
    named = {
        audit["id"]
        for category in AIMS
        if category != "performance"
        for audit in report["categories"][category]["auditRefs"]
        if audit["weight"]
    }
    return [
        f"{name} {_where(report['audits'][name])}"
        for name in sorted(named)
        if report["audits"][name]["score"] == 0
    ]


def _where(audit: dict[str, Any]) -> str:
    """The first places an audit names, as selectors."""
    items = audit.get("details", {}).get("items", [])
    nodes = [item["node"]["selector"] for item in items if "node" in item]
    return f"({'; '.join(nodes[:3])})" if nodes else ""


def _weight(report: dict[str, Any]) -> str:
    items = report["audits"]["network-requests"]["details"]["items"]
    kinds: dict[str, int] = {}
    for item in items:
        kind = item.get("resourceType", "Other")
        kinds[kind] = kinds.get(kind, 0) + item["transferSize"]
    parts = ", ".join(f"{kind} {size / 1024:.0f} KiB" for kind, size in sorted(kinds.items()))
    return f"{sum(kinds.values()) / 1024:.0f} KiB in {len(items)} requests ({parts})"


@contextmanager
def _forum() -> Iterator[str]:
    """The address of the proxy before an installation as docker-compose.yml describes it."""
    place = Path(tempfile.mkdtemp(prefix="forum-lighthouse-"))  # PostgreSQL's user passes through
    try:
        with Installation(place) as forum:
            forum.manage("demo", "--anyway")
            yield forum.origin
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
