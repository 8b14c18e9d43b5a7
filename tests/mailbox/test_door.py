"""The door for mail servers, with real connections on loopback."""

import asyncio
import os
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.db.utils import OperationalError

from forum.mailbox import door as doors
from forum.mailbox.addresses import reply_address
from forum.mailbox.door import Door, serve
from forum.mailbox.models import Inbound
from tests.factories import a_reply, a_thread
from tests.jobs.database import database_url
from tests.mailbox.letters import ADDRESS, a_letter, settle_all
from tests.proof.services import free_port

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(__file__).parent / "samples"
HOST = "127.0.0.1"
PATIENCE_S = 20


@contextmanager
def standing_open(kind: str = "lmtp", **options: object) -> Iterator[int]:
    """An open door in a thread of its own; gives its port."""
    port, door = free_port(), Door(**options)
    is_open, loops = threading.Event(), []

    async def run():
        stop = asyncio.Event()
        loops.append((asyncio.get_running_loop(), stop))
        asyncio.get_running_loop().call_later(0.05, is_open.set)
        await serve({kind: (HOST, port)}, stop, door)

    def work():
        asyncio.run(run())

    thread = threading.Thread(target=work)
    thread.start()
    assert is_open.wait(PATIENCE_S)
    try:
        yield port
    finally:
        loop, stop = loops[0]
        loop.call_soon_threadsafe(stop.set)
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


@pytest.fixture
def thread(bob):
    return a_thread(bob)


@pytest.fixture
def address(alice, thread):
    return reply_address(alice, thread)


def hand_over(port, raw, recipient, *, sender="alice@example.org", kind=smtplib.LMTP):
    with kind(HOST, port) as server:
        return server.sendmail(sender, [recipient], raw)


@pytest.mark.parametrize(("kind", "client"), [("lmtp", smtplib.LMTP), ("smtp", smtplib.SMTP)])
def test_a_letter_handed_over_becomes_a_post(kind, client, alice, bob, thread):
    asked = a_reply(bob, thread, "Kto ma klucze?")
    address = reply_address(alice, asked)
    with standing_open(kind) as port:
        assert hand_over(port, a_letter(alice, address), address, kind=client) == {}
    settle_all()
    post = thread.posts.get(number=3)
    assert (post.source, post.parent, post.author) == ("Klucze mam ja.", asked, alice)


def test_polish_letters_and_lone_dots_arrive_as_they_were_sent(alice, thread, address):
    text = "Zażółć gęślą jaźń.\n\n.\n\n..dwie kropki"
    with standing_open() as port:
        hand_over(port, a_letter(alice, address, text), address)
    settle_all()
    assert thread.posts.get(number=2).source == text


def test_a_recipient_that_nobody_has_is_refused_before_the_letter(alice):
    with standing_open() as port, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        hand_over(port, b"x", "odpowiedz+aaaaaa@forum.example.org")
    assert next(iter(refused.value.recipients.values()))[0] == 550


def test_a_letter_brought_again_is_said_yes_to_and_kept_once(alice, address):
    raw = a_letter(alice, address)
    with standing_open() as port:
        hand_over(port, raw, address)
        hand_over(port, raw, address)
    assert Inbound.objects.count() == 1


def test_recipients_come_one_at_a_time(alice, bob, thread, address):
    """LMTP wants an answer for each; the sender brings the others by themselves."""
    other = reply_address(alice, a_reply(bob, thread))
    with standing_open() as port, smtplib.LMTP(HOST, port) as server:
        refused = server.sendmail("alice@example.org", [address, other], a_letter(alice, "x@y.pl"))
    assert {recipient: code for recipient, (code, _) in refused.items()} == {other: 452}
    assert Inbound.objects.count() == 1


def test_a_letter_that_is_too_large_is_refused(alice, address, settings):
    settings.INBOUND_MAX_BYTES = 20_000
    raw = a_letter(alice, address, "x" * 100 + "\n" + "y" * 70 + "\n" + "z\n" * 20_000)
    with standing_open() as port:
        with smtplib.LMTP(HOST, port) as server:
            assert server.ehlo()[1].endswith(b"HELP") or b"SIZE 20000" in server.ehlo()[1]
            with pytest.raises(smtplib.SMTPSenderRefused) as announced:
                server.sendmail("a@example.org", [address], raw)  # it says how large it is
        with smtplib.LMTP(HOST, port) as server:
            server.lhlo = server.ehlo()
            server.mail("a@example.org")
            server.rcpt(address)
            assert server.data(raw)[0] == 552
    assert announced.value.smtp_code == 552
    assert Inbound.objects.count() == 0


def test_a_report_without_a_sender_is_handed_on(settings, came_back):
    settings.DEFAULT_FROM_EMAIL = "Forum <forum@example.org>"
    raw = (SAMPLES / "bounce.eml").read_bytes()
    with standing_open() as port:
        hand_over(port, raw, "forum@example.org", sender="")
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            hand_over(port, raw, "forum@example.org", sender="a@example.org")
    assert came_back()


