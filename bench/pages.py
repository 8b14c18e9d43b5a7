"""How many pages a second, and what one costs, beside a view that does nothing.

    python -m bench.pages [seconds of each measurement] [posts in the large thread]

Starts the forum's launcher with DEBUG off on a database of its own: SQLite, or beside the one of
DATABASE_URL, with the caches of REDIS_URL where given. The view that does nothing stands behind the
same middleware and is served by Django's own handler; the forum's (0050) is named beside it. The
readers are another process. What is compared is measured by turns in several rounds, since the
machine is not alone: CPU-ms are those of the calmest round, the other figures are the median of the
rounds.
"""

import os
import re
import statistics
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bench.serving import cpu_seconds, load, sessions
from tests.live.serving import Serving

SMALL = 20  # posts
SMALL_THREADS = 30  # of which the one is taken that shows as much as a page of the large one
FOLDED = 32  # posts of a small thread that shows about 20 of them as a tree, the rest behind folds
CONNECTIONS = (1, 16, 64)
ROUNDS = 5
MEMBERS = 50
WARMING_SECONDS = 1.5
FRAMEWORK = "/bare/django/"  # bench/bare_asgi.py
ALONE = "alone=1"  # no part of a thread's address: such a page is not shared
POST = re.compile(r'<article class="post"')
OFFICIAL = re.compile(r'<section class="positions"')
THREADS = (
    "from forum.discussions.models import Thread;"
    " print(*Thread.objects.order_by('-last_number').values_list('pk', flat=True))"
)
CATEGORY = (
    "from forum.categories.models import Category;"
    " print(Category.objects.get(name='Próba obciążenia').pk)"
)
MIDDLE = (
    "from forum.discussions.models import Post; roots = Post.objects.roots().filter(thread={pk})"
    ".order_by('path').values_list('path', flat=True); print(roots[roots.count() // 2])"
)
# Whoever began a text in every thread.
DRAFTS = (
    "from forum.discussions.models import Draft, Thread; from accounts.models import User;"
    " user = User.objects.get(email='proba-1@example.org');"
    " Draft.objects.bulk_create(Draft(user=user, thread=thread, context=f'thread-{{thread.pk}}',"
    " body='Zaczęte', body_format='markdown')"
    " for thread in Thread.objects.filter(pk__in=[{pks}]))"
)


@dataclass(slots=True)
class Case:
    """Something to measure: an address, who asks for it, and what was found in each round."""

    name: str
    path: str
    cookies: list[str] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)  # pages a second
    costs: list[float] = field(default_factory=list)  # CPU-ms of the server for one page
    p50: list[float] = field(default_factory=list)  # ms
    p95: list[float] = field(default_factory=list)

    @property
    def cost(self) -> float:
        """Milliseconds of the server's processor for one page, in the calmest round."""
        return min(self.costs)

    def line(self) -> str:
        return (
            f"{statistics.median(self.rates):6.1f} pages/s  {self.cost:5.2f} CPU-ms  "
            f"p50 {statistics.median(self.p50):6.1f} ms  p95 {statistics.median(self.p95):6.1f} ms"
        )


def main(seconds: float, posts: int) -> None:
    with tempfile.TemporaryDirectory(prefix="forum-bench-") as directory:
        server = Serving(
            Path(directory),
            command=("manage.py", "up", "--no-demo", "--workers", "0"),
            DEBUG="false",
            DJANGO_SETTINGS_MODULE="bench.bare_settings",
        )
        with server:
            print(_about(server, seconds))
            for threads, size in ((SMALL_THREADS, SMALL), (SMALL_THREADS, FOLDED), (1, posts)):
                all_posts = str(threads * size)
                fill = ("fill", "--anyway", "--threads", str(threads), "--posts", all_posts)
                print(server.manage(*fill).strip())
            print()
            large, *others = server.run(THREADS).split()
            small = _most_telling(server, others[SMALL_THREADS:])
            as_full = _as_full(server, others[:SMALL_THREADS], large)
            members = [f"sessionid={key}" for key in sessions(server, MEMBERS)]
            server.run(DRAFTS.format(pks=f"{small}, {as_full}, {large}"))
            _against_bare(server, f"/threads/{small}/", members, seconds)
            _lists(server, members, seconds)
            bases = {"tree": as_full, "time": small}
            _large_against_small(server, bases, large, posts, members, seconds)


def _about(server: Serving, seconds: float) -> str:
    database = server.environment.get("DATABASE_URL") or "SQLite"
    caches = "Redis" if os.environ.get("REDIS_URL") else "in the process"
    return (
        f"manage.py up, DEBUG off, one process, {database.split(':')[0]}, caches {caches}; "
        f"{os.cpu_count()} cores shared with the readers, load {os.getloadavg()[0]:.1f}; "
        f"{ROUNDS} rounds of {seconds / ROUNDS:g} s each\n"
    )


