#!/usr/bin/env python3
"""Whether a reply to a thread of many followers is as fast as to one of few, and how long the
worker then takes to tell them all.

    python -m bench.notifications [followers ...]

Starts the forum's launcher with no worker in it, as in production, where workers are processes of
their own. One member replies to each thread by turns, over one connection; what is timed is the
whole request. Then the worker's handler spreads each of these replies, in a process that does
nothing else: what is timed is the first reply, which makes a notification for every follower, and
the later ones, which let it grow.
"""

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import httpx

from bench.serving import cpu_seconds, sessions
from tests.live.serving import Serving

SIZES = [5, 5_000]
ROUNDS = 40
FIRST_ROUNDS = 3  # not counted: what is kept is not there yet
FILL = ("fill", "--anyway", "--threads", "2", "--posts", "20")
FOLLOWERS = """
import json
from accounts.models import User
from forum.discussions.models import Thread
from forum.notifications.models import Follow
sizes = {sizes}
threads = list(Thread.objects.latest_first()[: len(sizes)])
users = User.objects.bulk_create(
    User(email=f"slucha-{{n}}@example.org", display_name=f"Obserwuje {{n}}", password="!")
    for n in range(max(sizes))
)
for thread, size in zip(threads, sizes):
    Follow.objects.filter(place=f"thread.{{thread.pk}}").delete()
    Follow.objects.bulk_create(
        Follow(user=user, place=f"thread.{{thread.pk}}") for user in users[:size]
    )
print(json.dumps([thread.pk for thread in threads]))
"""
SPREAD = """
import json, time
from forum.discussions.models import Post
from forum.notifications.actions.spreading import spread
from forum.notifications.models import Event, Item
found = {{}}
for event in Event.objects.filter(spread_at=None).order_by("pk"):
    post = Post.objects.get(pk=event.about_pk)
    begin = time.perf_counter()
    spread.call(event.pk)
    found.setdefault(str(post.thread_id), []).append(time.perf_counter() - begin)
told = {{pk: Item.objects.filter(event__about__in=[
    f"post.{{post}}" for post in Post.objects.filter(thread=pk).values_list("pk", flat=True)
]).values("user").distinct().count() for pk in found}}
print(json.dumps([found, told]))
"""


def main(sizes: list[int]) -> None:
    with tempfile.TemporaryDirectory(prefix="forum-bench-") as directory:
        server = Serving(
            Path(directory),
            command=("manage.py", "up", "--no-demo", "--workers", "0"),
            DEBUG="false",
            SITE_URL="http://localhost",
            POSTS_PER_MINUTE="100000",
        )
        with server:
            server.manage(*FILL)
            (author,) = sessions(server, 1)
            threads = json.loads(server.run(FOLLOWERS.format(sizes=sizes)))
            print(
                f"manage.py up, DEBUG off, no worker, {ROUNDS} replies by turns, ms: least/median"
            )
            replied, cpu = _replies(server, author, threads)
            found, told = json.loads(server.run(SPREAD.format()))
    for size, thread in zip(sizes, threads, strict=True):
        _report(size, replied[thread], cpu[thread], found[str(thread)], told[str(thread)])


def _replies(
    server: Serving, author: str, threads: list[int]
) -> tuple[dict[int, list[float]], dict[int, float]]:
    """How long each reply's request took, and the server's processor time for all, by thread."""
    took: dict[int, list[float]] = {thread: [] for thread in threads}
    cpu = dict.fromkeys(threads, 0.0)
    headers = {"X-Fragment": "1", "Origin": server.origin}
    with httpx.Client(
        base_url=server.origin, cookies={"sessionid": author}, headers=headers, timeout=60
    ) as client:
        client.get("/")
        client.headers["X-CSRFToken"] = client.cookies["csrftoken"]
        for number in range(FIRST_ROUNDS + ROUNDS):
            # Whoever is first profits from nothing and pays for nothing.
            for thread in threads if number % 2 else reversed(threads):
                form = {"body": f"Odpowiedź {number}", "body_format": "markdown"}
                used, begin = cpu_seconds(server), time.perf_counter()
                response = client.post(f"/threads/{thread}/replies/", data=form)
                seconds = time.perf_counter() - begin
                assert response.status_code == 201, response.text
                if number >= FIRST_ROUNDS:
                    took[thread].append(seconds)
                    cpu[thread] += cpu_seconds(server) - used
    return took, cpu


def _report(size: int, replied: list[float], cpu: float, spread: list[float], told: int) -> None:
    least, median = min(replied) * 1000, statistics.median(replied) * 1000
    first, later = spread[0], statistics.median(spread[1:])
    print(
        f"{size:>6} followers: the request {least:.1f}/{median:.1f},"
        f" {cpu / len(replied) * 1000:.1f} CPU-ms;"
        f" spread first {first:.2f} s, later {later:.2f} s; {told} members told"
    )


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or SIZES)