def test_a_letter_without_a_sender_is_of_a_machine(alice, address):
    with standing_open() as port:
        hand_over(port, a_letter(alice, address), address, sender="")
    settle_all()
    assert Inbound.objects.get().state == Inbound.State.AUTOMATIC


def test_one_member_who_sends_too_much_is_told_to_wait(alice, address, monkeypatch):
    monkeypatch.setattr("forum.mailbox.actions.taking.TAKEN_PER_HOUR", 1)
    with standing_open() as port:
        hand_over(port, a_letter(alice, address), address)
        with pytest.raises(smtplib.SMTPDataError) as later:
            hand_over(port, a_letter(alice, address), address)
    assert later.value.smtp_code == 451


def test_while_the_database_is_away_the_sender_keeps_the_letter(alice, address, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("away")

    monkeypatch.setattr(doors, "take_in", away)
    with standing_open() as port, pytest.raises(smtplib.SMTPDataError) as later:
        hand_over(port, a_letter(alice, address), address)
    assert later.value.smtp_code == 451


def test_who_is_too_slow_is_shown_out(alice, address):
    with standing_open(patience_s=0.4) as port:
        with socket.create_connection((HOST, port), timeout=PATIENCE_S) as idle:
            assert idle.recv(200).startswith(b"220")
            assert idle.recv(200) == b""
        with socket.create_connection((HOST, port), timeout=PATIENCE_S) as dripping:
            dripping.recv(200)
            for line in (
                b"LHLO x",
                b"MAIL FROM:<a@b.pl>",
                f"RCPT TO:<{address}>".encode(),
                b"DATA",
            ):
                dripping.sendall(line + b"\r\n")
                dripping.recv(500)
            begin = time.monotonic()
            assert _is_shown_out(dripping)
            assert time.monotonic() - begin < PATIENCE_S / 2
    assert Inbound.objects.count() == 0


def _is_shown_out(dripping: socket.socket) -> bool:
    """A line of the letter now and then, until the door has enough."""
    dripping.settimeout(0.1)
    for _ in range(100):
        try:
            dripping.sendall(b"kapie\r\n")
            if dripping.recv(100) == b"":
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


def test_so_many_may_come_in_and_no_more(alice, address):
    with standing_open(most=2) as port:
        inside = [smtplib.LMTP(HOST, port) for _ in range(2)]
        with socket.create_connection((HOST, port), timeout=PATIENCE_S) as third:
            assert third.recv(200).startswith(b"421")
            assert third.recv(200) == b""
        inside[0].quit()
        hand_over_when_there_is_room(port, a_letter(alice, address), address)
        inside[1].quit()
    assert Inbound.objects.count() == 1


def hand_over_when_there_is_room(port, raw, address):
    for _ in range(100):
        try:
            hand_over(port, raw, address)
        except (
            smtplib.SMTPConnectError,
            smtplib.SMTPServerDisconnected,
            smtplib.SMTPResponseException,
        ):
            time.sleep(0.05)
        else:
            return
    raise AssertionError("there was never room")


def test_many_connections_at_once_each_hand_over_theirs(alice, address):
    letters = [a_letter(alice, address, f"List {number}") for number in range(20)]
    with standing_open() as port:
        threads = [threading.Thread(target=hand_over, args=(port, raw, address)) for raw in letters]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert Inbound.objects.count() == 20


def test_the_command_takes_letters_and_closes_in_peace(alice, thread, address, tmp_path, settings):
    connections.close_all()
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "inbound", "--lmtp", f"{HOST}:{port}"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "forum_site.settings",
            "DATABASE_URL": database_url(),
            "DATA_DIR": str(settings.DATA_DIR),
            "FILES_DIR": str(settings.FILES_DIR),
            "SECRET_KEY": settings.SECRET_KEY,
            "REPLY_ADDRESS": ADDRESS,
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert f"LMTP at {HOST}:{port}" in process.stdout.readline()
        hand_over_when_it_is_open(port, a_letter(alice, address), address)
        process.send_signal(signal.SIGTERM)
        assert "closed" in process.communicate(timeout=PATIENCE_S)[0]
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    assert process.returncode == 0
    settle_all()
    assert thread.posts.count() == 2


def hand_over_when_it_is_open(port, raw, address):
    for _ in range(200):
        try:
            hand_over(port, raw, address)
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the door never opened")


@pytest.mark.parametrize("place", ["2424", "localhost:", "localhost:x", "localhost:99999"])
def test_the_command_says_what_a_place_is(place):
    with pytest.raises(CommandError, match="HOST:PORT"):
        call_command("inbound", "--smtp", place)


def test_the_command_asks_for_a_reply_address(settings):
    settings.REPLY_ADDRESS = ""
    with pytest.raises(CommandError, match="REPLY_ADDRESS"):
        call_command("inbound")