def _most_telling(server: Serving, threads: list[str]) -> str:
    """The small thread whose page is most like one of the large: most posts, and the office's."""

    def tells(pk: str) -> tuple[bool, int]:
        html = httpx.get(server.url(f"/threads/{pk}/")).text
        return (bool(OFFICIAL.search(html)), len(POST.findall(html)))

    return max(threads, key=tells)


def _as_full(server: Serving, threads: list[str], large: str) -> str:
    """The small thread that shows as many posts as a tree as the large one: folds hide the rest."""

    def shows(pk: str) -> int:
        return len(POST.findall(httpx.get(server.url(f"/threads/{pk}/?order=tree")).text))

    wanted = shows(large)
    return min(threads, key=lambda pk: abs(shows(pk) - wanted))


def _against_bare(server: Serving, page: str, members: list[str], seconds: float) -> None:
    print(f"A thread page of {SMALL} posts beside a bare view, {len(members)} members by turns:")
    for connections in CONNECTIONS:
        bare = Case("bare, Django's handler", FRAMEWORK)
        cases = [
            bare,
            Case("bare, the forum's handler", "/bare/"),
            Case("guest", page),
            Case("guest who has the page", page, [_who_has(server, page)]),
            Case("member", page, members[1:]),
            Case("bare, the forum's handler, a member", "/bare/", members[1:]),
            Case("member with a draft here", page, members[:1]),
            Case("member, rendered alone", f"{page}?{ALONE}", members[1:]),
        ]
        measure(server, cases, connections, seconds)
        for case in cases:
            share = bare.cost / case.cost
            print(f"  {case.line()}  {share:4.0%}  {case.name}, {connections} conn.")


def _lists(server: Serving, members: list[str], seconds: float) -> None:
    category = server.run(CATEGORY).strip()
    print("\nLists beside a bare view, 16 connections:")
    bare = Case("bare, Django's handler", FRAMEWORK)
    pages = {"home": "/", "a category": f"/categories/{category}/", "latest": "/threads/"}
    cases = [
        Case(f"{name}, {who}", path, cookies)
        for name, path in pages.items()
        for who, cookies in (("guest", []), ("member", members[1:]))
    ]
    measure(server, [bare, *cases], 16, seconds)
    for case in (bare, *cases):
        print(f"  {case.line()}  {bare.cost / case.cost:4.0%}  {case.name}")


def _who_has(server: Serving, page: str) -> str:
    """A guest's cookie, and the question whether the page is as it was."""
    httpx.get(server.url(page))  # the forum begins to count its names
    sent = httpx.get(server.url(page))
    cookie = f"csrftoken={sent.cookies['csrftoken']}"
    has_it = {"If-None-Match": sent.headers["ETag"]}
    again = httpx.get(server.url(page), headers={"Cookie": cookie, **has_it})
    assert again.status_code == httpx.codes.NOT_MODIFIED
    return f"{cookie}\r\nIf-None-Match: {sent.headers['ETag']}"


def _large_against_small(
    server: Serving,
    bases: dict[str, str],
    large: str,
    posts: int,
    members: list[str],
    seconds: float,
) -> None:
    print(
        f"\nPages of a thread of {posts} posts beside a small one that shows as many"
        f" (by time of {SMALL} posts, as a tree of {FOLDED}), 1 connection:"
    )
    last = -(-posts // 20)
    middle = server.run(MIDDLE.format(pk=large))
    places = {
        "tree": {"first": "", "middle": f"&after={middle}", "last": "&before=~"},
        "time": {"first": "", "middle": f"&page={last // 2}", "last": f"&page={last}"},
    }
    for who, more in (("shared", ""), ("alone", f"&{ALONE}")):
        for order, pages in places.items():
            base = Case("small", f"/threads/{bases[order]}/?order={order}{more}", members[1:])
            cases = [
                Case(name, f"/threads/{large}/?order={order}{query}{more}", members[1:])
                for name, query in pages.items()
            ]
            measure(server, [base, *cases], 1, seconds)
            for case in (base, *cases):
                html = httpx.get(server.url(case.path)).text
                print(
                    f"  {case.line()}  x{case.cost / base.cost:.2f}  {who}, {order}, {case.name}:"
                    f" {len(POST.findall(html))} posts, {len(html.encode()) // 1000} KB"
                )


def measure(server: Serving, cases: list[Case], connections: int, seconds: float) -> None:
    """Each case for a while, by turns, until all have had their time."""
    for case in cases:
        # Long enough that every member has been here once.
        load(server, case.path, max(CONNECTIONS), WARMING_SECONDS, case.cookies)
    for _ in range(ROUNDS):
        for case in cases:
            before = cpu_seconds(server)
            found = load(server, case.path, connections, seconds / ROUNDS, case.cookies)
            case.costs.append((cpu_seconds(server) - before) / found["answers"] * 1000)
            case.rates.append(found["answers"] / found["seconds"])
            case.p50.append(found["p50"])
            case.p95.append(found["p95"])


if __name__ == "__main__":
    given = sys.argv[1:]
    main(float(given[0]) if given else 5, int(given[1]) if len(given) > 1 else 100_000)
