"""`manage.py doctor`: finds what is broken, says what to do, and is silent about what is well."""

import json
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import AuthResult
from allauth.mfa.models import Authenticator
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management import call_command
from django.utils import timezone

from forum.jobs.models import Job
from forum.lib import sealed
from forum.operation import actions, maintenance
from forum_site.doctoring import State, clock, disk, keys, mail, parts, site
from forum_site.management.commands.doctor import LOOKS
from tests.accounts.factors import give_app
from tests.proof.services import free_port

WELL, NOTICE, FAULT = State.WELL, State.NOTICE, State.FAULT


def states(look) -> list[State]:
    return [found.state for found in look()]


def how(look) -> str:
    return " ".join(f"{found.how} {found.do}" for found in look())


# --- Mail ----------------------------------------------------------------------------------------
@contextmanager
def mail_server(*, takes: str = "") -> Iterator[int]:
    """A mail server on loopback that lets in whoever has this password; gives its port."""

    def judge(_server, _session, _envelope, _mechanism, given) -> AuthResult:
        return AuthResult(success=given.password.decode() == takes, handled=False)

    port = free_port()
    controller = Controller(Sink(), "127.0.0.1", port, authenticator=judge, auth_require_tls=False)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@pytest.fixture
def smtp(settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 0
    settings.EMAIL_USE_TLS = False
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "forum", "zielona-latarnia"
    return settings


def test_a_mail_server_that_lets_us_in_is_well(smtp):
    with mail_server(takes="zielona-latarnia") as smtp.EMAIL_PORT:
        assert states(mail.outgoing) == [WELL]


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_refused_password_is_told_as_one(smtp):
    with mail_server(takes="another") as smtp.EMAIL_PORT:
        assert states(mail.outgoing) == [FAULT]
        assert "SMTP_PASSWORD" in how(mail.outgoing)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_server_without_starttls_is_told_as_one(smtp):
    smtp.EMAIL_USE_TLS = True
    with mail_server(takes="zielona-latarnia") as smtp.EMAIL_PORT:
        assert states(mail.outgoing) == [FAULT]
        assert "SMTP_STARTTLS" in how(mail.outgoing)


def test_nobody_there_and_no_such_name_are_told_apart(smtp):
    smtp.EMAIL_PORT = free_port()
    nobody = how(mail.outgoing)
    smtp.EMAIL_HOST = "poczta.invalid"
    assert states(mail.outgoing) == [FAULT]
    assert how(mail.outgoing) != nobody


def test_without_a_mail_server_mail_is_broken(settings):
    settings.EMAIL_HOST = ""
    assert states(mail.outgoing) == [FAULT]


@pytest.mark.parametrize(
    ("address", "state"),
    [
        ("Forum <forum@localhost>", FAULT),
        ("Forum <forum@example.org>", FAULT),
        ("Forum", FAULT),
        ("Forum <forum@forum.powiat.invalid>", NOTICE),
    ],
)
def test_a_sender_that_is_nobody_is_found(settings, address, state):
    settings.DEFAULT_FROM_EMAIL = address
    assert states(mail.sender) == [state]


def test_a_mailbox_is_looked_at_where_there_is_one(settings):
    settings.IMAP_URL = ""
    assert states(mail.incoming) == []
    settings.IMAP_URL = f"imap://anna:tajne@127.0.0.1:{free_port()}/INBOX"
    assert states(mail.incoming) == [FAULT]


# --- Clock ---------------------------------------------------------------------------------------
@contextmanager
def site_that_says(moment: datetime) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response_only(200)
            self.send_header("Date", format_datetime(moment, usegmt=True))
            self.end_headers()

        def log_message(self, *_args: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ahead", "state"), [(0, WELL), (6, NOTICE), (-6, NOTICE), (3600, FAULT), (-3600, FAULT)]
)
def test_a_clock_that_differs_is_found(settings, ahead, state):
    settings.REDIS_URL = ""
    with site_that_says(datetime.now(UTC) + timedelta(seconds=ahead)) as settings.SITE_URL:
        assert states(clock.clocks)[-1] == state


@pytest.mark.django_db
@pytest.mark.postgresql
def test_the_clocks_of_postgresql_and_redis_are_asked(settings, monkeypatch):
    settings.SITE_URL = f"http://127.0.0.1:{free_port()}"
    assert states(clock.clocks) == [WELL, WELL]
    real = clock.time.time
    monkeypatch.setattr(clock, "time", SimpleNamespace(time=lambda: real() + 60))
    assert states(clock.clocks) == [FAULT, FAULT]


@pytest.mark.django_db
def test_without_another_clock_it_says_so(settings):
    settings.REDIS_URL, settings.SITE_URL = "", f"http://127.0.0.1:{free_port()}"
    assert states(clock.clocks)[-1] in {NOTICE, WELL}  # PostgreSQL has one, SQLite has none


def test_an_unknown_time_zone_is_a_fault(settings):
    assert states(clock.time_zone) == [WELL]
    settings.TIME_ZONE = "Europe/Nadarzyn"
    assert states(clock.time_zone) == [FAULT]


# --- Keys ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("key", "state"),
    [
        ("mN4-xQ7_pL2vR9tY6wZ1kJ8hG5fD3sA0cVbE-uIoP", WELL),
        ("a" * 60, FAULT),
        ("short-but-mixed-1234567890-abc", FAULT),
        ("0f3a91c27b5e8d46a0c9517e2bd384f6", WELL),  # openssl rand -hex 16: the start takes it
        ("django-insecure-mN4-xQ7_pL2vR9tY6wZ1kJ8hG5fD3sA0cVb", FAULT),
    ],
)
def test_a_weak_key_is_found(settings, tmp_path, key, state):
    settings.SECRET_KEY, settings.DATA_DIR = key, tmp_path
    assert states(keys.secret) == [state]
    assert key not in how(keys.secret)


