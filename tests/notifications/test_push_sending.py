"""Only the device can read what is pushed; endpoints lead to public https addresses only."""

import socket

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from forum.notifications.push import endpoints, sealing, sending
from forum.notifications.push.endpoints import NotAllowed
from forum.notifications.push.sending import Outcome
from tests.notifications.push_service import PushedDevice, PushService


def address_of(device: PushedDevice) -> sending.Address:
    return sending.Address(device.endpoint, device.key, device.secret)


def send(device: PushedDevice, payload: bytes = b'{"title": "Nowa odpowied\xc5\xba"}'):
    return sending.send(address_of(device), payload, topic="n1", is_urgent=False)


def test_the_device_reads_what_was_sealed_for_it(push_service):
    device = push_service.new_device()
    assert send(device).outcome == Outcome.TAKEN
    assert device.received == [{"title": "Nowa odpowiedź"}]
    assert device.headers[0]["topic"] == "n1"
    assert device.headers[0]["urgency"] == "normal"


def test_what_presses_says_so(push_service):
    device = push_service.new_device()
    sending.send(address_of(device), b"{}", topic="n1", is_urgent=True)
    assert device.headers[0]["urgency"] == "high"


def test_another_forums_key_is_not_let_in(push_service, settings):
    device = push_service.new_device()
    settings.VAPID_PRIVATE_KEY = sealing.new_private_key()
    assert send(device).outcome == Outcome.REFUSED
    assert push_service.complaints
    push_service.complaints.clear()


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.TAKEN),
        (201, Outcome.TAKEN),
        (302, Outcome.REFUSED),  # no redirect is followed
        (400, Outcome.REFUSED),
        (404, Outcome.GONE),
        (410, Outcome.GONE),
        (413, Outcome.REFUSED),
        (429, Outcome.LATER),
        (500, Outcome.LATER),
        (503, Outcome.LATER),
    ],
)
def test_the_answer_says_what_becomes_of_the_device(push_service, status, outcome):
    assert send(push_service.new_device(status)).outcome == outcome


def test_a_service_that_is_not_there_is_tried_later(push_service):
    device = push_service.new_device()
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    gone = sending.Address(f"http://127.0.0.1:{port}/x", device.key, device.secret)
    result = sending.send(gone, b"{}", topic="n1", is_urgent=False)
    assert result.outcome == Outcome.LATER


@pytest.mark.parametrize(
    "address",
    [
        "http://push.example.org/x",
        "ftp://push.example.org/x",
        "https:///x",
        "https://user@push.example.org/x",
        "https://user:pass@push.example.org/x",
        "https://push.example.org/x#y",
        "https://push.example.org:99999/x",
        "https://push.example.org/x y",
        "https://push.example.org/x\r\nHost: a",
        "https://pusz.example.org/ą",
        "https://[::1",
        "https://push.example.org/" + "x" * 1000,
        "//push.example.org/x",
        "",
        "http://127.0.0.1/x",
        "http://localhost/x",
    ],
)
def test_no_other_address_is_taken(address):
    with pytest.raises(NotAllowed):
        endpoints.parse(address)


def test_a_push_service_is_taken_apart():
    found = endpoints.parse("https://push.example.org:8443/a/b?c=d")
    assert (found.origin, found.path) == ("https://push.example.org:8443", "/a/b?c=d")
    assert endpoints.parse("https://push.example.org").origin == "https://push.example.org"
    assert endpoints.parse("https://[2606:4700::1]/x").origin == "https://[2606:4700::1]"


@pytest.mark.parametrize(
    ("address", "is_allowed"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("224.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("255.255.255.255", False),
    ],
)
def test_only_public_addresses_are_connected_to(address, is_allowed):
    assert endpoints.is_allowed(address) is is_allowed


def test_a_name_that_leads_inside_is_found_out(settings, monkeypatch):
    """The name is judged by all its addresses, at the moment of sending."""
    settings.VAPID_PRIVATE_KEY = sealing.new_private_key()

    def resolved(*_args, **_kwargs):
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443)),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.5", 443)),
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    device = PushedDevice("https://push.example.org/x")
    assert send(device).outcome == Outcome.GONE


def test_loopback_is_for_tests_only(push_service, settings):
    device = push_service.new_device()
    settings.PUSH_TO_LOOPBACK = False
    assert send(device).outcome == Outcome.GONE
    assert device.received == []


@pytest.mark.parametrize(
    ("key", "secret"),
    [
        ("", "AAAAAAAAAAAAAAAAAAAAAA"),
        ("nonsense", "AAAAAAAAAAAAAAAAAAAAAA"),
        ("BA" + "A" * 85, "AAAAAAAAAAAAAAAAAAAAAA"),  # no point of the curve
        (PushedDevice("").key, "short"),
        (PushedDevice("").key, "!!!"),
        (PushedDevice("").key[:44], "AAAAAAAAAAAAAAAAAAAAAA"),
    ],
    ids=["no key", "nonsense", "off the curve", "short secret", "no base64", "half a key"],
)
def test_what_is_no_key_is_no_device(push_service, key, secret):
    address = sending.Address(push_service.new_device().endpoint, key, secret)
    result = sending.send(address, b"{}", topic="n1", is_urgent=False)
    assert result.outcome == Outcome.GONE


def test_the_command_makes_a_key_that_works(capsys, settings):
    call_command("make_push_keys")
    name, _, key = capsys.readouterr().out.strip().partition("=")
    assert name == "VAPID_PRIVATE_KEY"
    settings.VAPID_PRIVATE_KEY = key
    public = sealing.public_key()
    assert len(sealing.decode(public)) == sealing.KEY_BYTES
    with PushService(public) as service:
        settings.PUSH_TO_LOOPBACK = True
        assert send(service.new_device()).outcome == Outcome.TAKEN


def test_a_wrong_key_stops_with_its_name(settings):
    settings.VAPID_PRIVATE_KEY = "nonsense"
    with pytest.raises(ImproperlyConfigured, match="VAPID_PRIVATE_KEY"):
        sealing.public_key()


def test_without_a_key_there_is_no_push(settings):
    settings.VAPID_PRIVATE_KEY = ""
    assert sealing.public_key() == ""
    assert not sealing.is_set_up()
