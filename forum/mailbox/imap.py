"""A mailbox on an IMAP server: what lies in it, and moving aside what was taken.

Source: RFC 9051, and RFC 3501 for servers that are older.
"""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

TIMEOUT_S = 30
TAKEN_FOLDER = "Forum-taken"
# Servers that keep all folders below the inbox want its name in front.
TAKEN_FOLDERS = (TAKEN_FOLDER, f"INBOX.{TAKEN_FOLDER}", f"INBOX/{TAKEN_FOLDER}")
THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TLS_PORT, PORT = 993, 143

Security = Literal["tls", "starttls", "none"]
Failures = (OSError, imaplib.IMAP4.error)  # of the network, and what the server refuses


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where the mails are, and who may fetch them."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    security: Security = "tls"

    @classmethod
    def at(cls, address: str) -> "Mailbox":
        """The mailbox of imaps://user:password@host:port/folder.

        imap:// asks for STARTTLS, unless the host is this machine. Raises: ValueError, with the end
        of the sentence that begins with the setting's name.
        """
        parts = urlsplit(address)
        if parts.scheme not in ("imap", "imaps"):
            raise ValueError("must begin with imaps:// or imap://")
        if not (parts.hostname and parts.username and parts.password):
            raise ValueError("must name a user, a password and a host: imaps://user:password@host")
        security: Security = "tls"
        if parts.scheme == "imap":
            security = "none" if parts.hostname in THIS_MACHINE else "starttls"
        return cls(
            parts.hostname,
            parts.port or (TLS_PORT if security == "tls" else PORT),
            unquote(parts.username),
            unquote(parts.password),
            unquote(parts.path.strip("/")) or "INBOX",
            security,
        )


class Opened:
    """An open folder of a mailbox. Every method raises one of `Failures` where the server fails."""

    def __init__(self, connection: imaplib.IMAP4) -> None:
        self._connection = connection
        self._taken_folder = ""

    def uids(self, most: int) -> list[str]:
        """The mails that lie in the folder, the oldest first."""
        return self._ask("SEARCH", "UNDELETED").split()[:most]

    def size_of(self, uid: str) -> int:
        """Units: bytes; 0 where the mail is gone."""
        found = re.search(r"RFC822\.SIZE (\d+)", self._ask("FETCH", uid, "(RFC822.SIZE)"))
        return int(found[1]) if found else 0

    def fetched(self, uid: str, most_bytes: int) -> bytes:
        """The mail, or so much of its beginning; it stays unread. Empty where it is gone."""
        data = self._data("FETCH", uid, f"(BODY.PEEK[]<0.{most_bytes}>)")
        return next((each[1] for each in data if isinstance(each, tuple)), b"")

    def set_aside(self, uid: str) -> None:
        """Move the mail to the folder of those that were taken."""
        folder = self._folder_of_taken()
        if "MOVE" in self._connection.capabilities:
            self._ask("MOVE", uid, folder)
            return
        self._ask("COPY", uid, folder)
        self._remove([uid])

    def clear_taken(self, before: date) -> int:
        """Delete what was set aside and came before the day; how many there were."""
        self.open(self._folder_of_taken())
        day = f"{before.day:02d}-{MONTHS[before.month - 1]}-{before.year}"
        uids = self._ask("SEARCH", "BEFORE", day).split()
        if uids:
            self._remove(uids)
        return len(uids)

    def open(self, folder: str) -> None:
        status, answer = self._connection.select(_quoted(folder))
        _demand(status, answer)

    def _remove(self, uids: list[str]) -> None:
        every = ",".join(uids)
        self._ask("STORE", every, "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in self._connection.capabilities:
            self._ask("EXPUNGE", every)
        else:
            _demand(*self._connection.expunge())

    def _folder_of_taken(self) -> str:
        """Its name, and the folder itself where it was not there yet."""
        for name in () if self._taken_folder else TAKEN_FOLDERS:
            self._connection.create(_quoted(name))  # refused where it is there already
            if self._connection.status(_quoted(name), "(MESSAGES)")[0] == "OK":
                self._taken_folder = _quoted(name)
                break
        if not self._taken_folder:
            raise imaplib.IMAP4.error(f"the server has no folder {TAKEN_FOLDER}, and makes none")
        return self._taken_folder

    def _ask(self, command: str, *arguments: str) -> str:
        data = self._data(command, *arguments)
        return b" ".join(each for each in data if isinstance(each, bytes)).decode(
            "ascii", "replace"
        )

    def _data(self, command: str, *arguments: str) -> list[Any]:
        status, data = self._connection.uid(command, *arguments)
        _demand(status, data)
        return list(data)


@contextmanager
def opened(mailbox: Mailbox) -> Iterator[Opened]:
    """The mailbox with its folder open, for as long as the block runs. Raises: one of Failures."""
    connection = _connected(mailbox)
    try:
        _log_in(connection, mailbox)
        box = Opened(connection)
        box.open(mailbox.folder)
        yield box
    finally:
        _say_goodbye(connection)


def _connected(mailbox: Mailbox) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if mailbox.security == "tls":
        return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=TIMEOUT_S)
    connection = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=TIMEOUT_S)
    if mailbox.security == "starttls":
        try:
            connection.starttls(context)
        except Failures:
            _say_goodbye(connection)
            raise
    return connection


def _say_goodbye(connection: imaplib.IMAP4) -> None:
    """Part in peace where the server is still there, and close the socket either way."""
    try:
        connection.logout()
    except Failures:
        with suppress(OSError):  # of a socket that is closed already
            connection.shutdown()


def _log_in(connection: imaplib.IMAP4, mailbox: Mailbox) -> None:
    """A plain LOGIN takes no letters beyond ASCII, and passwords have them."""
    if "AUTH=PLAIN" not in connection.capabilities:
        connection.login(mailbox.user, mailbox.password)
        return
    secret = f"\0{mailbox.user}\0{mailbox.password}".encode()
    connection.authenticate("PLAIN", lambda _challenge: secret)


def _quoted(folder: str) -> str:
    if folder.startswith('"'):
        return folder
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _demand(status: str, answer: object) -> None:
    if status != "OK":
        raise imaplib.IMAP4.error(f"the server says {status}: {answer!r}")