def test_a_key_that_others_may_read_is_found(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.SECRET_KEY = "mN4-xQ7_pL2vR9tY6wZ1kJ8hG5fD3sA0cVbE-uIoP"
    file = tmp_path / keys.FILE
    file.write_text("x")
    file.chmod(0o644)
    assert states(keys.secret) == [WELL, FAULT]
    file.chmod(0o600)
    assert states(keys.secret) == [WELL]


def test_the_key_for_devices_is_one_or_it_is_told(settings):
    settings.VAPID_PRIVATE_KEY = ""
    assert states(keys.push) == [NOTICE]
    settings.VAPID_PRIVATE_KEY = "nonsense"
    assert states(keys.push) == [FAULT]


@pytest.mark.django_db
def test_second_factors_that_are_missing_or_broken_are_counted(settings, carol, alice):
    settings.REQUIRE_SECOND_FACTOR = True
    assert states(keys.second_factors) == [NOTICE]
    give_app(carol)
    assert states(keys.second_factors) == [WELL]
    # As they stood before they were sealed: no code fits such a one any more.
    Authenticator.objects.create(user=alice, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    assert states(keys.second_factors) == [FAULT]
    Authenticator.objects.filter(user=alice).update(data={"secret": sealed.seal("not base 32!")})
    assert states(keys.second_factors) == [FAULT]


# --- Disk ----------------------------------------------------------------------------------------
def disk_with(monkeypatch, *, free: float, inodes: float = 0.9, blocks: int = 10**9) -> None:
    told = SimpleNamespace(
        f_bavail=int(blocks * free), f_blocks=blocks, f_frsize=4096,
        f_favail=int(1000 * inodes), f_files=1000,
    )  # fmt: skip
    monkeypatch.setattr(os, "statvfs", lambda _path: told)


@pytest.mark.parametrize(
    ("free", "inodes", "state"),
    [(0.5, 0.9, WELL), (0.1, 0.9, NOTICE), (0.5, 0.1, NOTICE), (0.03, 0.9, FAULT), (0.5, 0, FAULT)],
)
def test_a_disk_that_gets_full_is_found(monkeypatch, free, inodes, state):
    disk_with(monkeypatch, free=free, inodes=inodes)
    assert set(states(disk.room)) == {state}


def test_half_of_a_tiny_disk_is_too_little(monkeypatch):
    disk_with(monkeypatch, free=0.5, blocks=1000)
    assert set(states(disk.room)) == {FAULT}


def test_a_directory_that_is_none_is_found(settings, tmp_path):
    (tmp_path / "file").write_text("x")
    settings.FILES_DIR = tmp_path / "file" / "files"
    settings.PRIVATE_DIR = tmp_path / "not-made-yet"
    assert states(disk.room)[-1] == FAULT
    assert "FILES_DIR" in [found.what for found in disk.room()][-1]


@pytest.mark.django_db
def test_the_database_has_a_size():
    (found,) = disk.database_size()
    assert found.how[0] in "123456789"


# --- Parts ---------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_worker_that_is_missing_is_a_fault():
    assert states(parts.worker) == [FAULT]
    actions.beat("machine.1")
    assert states(parts.worker) == [WELL]


@pytest.mark.django_db
def test_work_that_is_stuck_or_given_up_is_told():
    assert states(parts.jobs) == [WELL]
    job = Job.objects.create(kind="mail.send", run_at=timezone.now() - timedelta(hours=1))
    assert states(parts.jobs) == [FAULT]
    Job.objects.filter(pk=job.pk).update(failed_at=timezone.now())
    assert states(parts.jobs) == [NOTICE]
    assert "mail.send (1)" in how(parts.jobs)


@pytest.mark.django_db
def test_work_that_waits_for_the_end_of_maintenance_is_no_fault():
    Job.objects.create(kind="mail.send", run_at=timezone.now() - timedelta(hours=1))
    actions.begin_maintenance(reason="", until=None)
    maintenance.look()
    assert states(parts.jobs) == []
    assert states(parts.read_only) == [NOTICE]


def test_redis_that_is_away_is_a_fault(settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    assert states(parts.redis) == [FAULT]
    settings.REDIS_URL = ""
    assert states(parts.redis) == []


@pytest.mark.django_db
def test_the_database_answers_and_has_all_migrations():
    assert states(parts.database) == [WELL]


# --- Site ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("url", "hosts", "state"),
    [
        ("https://forum.example.org", ["forum.example.org"], WELL),
        ("http://localhost:8000", ["localhost"], WELL),
        ("http://forum.example.org", ["forum.example.org"], FAULT),
        ("https://forum.example.org", ["localhost"], FAULT),
    ],
)
def test_an_address_that_does_not_do_is_found(settings, url, hosts, state):
    settings.SITE_URL, settings.ALLOWED_HOSTS, settings.DEBUG = url, hosts, False
    assert states(site.address) == [state]


@pytest.mark.parametrize(("days", "state"), [(60, WELL), (10, NOTICE), (2, FAULT), (-1, FAULT)])
def test_a_certificate_that_ends_soon_is_told(days, state):
    assert site._by_days("", days).state == state


def test_a_certificate_that_nobody_vouches_for_is_a_fault(settings, tmp_path):
    with site_with_own_certificate(tmp_path) as port:
        settings.SITE_URL = f"https://localhost:{port}"
        assert states(site.certificate) == [FAULT]
    assert states(site.certificate) == [NOTICE]  # and nobody there is no proof of anything
    settings.SITE_URL = "http://localhost"
    assert states(site.certificate) == []


@contextmanager
def site_with_own_certificate(place: Path) -> Iterator[int]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=90))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    file = place / "own.pem"
    form, open_key = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, form, open_key))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    listener = socket.create_server(("127.0.0.1", 0))

    def answer_once() -> None:
        connection, _ = listener.accept()
        try:
            context.wrap_socket(connection, server_side=True).close()
        except OSError:
            connection.close()

    thread = threading.Thread(target=answer_once)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        thread.join(10)
        listener.close()


# --- The command ---------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_the_command_ends_with_one_where_something_is_broken(settings, capsys):
    settings.EMAIL_HOST = ""
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--json")
    assert ended.value.code == 1
    said = json.loads(capsys.readouterr().out)
    assert {"what", "state", "how", "do"} == set(said[0])
    assert all(each["do"] for each in said if each["state"] != "ok")
    assert all(not each["do"] for each in said if each["state"] == "ok")
    with pytest.raises(SystemExit):
        call_command("doctor")
    assert capsys.readouterr().out.count("→") == sum(1 for each in said if each["do"])


@pytest.mark.django_db(transaction=True)
def test_the_command_ends_well_where_nothing_is(monkeypatch, capsys):
    monkeypatch.setattr(
        "forum_site.management.commands.doctor.LOOKS", (clock.time_zone, disk.database_size)
    )
    call_command("doctor")
    assert "→" not in capsys.readouterr().out
    assert len(LOOKS) > 15
