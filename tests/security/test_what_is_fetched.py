"""Where others can send the forum: through one door only, and never behind its own wall."""

import re
import socket

import pytest

from accounts.registers.answers import NotFound
from accounts.registers.krs import OpenKrs
from forum.notifications.push import endpoints
from tests.floors import ROOT

# Ways of a program to other machines. Each file below says in its own tests where it may go.
CLIENTS = re.compile(
    r"^\s*(?:from|import) (?:http\.client|urllib\.request|httpx|requests|aiohttp|smtplib|imaplib"
    r"|ftplib|telnetlib|socket)\b",
    re.MULTILINE,
)
KNOWN = {
    # Addresses from browsers: judged by `endpoints`, connected to by the judged address.
    "forum/notifications/push/endpoints.py",
    "forum/notifications/push/sending.py",
    # An address from the operator's settings, and nobody else's.
    "accounts/registers/krs.py",
    "forum/mailbox/imap.py",
    # Know the errors of a mail server by name, and go nowhere by themselves.
    "forum/notifications/delivering_mail.py",
    "forum/notifications/bounces.py",
}
# Servers and their tools open sockets to listen, or to look at what they hold.
LISTENING = {"forum_site", "forum/mailbox/management", "forum/jobs", "forum/mailbox/door.py"}


def test_nothing_else_goes_to_other_machines():
    found = {
        path.relative_to(ROOT).as_posix()
        for package in ("accounts", "forum", "forum_site")
        for path in (ROOT / package).rglob("*.py")
        if CLIENTS.search(path.read_text())
    }
    going = {path for path in found if not path.startswith(tuple(LISTENING))}
    assert "accounts/registers/krs.py" in going  # the search could fail
    assert going == KNOWN


@pytest.mark.parametrize(
    "addresses",
    [
        ["10.0.0.1"],
        ["1.1.1.1", "127.0.0.1"],
        ["64:ff9b::10.0.0.1"],
        ["2002:a00:1::"],
        ["::10.0.0.1"],
        ["169.254.169.254"],
    ],
)
def test_a_name_that_leads_behind_the_wall_is_refused(monkeypatch, addresses):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in addresses]
    monkeypatch.setattr(endpoints.socket, "getaddrinfo", lambda *_args, **_more: found)
    with pytest.raises(endpoints.NotAllowed):
        endpoints.resolve(endpoints.parse("https://push.example.org/x"))


def test_a_name_out_in_the_world_is_taken(monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", 443))]
    monkeypatch.setattr(endpoints.socket, "getaddrinfo", lambda *_args, **_more: found)
    assert endpoints.resolve(endpoints.parse("https://push.example.org/x")) == "1.1.1.1"


@pytest.mark.parametrize(
    "number", ["../../../etc/passwd", "0000000001/../x", "0000000001?x=", "٠٠٠٠٠٠٠٠٠١", "1" * 11]
)
def test_a_number_for_the_register_is_a_number(number):
    assert isinstance(OpenKrs("http://127.0.0.1:9").lookup(number), NotFound)
