"""`manage.py up`: the command that an operator types, from an empty directory to its end."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from forum.lib import one_core
from forum_site.management.commands import up as up_command
from tests.live.serving import ROOT, Serving

pytestmark = pytest.mark.server

WRITE_CATEGORY = """
from forum.categories.models import Category
print(Category.objects.create(name="Diagnoza", readers={readers!r}).pk)
"""
TAKE_NUMBER = """
from forum.categories.models import Category
print(Category.objects.get(pk={pk}).take_seq())
"""
LOG_IN = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.conf import settings
from accounts.models import User
user = User.objects.create_user({email!r}, display_name="Anna")
store = SessionStore()
store[SESSION_KEY] = str(user.pk)
store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
store[HASH_SESSION_KEY] = user.get_session_auth_hash()
store.create()
print(user.pk, store.session_key)
"""


@pytest.fixture(scope="module")
def forum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    place = tmp_path_factory.mktemp("up")
    with Serving(place, from_nothing=True, KEEP_TO_ONE_CORE="true") as serving:
        yield serving


def page(forum: Serving, *, session: str = "") -> ClientConnection:
    headers = {"Cookie": f"sessionid={session}"} if session else {}
    return connect(forum.socket_url(), origin=forum.origin, additional_headers=headers)


def frame(socket_: ClientConnection) -> dict[str, Any]:
    return json.loads(socket_.recv(timeout=10))


