"""What breaks while members write and pages are open, and what must hold when it is whole again.

After each fault every page equals a fresh page within ten seconds, and every post that was answered
2xx exists once, as does its notification (tests/production/town.py).
"""

import os
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.production.crowd import thread_and_members
from tests.production.installation import Installation
from tests.production.town import MEMBERS, Town

pytestmark = [pytest.mark.server, pytest.mark.postgresql]


@pytest.fixture
def town(forum: Installation, request: pytest.FixtureRequest) -> Town:
    return Town(forum, request.node.name[:60])


def test_pages_follow_where_nothing_breaks(town: Town) -> None:
    """That what is measured below could be seen: without a fault nothing fails at all."""
    with town.living() as writers:
        writers.wait_for(10)
    assert writers.told.failed == []
    assert town.healed_after < 5


def test_redis_is_killed_and_comes_back(forum: Installation, town: Town) -> None:
    with town.living() as writers:
        forum.redis.kill()
        try:
            writers.wait_for(10)  # members go on writing without it
        finally:
            forum.redis.start()
    assert writers.told.failed == [], writers.told.reasons


def test_redis_hangs(forum: Installation, town: Town) -> None:
    with town.living() as writers:
        forum.redis.signal(signal.SIGSTOP)
        try:
            writers.wait_for(10)
        finally:
            forum.redis.signal(signal.SIGCONT)
    assert writers.told.failed == [], writers.told.reasons


def test_the_network_to_redis_is_cut(forum: Installation, town: Town) -> None:
    with town.living() as writers:
        forum.line.cut()
        try:
            writers.wait_for(10)
        finally:
            forum.line.mend()
    assert writers.told.failed == [], writers.told.reasons


def test_postgresql_is_started_again(forum: Installation, town: Town) -> None:
    with town.living() as writers:
        forum.postgres.stop()
        time.sleep(1)
        forum.postgres.start()
        failed = len(writers.told.failed)
        writers.wait_for(8)
        # Dead connections in the pools fail nobody once the database is back.
        assert len(writers.told.failed) - failed <= MEMBERS, writers.told.reasons


def test_nobody_meets_a_connection_from_before_a_restart(forum: Installation) -> None:
    """The pools are full of them when the first request comes after it."""
    thread, _ = thread_and_members(forum, "Pule", 1)
    addresses = [forum.url(f"/live/thread.{thread}/changes/?since=0")] * 60
    with httpx.Client(timeout=30) as http, ThreadPoolExecutor(30) as pool:
        assert {answer.status_code for answer in pool.map(http.get, addresses)} == {200}
        forum.postgres.stop()
        forum.postgres.start()
        assert [http.get(address).status_code for address in addresses] == [200] * len(addresses)


def test_a_web_process_is_killed(forum: Installation, town: Town) -> None:
    with town.living() as writers:
        forum.webs[0].kill()
        try:
            writers.wait_for(10)
        finally:
            forum.webs[0].start()
    # Only what was being worked on in it.
    assert len(writers.told.failed) <= MEMBERS, writers.told.reasons


def test_a_worker_is_killed(forum: Installation, town: Town) -> None:
    """Its jobs are done by the other one, or by anybody once its lease is over."""
    with town.living() as writers:
        forum.run(LETTERS.format(subject=f"Przed {town.thread}"))
        dead = forum.workers[0].pid
        forum.workers[0].kill()
        forum.run(LETTERS.format(subject=f"Po {town.thread}"))
        forum.run(END_OF_LEASES.format(pid=dead))  # five minutes later
        writers.wait_for(5)
        forum.workers[0].start()
    assert writers.told.failed == [], writers.told.reasons
    sent = _letters(forum, f"Przed {town.thread}", f"Po {town.thread}")
    assert len(set(sent)) == 20
    # What its two threads had in hand may have been sent and not noted.
    assert len(sent) <= 22


def test_a_client_that_never_reads_harms_nobody(forum: Installation, town: Town) -> None:
    memory = [_resident_bytes(web.pid) for web in forum.webs]
    deaf = [_deaf_client(forum, town.thread) for _ in range(20)]
    try:
        with town.living() as writers:
            writers.wait_for(20)
    finally:
        for client in deaf:
            client.close()
    assert writers.told.failed == []
    grown = [_resident_bytes(web.pid) - was for web, was in zip(forum.webs, memory, strict=True)]
    assert max(grown) < 200 * 2**20


END_OF_LEASES = """
from django.utils import timezone
from forum.jobs.models import Job
Job.objects.unfinished().filter(worker__contains=".{pid}.").update(run_at=timezone.now())
"""
LETTERS = """
from django.core.mail import send_mail
for number in range(10):
    send_mail(f"{subject} {{number}}", "Treść", None, [f"ktos{{number}}@example.org"])
"""


def _letters(forum: Installation, *subjects: str) -> list[str]:
    """The subjects of the letters in the mail directory, once all jobs are done."""
    end = time.monotonic() + 40
    while forum.run(JOBS_LEFT) != "0" and time.monotonic() < end:
        time.sleep(0.2)
    directory = forum.place / "data" / "mail"
    found = [
        line
        for file in directory.iterdir()
        for line in file.read_text().splitlines()
        if line.startswith("Subject: ")
    ]
    return [line for line in found if any(f"Subject: {subject} " in line for subject in subjects)]


JOBS_LEFT = """
from forum.jobs.models import Job
print(Job.objects.filter(kind__contains='mail').unfinished().count())
"""


def _deaf_client(forum: Installation, thread: int) -> socket.socket:
    """Joins the thread and reads no word of it."""
    client = socket.create_connection(("127.0.0.1", forum.nginx.port), timeout=10)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.sendall(
        b"GET /live/?language=pl HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + f"Origin: {forum.origin}\r\n\r\n".encode()
    )
    assert client.recv(12) == b"HTTP/1.1 101"
    wish = f'{{"join":{{"thread.{thread}":0}}}}'.encode()
    client.sendall(bytes([0x81, 0x80 | len(wish)]) + bytes(4) + wish)
    return client


def _resident_bytes(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
