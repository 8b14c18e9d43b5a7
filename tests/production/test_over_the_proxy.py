"""A whole installation seen through its proxy, as members and browsers see it."""

import gzip
import json
import os
import re
import uuid
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

from forum.lib import one_core
from tests.production.conftest import BODY_LIMIT
from tests.production.crowd import Writers, count_of, fresh_page, thread_and_members
from tests.production.installation import Installation
from tests.samples import a_pdf

pytestmark = [pytest.mark.server, pytest.mark.postgresql]

TOKEN = "a" * 32


def member(forum: Installation, session: str) -> httpx.Client:
    return httpx.Client(
        base_url=forum.origin,
        cookies={"sessionid": session, "csrftoken": TOKEN},
        headers={"X-CSRFToken": TOKEN, "X-Fragment": "1", "Origin": forum.origin},
        timeout=20,
    )


def test_pages_come_with_their_headers(forum: Installation) -> None:
    answer = httpx.get(forum.url("/"))
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "Server" not in answer.headers or "/" not in answer.headers["Server"]


def test_each_web_process_keeps_to_another_core_while_there_are_any(forum: Installation) -> None:
    allowed = os.sched_getaffinity(0)
    cores = one_core.cores_of(allowed)
    taken = cores[: len(forum.webs)] if len(cores) > 1 else []
    found = [os.sched_getaffinity(web.pid) for web in forum.webs]
    assert sorted(sorted(each) for each in found if each != allowed) == sorted(map(sorted, taken))


def test_a_guest_who_has_the_page_is_told_so_by_whichever_process(forum: Installation) -> None:
    """Compressed by the proxy, rendered by each process for itself, known again by all of them."""
    thread, _members = thread_and_members(forum, "Dwa razy to samo", 1)
    for address in (f"/threads/{thread}/", "/threads/"):
        httpx.get(forum.url(address))  # the forum begins to count its names
        with httpx.Client(base_url=forum.origin) as guest:
            page = guest.get(address)
            assert page.headers["Content-Encoding"] == "gzip"
            has_it = {"If-None-Match": page.headers["ETag"]}
            assert httpx.get(forum.url(address), headers=has_it).status_code == 200  # a stranger
            for web in forum.webs:
                there = f"http://localhost:{web.port}{address}"
                assert httpx.get(there, headers=has_it, cookies=guest.cookies).status_code == 304
            answer = guest.get(address, headers=has_it)
            assert (answer.status_code, answer.content) == (304, b"")
            assert answer.headers["ETag"] == page.headers["ETag"]
            assert {"Content-Security-Policy", "Content-Length"}.isdisjoint(answer.headers)


def test_static_files_come_from_the_proxy_compressed_and_for_ever(forum: Installation) -> None:
    page = httpx.get(forum.url("/")).text
    address = next(a for a in re.findall(r'(/static/[^"]+\.css)"', page))
    assert re.search(r"\.[0-9a-f]{12}\.css$", address)
    sent = httpx.get(forum.url(address), headers={"Accept-Encoding": "gzip"})
    assert (sent.status_code, sent.headers["Content-Encoding"]) == (200, "gzip")
    assert {"public", "immutable"} <= set(sent.headers["Cache-Control"].split(", "))
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers["Referrer-Policy"] == "same-origin"
    missing = httpx.get(forum.url("/static/nie-ma.css"))
    assert (missing.status_code, missing.headers["X-Content-Type-Options"]) == (404, "nosniff")
    plain = re.sub(r"\.[0-9a-f]{12}\.css$", ".css", address)
    assert "immutable" not in httpx.get(forum.url(plain)).headers["Cache-Control"]
    with httpx.stream("GET", forum.url(address), headers={"Accept-Encoding": "gzip"}) as raw:
        compressed = b"".join(raw.iter_raw())
    kept = next((forum.place / "data" / "static").rglob(f"{address.rpartition('/')[2]}.gz"))
    assert compressed == kept.read_bytes()
    assert gzip.decompress(compressed)


def test_nothing_beside_static_files_is_served_from_disk(forum: Installation) -> None:
    for path in ("/static/../secret-key", "/private-files/", "/static/.collected/../../x"):
        with httpx.Client(base_url=forum.origin) as client:
            assert client.get(path).status_code in {400, 403, 404}
    assert httpx.get(forum.url("/private-files/attachments/")).status_code == 404