def up(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A start that is expected to be refused."""
    return subprocess.run(
        [sys.executable, "manage.py", "up", "--no-demo", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_it_prints_one_address(forum: Serving) -> None:
    (line,) = forum.lines
    assert f"{forum.origin}/" in line


def test_health_is_answered(forum: Serving) -> None:
    answer = httpx.get(forum.url("/healthz"))
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_all_threads_keep_to_one_core(forum: Serving) -> None:
    """Those that answer, do jobs and watch, whatever this machine has."""
    httpx.get(forum.url("/healthz"))
    found = []
    for thread in Path(f"/proc/{forum.pid}/task").iterdir():
        with contextlib.suppress(ProcessLookupError):  # it has ended
            found.append(os.sched_getaffinity(int(thread.name)))
    core, *others = one_core.cores_of(os.sched_getaffinity(0))
    assert len(found) > 2
    assert found == [core] * len(found)
    assert (forum.data_dir / "cores.lock").exists() == bool(others)


def test_it_keeps_to_no_core_where_that_is_switched_off(tmp_path: Path, settings: Any) -> None:
    settings.KEEP_TO_ONE_CORE, settings.DATA_DIR = False, tmp_path
    allowed = os.sched_getaffinity(0)
    with up_command._one_core():
        assert os.sched_getaffinity(0) == allowed
    assert not list(tmp_path.iterdir())


def test_the_address_of_the_socket_is_no_page(forum: Serving) -> None:
    answer = httpx.get(forum.url("/live/"))
    assert answer.status_code == 426
    assert answer.headers["Upgrade"] == "websocket"


def test_a_foreign_page_gets_no_socket(forum: Serving) -> None:
    with pytest.raises(InvalidStatus) as refused:
        connect(forum.socket_url(), origin="https://evil.example")
    assert refused.value.response.status_code == 403


def test_a_guest_hears_an_open_category_and_no_closed_one(forum: Serving) -> None:
    is_open = forum.run(WRITE_CATEGORY.format(readers="everybody"))
    closed = forum.run(WRITE_CATEGORY.format(readers="members"))
    with page(forum) as guest:
        guest.send(json.dumps({"join": {f"category.{is_open}": 0, f"category.{closed}": 0}}))
        assert frame(guest) == {"type": "now", "stream": f"category.{is_open}", "seq": 0}
        assert frame(guest) == {"type": "refused", "stream": f"category.{closed}"}


def test_a_change_by_another_process_arrives_by_the_heartbeat(forum: Serving) -> None:
    pk = forum.run(WRITE_CATEGORY.format(readers="everybody"))
    with page(forum) as guest:
        guest.send(json.dumps({"join": {f"category.{pk}": 0}}))
        assert frame(guest)["seq"] == 0
        assert forum.run(TAKE_NUMBER.format(pk=pk)) == "1"
        assert frame(guest) == {"type": "now", "stream": f"category.{pk}", "seq": 1}


def test_logging_out_closes_the_members_pages(forum: Serving) -> None:
    closed = forum.run(WRITE_CATEGORY.format(readers="members"))
    _, session = forum.run(LOG_IN.format(email="anna@example.org")).split()
    with page(forum, session=session) as member, page(forum) as guest:
        for each in (member, guest):
            each.send(json.dumps({"join": {f"category.{closed}": 0}}))
        assert frame(member)["type"] == "now"
        assert frame(guest)["type"] == "refused"
        with httpx.Client(cookies={"sessionid": session}) as browser:
            browser.get(forum.url("/accounts/logout/"))
            token = browser.cookies["csrftoken"]
            done = browser.post(forum.url("/accounts/logout/"), headers={"X-CSRFToken": token})
            assert done.status_code == 302
        with pytest.raises(ConnectionClosed) as ended:
            member.recv(timeout=10)
        assert ended.value.rcvd is not None
        assert ended.value.rcvd.code == 4001
        guest.ping().wait(5)


def test_a_member_who_is_kicked_by_another_process_loses_the_socket(
    forum: Serving,
) -> None:
    if not forum.environment.get("REDIS_URL"):
        pytest.skip("in memory nothing passes between processes")
    user, session = forum.run(LOG_IN.format(email="jan@example.org")).split()
    with page(forum, session=session) as member:
        forum.run(f"from forum.live.announcing import kick; kick(user={user})")
        with pytest.raises(ConnectionClosed) as ended:
            member.recv(timeout=10)
        assert ended.value.rcvd is not None
        assert ended.value.rcvd.code == 4001


def test_after_a_kill_it_starts_again_on_what_was_committed(tmp_path: Path) -> None:
    with Serving(tmp_path) as forum:
        pk = forum.run(WRITE_CATEGORY.format(readers="everybody"))
        forum.run(TAKE_NUMBER.format(pk=pk))
        forum.kill()
        forum.start()
        with page(forum) as guest:
            guest.send(json.dumps({"join": {f"category.{pk}": 0}}))
            assert frame(guest)["seq"] == 1


def test_it_ends_cleanly_on_ctrl_c(tmp_path: Path) -> None:
    with Serving(tmp_path) as forum, page(forum) as guest:
        forum.signal(signal.SIGINT)
        with pytest.raises(ConnectionClosed) as ended:
            guest.recv(timeout=10)
        assert ended.value.rcvd is not None
        assert ended.value.rcvd.code == 4012
        assert forum.wait() == 0
        assert "Traceback" not in forum.log()


def test_it_serves_collected_files_where_debug_is_off(tmp_path: Path) -> None:
    with Serving(tmp_path, DEBUG="false") as forum:
        mark = tmp_path / "static" / ".collected"
        first = mark.stat().st_mtime_ns
        assert httpx.get(forum.url("/static/admin/css/base.css")).status_code == 200
        assert forum.stop() == 0
        forum.start()
        assert mark.stat().st_mtime_ns == first


def test_a_port_in_use_is_said_in_a_sentence(forum: Serving, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = up("--port", port, **{**forum.environment, "DATA_DIR": str(tmp_path)})
    assert done.returncode == 1
    assert port in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_server_on_one_sqlite_file_is_refused(forum: Serving) -> None:
    if forum.environment.get("DATABASE_URL", "").startswith("postgres"):
        pytest.skip("PostgreSQL serves several processes")
    done = up("--port", "0", **forum.environment)
    assert done.returncode == 1
    assert "forum.sqlite3" in done.stderr
    assert "Traceback" not in done.stderr


def test_several_processes_on_sqlite_are_refused(forum: Serving, tmp_path: Path) -> None:
    environment = {**forum.environment, "DATA_DIR": str(tmp_path), "WEB_PROCESSES": "2"}
    environment.pop("DATABASE_URL", None)
    environment.pop("REDIS_URL", None)
    done = up("--port", "0", **environment)
    assert done.returncode == 1
    assert "forum.E001" in done.stderr
    assert "forum.E002" in done.stderr
