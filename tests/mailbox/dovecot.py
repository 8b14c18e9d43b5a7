"""A Dovecot of the tests' own: an IMAP server in a temporary directory, from the installed binary.

    with dovecot.running() as server:
        imaplib.IMAP4(server.host, server.port)

It runs as whoever runs the tests; for root the mails belong to nobody, since Dovecot reads none as
root.
"""

import imaplib
import os
import pwd
import shutil
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.proof.services import free_port

BINARIES = ("/usr/sbin/dovecot", "/usr/local/sbin/dovecot")
HOST = "127.0.0.1"
USER = "forum"
PASSWORD = "tajne/hasło@1"  # its signs must survive an address
START_TIMEOUT_S = 30
STOP_TIMEOUT_S = 20
POLL_S = 0.05


class DovecotMissing(Exception):
    """It is not installed; the message says so."""


@dataclass(frozen=True, slots=True)
class Dovecot:
    """A running server: its ports, and the certificate that it shows."""

    port: int
    tls_port: int
    certificate: Path

    def inbox(self) -> imaplib.IMAP4:
        """A connection of somebody who looks into the mailbox, beside the forum."""
        connection = imaplib.IMAP4(HOST, self.port, timeout=START_TIMEOUT_S)
        connection.authenticate("PLAIN", lambda _: f"\0{USER}\0{PASSWORD}".encode())
        connection.select("INBOX")
        return connection


def binary() -> str:
    """The server's program. Raises: DovecotMissing."""
    found = shutil.which("dovecot") or next(filter(os.path.exists, BINARIES), "")
    if not found:
        raise DovecotMissing("Dovecot is not installed (apt install dovecot-imapd)")
    return found


@contextmanager
def running() -> Iterator[Dovecot]:
    """A server with one empty mailbox. Raises: DovecotMissing before anything is started."""
    program = binary()
    # A short path of its own: the names of Unix sockets have 108 characters.
    directory = Path(tempfile.mkdtemp(prefix="dovecot-"))
    try:
        server = Dovecot(free_port(), free_port(), directory / "certificate.pem")
        config = _prepared(directory, server)
        process = subprocess.Popen(
            [program, "-F", "-c", config], stdin=subprocess.DEVNULL, start_new_session=True
        )
        try:
            _wait(process, server, directory / "log")
            yield server
        finally:
            process.terminate()
            process.wait(STOP_TIMEOUT_S)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _prepared(directory: Path, server: Dovecot) -> Path:
    directory.chmod(0o755)
    key = _certify(directory, server.certificate)
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    mails = directory / "mails"
    mails.mkdir()
    passwords = directory / "passwords"
    passwords.write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
    if os.geteuid() == 0:
        os.chown(mails, owner.pw_uid, owner.pw_gid)
    config = directory / "dovecot.conf"
    config.write_text(
        f"""
base_dir = {directory}/run
state_dir = {directory}/state
log_path = {directory}/log
protocols = imap
listen = {HOST}
{_users(owner)}
first_valid_uid = 1
ssl = yes
ssl_cert = <{server.certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{mails}
mail_fsync = never
passdb {{
  driver = passwd-file
  args = {passwords}
}}
userdb {{
  driver = static
  args = uid={owner.pw_uid} gid={owner.pw_gid} home={mails}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {server.port}
  }}
  inet_listener imaps {{
    port = {server.tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
"""
    )
    return config


def _users(owner: pwd.struct_passwd) -> str:
    """Whose rights the server's parts have: of the package's users, or of whoever starts it."""
    if os.geteuid() == 0:
        return ""
    group = f"default_internal_group = {owner.pw_gid}"
    return f"default_internal_user = {owner.pw_name}\ndefault_login_user = {owner.pw_name}\n{group}"


def _certify(directory: Path, certificate: Path) -> Path:
    """A certificate for this machine that its own key has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    place = directory / "key.pem"
    place.touch(0o600)
    place.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return place


def _wait(process: subprocess.Popen, server: Dovecot, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            server.inbox().logout()
        except (OSError, imaplib.IMAP4.error, ssl.SSLError) as error:
            if process.poll() is not None or time.monotonic() > deadline:
                said = log.read_text() if log.exists() else ""
                raise RuntimeError(f"Dovecot did not start: {error}\n{said}") from error
            time.sleep(POLL_S)
        else:
            return