def test_an_attachment_is_handed_out_by_the_proxy_to_those_who_may(forum: Installation) -> None:
    thread, (session, other) = thread_and_members(forum, "Załącznik", 2)
    with member(forum, session) as writer:
        file = {"file": ("plan.pdf", a_pdf(), "application/pdf")}
        kept = writer.post("/attachments/", data={"context": f"thread-{thread}"}, files=file)
        assert kept.status_code == 201, kept.text
        address = f"/attachments/{kept.json()['key']}/"
        sent = writer.get(address)
        assert sent.status_code == 200
        assert sent.content.startswith(b"%PDF")
        assert "X-Accel-Redirect" not in sent.headers
        assert sent.headers["Content-Security-Policy"].startswith("sandbox")
        assert sent.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert sent.headers["X-Content-Type-Options"] == "nosniff"
        assert sent.headers["Referrer-Policy"] == "same-origin"
        assert "camera=()" in sent.headers["Permissions-Policy"]
        assert sent.headers["Cache-Control"] == "private, no-cache"
        again = writer.get(address, headers={"If-None-Match": sent.headers["ETag"]})
        assert again.status_code == 304
    with member(forum, other) as stranger:
        assert stranger.get(address).status_code == 404


def test_a_post_reaches_a_page_at_another_process(forum: Installation) -> None:
    """Six pages and six posts in turn over three processes: hints arrive, not only heartbeats."""
    thread, (session,) = thread_and_members(forum, "Dwa procesy", 1)
    with member(forum, session) as writer, ExitStack() as stack:
        before = [_sockets_of(web.pid) for web in forum.webs]
        pages = [
            stack.enter_context(connect(forum.socket_url, origin=forum.origin, proxy=None))
            for _ in range(6)
        ]
        for page in pages:
            page.send(json.dumps({"join": {f"thread.{thread}": 0}}))
            assert json.loads(page.recv(timeout=10))["type"] == "now"
        after = [_sockets_of(web.pid) for web in forum.webs]
        assert sum(now > then for now, then in zip(after, before, strict=True)) >= 2, (
            before,
            after,
        )
        for number in range(6):
            text = f"Wpis {number}"
            fields = {"body": text, "body_format": "markdown", "once": str(uuid.uuid4())}
            assert writer.post(f"/threads/{thread}/replies/", data=fields).status_code == 201
            for page in pages:
                frame = {"type": "presence"}
                while frame["type"] == "presence":
                    frame = json.loads(page.recv(timeout=10))
                assert frame["type"] == "change"
                assert text in frame["html"]


def _sockets_of(pid: int) -> int:
    """How many sockets the process has open at this moment."""
    links = (os.readlink(each) for each in Path(f"/proc/{pid}/fd").iterdir() if each.is_symlink())
    return sum(link.startswith("socket:") for link in links)


def test_a_body_that_is_too_large_is_refused_with_a_sentence(forum: Installation) -> None:
    answer = httpx.post(forum.url("/"), content=b"x" * (BODY_LIMIT + 1), timeout=20)
    assert answer.status_code == 413
    assert "Zmniejsz plik" in answer.text
    assert "choose a smaller file" in answer.text
    within = httpx.post(forum.url("/"), content=b"x" * BODY_LIMIT, timeout=20)
    assert within.status_code in {403, 405}  # the forum's own word


def test_the_address_of_the_client_cannot_be_forged(forum: Installation) -> None:
    _, (session,) = thread_and_members(forum, "Adres", 1)
    with member(forum, session) as client:
        client.headers["X-Forwarded-For"] = "203.0.113.99"
        client.headers["X-Forwarded-Proto"] = "https"
        assert client.get("/").status_code == 200
    noted = forum.run(
        "from allauth.usersessions.models import UserSession\n"
        f"print(UserSession.objects.get(session_key={session!r}).ip)"
    )
    assert noted == "127.0.0.1"


def test_the_proxys_log_names_doors_and_neither_keys_nor_people(forum: Installation) -> None:
    """Also where something fails: a file that is missing, a body that is too large."""
    key, query, before = "Zx9kQmLp27aBcDeF", "q=skarbniczka", "https://klub.example.org/zebranie"
    heads = {"Referer": before}
    for door in ("/invitations/", "/mailbox/acts/", "/notifications/stop/", "/notice/"):
        httpx.get(forum.url(f"{door}{key}/?{query}"), headers=heads)
    httpx.get(forum.url(f"/static/nie-ma-{len(key)}.css?{query}"), headers=heads)
    body = b"x" * (BODY_LIMIT + 1)
    assert httpx.post(forum.url(f"/?{query}"), content=body, headers=heads).status_code == 413
    log = forum.nginx.log()
    assert " GET /invitations/[token] " in log
    assert " GET /notifications/stop/[token] " in log
    assert " 413 GET /proxy-pages/too-large.html " in log  # the page that the sender was shown
    assert [word for word in (key, query, before, "127.0.0.1", "client:") if word in log] == []


def test_a_rolling_restart_fails_no_request_and_loses_no_post(forum: Installation) -> None:
    thread, sessions = thread_and_members(forum, "Kolejno", 5)
    writers = Writers(forum, thread, sessions)
    with writers.writing() as told:
        for web in forum.webs:
            writers.wait_for(5)
            assert web.stop() == 0
            writers.wait_for(3)
            web.start()
        writers.wait_for(5)
    assert told.failed == [], told.reasons
    _, posts = forum.loop.run(fresh_page(forum, thread))
    assert [count_of(text, posts) for text in told.answered] == [1] * len(told.answered)
