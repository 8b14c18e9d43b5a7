"""Lines that somebody slips in: into heads of mails, into the log, into redirects."""

import logging

import pytest
from django.core import mail

from tests.accounts.doors import ask_for_code, sign_up
from tests.cast import just_logged_in
from tests.factories import a_thread
from tests.security.walking import addresses

pytestmark = pytest.mark.django_db

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "http:///evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    " //evil.example",
    "/\t/evil.example",
    "//evil.example\\@localhost",
    "https://localhost@evil.example/",
    "https://localhost.evil.example/",
]


# --- Mails ----------------------------------------------------------------------------------------
def heads():
    return [str(sent.message()).partition("\n\n")[0] for sent in mail.outbox]


def test_a_name_of_two_lines_is_one_line_or_none(client):
    sign_up(client, "adam@example.org", "Adam Lis")
    assert len(heads()) == 1  # the walk could fail
    sign_up(client, "ewa@example.org", "Ewa\r\nBcc: ofiara@example.org")
    assert not any("ofiara" in head for head in heads())
    assert all("ofiara" not in address for sent in mail.outbox for address in sent.recipients())


@pytest.mark.parametrize(
    "address",
    [
        "bob@example.org\nBcc: x@example.org",
        "bob@example.org,x@example.org",
        "bob@example.org%0aCc:x",
    ],
)
def test_an_address_of_two_lines_gets_no_mail(client, bob, address):
    answer = ask_for_code(client, address)
    assert answer.status_code < 500
    assert all(sent.recipients() == ["bob@example.org"] for sent in mail.outbox)


# --- The log --------------------------------------------------------------------------------------
def test_an_address_cannot_write_a_line_of_the_log(client, caplog):
    with caplog.at_level(logging.WARNING):
        client.get("/threads/x%0a2026-11-26 10:00:00 ERROR everything is lost/")
    assert caplog.records
    assert all("\n" not in record.getMessage() for record in caplog.records)


# --- Redirects ------------------------------------------------------------------------------------
PATHS = sorted({path for _name, path in addresses()})
NAMES = ("next", "back", "return", "url", "to", "from")


@pytest.fixture(params=["guest", "bob", "carol"])
def reader(request, client, bob):
    a_thread(bob)
    return (
        client
        if request.param == "guest"
        else just_logged_in(request.getfixturevalue(request.param))
    )


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_address_leads_elsewhere(reader, method):
    """Whatever a link says of where to go next: every door, each of these names."""
    led = []
    for path in PATHS:
        if "logout" in path:
            continue
        query = "&".join(f"{name}=https://evil.example/" for name in NAMES)
        form = dict.fromkeys(NAMES, "https://evil.example/") | {"language": "pl"}
        answer = getattr(reader, method)(f"{path}?{query}", form if method == "post" else None)
        location = answer.headers.get("Location", "")
        if location.startswith(("http:", "https:", "//", "\\")):
            led.append((path, location))
    assert led == []


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
@pytest.mark.parametrize("path", ["/language/", "/accounts/logout/"])
def test_every_way_of_writing_elsewhere_is_known(bob, path, elsewhere):
    client = just_logged_in(bob)
    answer = client.post(path, {"language": "pl", "next": elsewhere})
    assert answer.status_code in {302, 303}
    assert answer.headers["Location"] == "/"
