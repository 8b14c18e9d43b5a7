"""The door of a mailbox, with a real IMAP server in the loop."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.utils import timezone

from forum.mailbox import polling
from forum.mailbox.actions import taking
from forum.mailbox.addresses import reply_address
from forum.mailbox.imap import TAKEN_FOLDER, Mailbox, Opened, opened
from forum.mailbox.models import Inbound
from tests.factories import a_reply, a_thread
from tests.mailbox import dovecot
from tests.mailbox.dovecot import HOST, PASSWORD, USER, Dovecot, DovecotMissing
from tests.mailbox.letters import a_letter, settle_all

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    try:
        dovecot.binary()
    except DovecotMissing as missing:
        if os.environ.get("REQUIRE_SERVICES", "").lower() in {"1", "true", "yes"}:
            raise
        pytest.skip(str(missing))
    with dovecot.running() as started:
        yield started


@pytest.fixture
def inbox(server, settings):
    """The mailbox, empty, and the forum told of it."""
    settings.IMAP_URL = f"imap://{USER}:{quote(PASSWORD, safe='')}@{HOST}:{server.port}/INBOX"
    connection = server.inbox()
    for folder in ("INBOX", TAKEN_FOLDER):
        status, count = connection.select(folder)
        if status == "OK" and int(count[0]):
            connection.store("1:*", "+FLAGS.SILENT", r"\Deleted")
            connection.expunge()
    connection.select("INBOX")
    yield connection
    connection.logout()


@pytest.fixture
def thread(bob):
    return a_thread(bob)


def lying_in(inbox, folder="INBOX"):
    """How many mails lie in the folder."""
    status, _ = inbox.select(folder)
    return len(inbox.search(None, "ALL")[1][0].split()) if status == "OK" else 0


def put(inbox, raw):
    assert inbox.append("INBOX", "", None, raw)[0] == "OK"


def test_a_letter_in_the_mailbox_becomes_a_post_and_is_set_aside(alice, bob, thread, inbox):
    asked = a_reply(bob, thread, "Kto ma klucze?")
    put(inbox, a_letter(alice, reply_address(alice, asked), "Zażółć.\n\n> Kto ma klucze?\n"))
    polling.poll.call()
    settle_all()
    post = thread.posts.get(number=3)
    assert (post.source, post.parent, post.author) == ("Zażółć.", asked, alice)
    assert (lying_in(inbox), lying_in(inbox, TAKEN_FOLDER)) == (0, 1)


def test_over_tls_the_servers_certificate_is_checked(
    alice, thread, inbox, server, settings, monkeypatch, caplog
):
    settings.IMAP_URL = f"imaps://{USER}:{quote(PASSWORD, safe='')}@{HOST}:{server.tls_port}"
    put(inbox, a_letter(alice, reply_address(alice, thread)))
    polling.poll.call()
    assert "cannot be read" in caplog.text
    assert Inbound.objects.count() == 0
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    polling.poll.call()
    assert Inbound.objects.count() == 1


def test_elsewhere_an_open_connection_asks_for_encryption_first(server, monkeypatch):
    mailbox = Mailbox(HOST, server.port, USER, PASSWORD, security="starttls")
    with pytest.raises(OSError, match="certificate"), opened(mailbox):
        pass
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    with opened(mailbox) as box:
        assert box.uids(1) == []


def test_a_letter_that_cannot_be_set_aside_is_taken_once(alice, thread, inbox, monkeypatch):
    put(inbox, a_letter(alice, reply_address(alice, thread)))
    with monkeypatch.context() as patched:
        patched.setattr(Opened, "set_aside", lambda self, uid: None)
        polling.poll.call()
        polling.poll.call()
    polling.poll.call()
    settle_all()
    assert (Inbound.objects.count(), thread.posts.count(), lying_in(inbox)) == (1, 2, 0)


@pytest.mark.parametrize("capability", ["MOVE", "UIDPLUS"])
def test_servers_that_know_less_do_as_well(alice, thread, inbox, monkeypatch, capability):
    whole = Opened.__init__

    def without(self, connection):
        whole(self, connection)
        known = set(connection.capabilities) - {"MOVE", capability}
        connection.capabilities = tuple(known)

    monkeypatch.setattr(Opened, "__init__", without)
    put(inbox, a_letter(alice, reply_address(alice, thread)))
    polling.poll.call()
    assert (lying_in(inbox), lying_in(inbox, TAKEN_FOLDER)) == (0, 1)


def test_of_a_huge_mail_only_the_beginning_is_fetched(alice, thread, inbox, settings, monkeypatch):
    settings.INBOUND_MAX_BYTES = 10_000
    monkeypatch.setattr(polling, "BEGINNING_BYTES", 4_000)
    huge = (("film.bin", b"x" * 50_000),)
    put(inbox, a_letter(alice, reply_address(alice, thread), files=huge))
    polling.poll.call()
    settle_all()
    [letter] = Inbound.objects.all()
    assert (letter.reason, letter.size_bytes) == (Inbound.Reason.TOO_LARGE, 4_000)
    assert letter.text == "Klucze mam ja."


def test_the_address_may_stand_in_any_header_of_delivery(alice, thread, inbox):
    address = reply_address(alice, thread)
    put(inbox, a_letter(alice, "undisclosed@example.org", Delivered_To=address))
    put(inbox, a_letter(alice, "a@example.org", X_Original_To=address.upper()))
    put(inbox, a_letter(alice, "a@example.org", Cc=f"Forum <{address}>"))
    polling.poll.call()
    assert Inbound.objects.count() == 3


def test_a_report_is_handed_on_and_other_mails_are_only_set_aside(alice, inbox, came_back):
    put(inbox, (SAMPLES / "bounce.eml").read_bytes())
    put(inbox, a_letter(alice, "odpowiedz@forum.example.org"))
    polling.poll.call()
    assert came_back()
    assert (Inbound.objects.count(), lying_in(inbox), lying_in(inbox, TAKEN_FOLDER)) == (0, 0, 2)


def test_one_mail_that_fails_does_not_stop_the_others(alice, thread, inbox, monkeypatch, caplog):
    bad, good = (a_letter(alice, reply_address(alice, thread), text) for text in ("zła", "dobra"))
    put(inbox, bad)
    put(inbox, good)
    whole = taking.take_in

    def fails(raw, *args, **kwargs):
        if raw == bad:
            raise KeyError("a fault of ours")
        return whole(raw, *args, **kwargs)

    monkeypatch.setattr(polling, "take_in", fails)
    polling.poll.call()
    assert (Inbound.objects.count(), lying_in(inbox)) == (1, 1)
    assert "a fault of ours" in caplog.text


def test_mails_that_come_too_fast_wait_in_the_mailbox(alice, thread, inbox, monkeypatch):
    monkeypatch.setattr(taking, "TAKEN_PER_HOUR", 1)
    for _ in range(2):
        put(inbox, a_letter(alice, reply_address(alice, thread)))
    polling.poll.call()
    assert (Inbound.objects.count(), lying_in(inbox)) == (1, 1)
    cache.clear()
    polling.poll.call()
    assert (Inbound.objects.count(), lying_in(inbox)) == (2, 0)


@pytest.mark.parametrize("fault", ["password", "folder", "port"])
def test_a_server_that_is_away_is_asked_again_later(inbox, server, settings, caplog, fault):
    given = {"password": "x", "folder": "INBOX", "port": server.port}
    given |= {"password": PASSWORD} if fault != "password" else {}
    given |= {"folder": "Nie ma"} if fault == "folder" else {}
    given |= {"port": 1} if fault == "port" else {}
    password = quote(given["password"], safe="")
    settings.IMAP_URL = f"imap://{USER}:{password}@{HOST}:{given['port']}/{quote(given['folder'])}"
    polling.poll.call()
    assert "cannot be read" in caplog.text
    assert PASSWORD not in caplog.text


def test_what_was_set_aside_is_deleted_in_time(alice, thread, inbox, settings):
    put(inbox, a_letter(alice, reply_address(alice, thread)))
    polling.poll.call()
    polling.clear_taken.call()
    assert lying_in(inbox, TAKEN_FOLDER) == 1
    with opened(Mailbox.at(settings.IMAP_URL)) as box:
        assert box.clear_taken(timezone.localdate() + timedelta(days=1)) == 1
    assert lying_in(inbox, TAKEN_FOLDER) == 0


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("imaps://a:b@host", Mailbox("host", 993, "a", "b", "INBOX", "tls")),
        ("imap://a:b@host/Forum", Mailbox("host", 143, "a", "b", "Forum", "starttls")),
        ("imap://a%40x:b%2F@localhost:9", Mailbox("localhost", 9, "a@x", "b/", "INBOX", "none")),
    ],
    ids=["tls", "starttls", "here"],
)
def test_the_address_of_a_mailbox(address, mailbox):
    assert Mailbox.at(address) == mailbox
    assert "b" not in repr(mailbox).replace("Mailbox", "").replace("INBOX", "")
