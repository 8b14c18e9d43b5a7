"""Reply addresses: short, signed, for one member and place, and for a while."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.checks import Error

from accounts.models import User
from forum.discussions.models import Post, Thread
from forum.lib import signed_numbers
from forum.mailbox import checks
from forum.mailbox.acts import Act, act_url, linked_by
from forum.mailbox.addresses import Named, named_by, reply_address, takes_bounces

KEY = "x" * 40
OTHER_KEY = "y" * 40


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def at(text: str) -> time_machine.travel:
    return time_machine.travel(moment(text), tick=False)


def an_address(member: int = 7, post: int = 42) -> str:
    return reply_address(User(pk=member), Post(pk=post))


def test_the_address_names_the_member_and_the_post():
    assert named_by(an_address()) == Named(7, None, 42, has_ended=False)


def test_the_address_may_name_the_thread_as_a_whole():
    address = reply_address(User(pk=7), Thread(pk=3))
    assert named_by(address) == Named(7, 3, None, has_ended=False)


def test_without_a_setting_there_is_no_address(settings):
    settings.REPLY_ADDRESS = ""
    assert an_address() == ""
    assert named_by("odpowiedz+x@forum.example.org") is None


@pytest.mark.parametrize(("member", "post"), [(1, 1), (10**6, 10**9), (10**12, 10**12)])
def test_the_local_part_is_short_enough_for_every_server(member, post):
    local, _, _ = an_address(member, post).partition("@")
    assert len(local) <= 64
    assert local == local.lower()


def test_a_domain_that_takes_every_name_does_as_well(settings):
    settings.REPLY_ADDRESS = "{token}@odpowiedz.example.org"
    address = an_address()
    assert address.endswith("@odpowiedz.example.org")
    assert named_by(address) == Named(7, None, 42, has_ended=False)


def test_servers_may_change_the_case_of_an_address():
    assert named_by(an_address().upper()) == named_by(an_address())


@pytest.mark.parametrize(
    "address",
    [
        "",
        "odpowiedz+@forum.example.org",
        "odpowiedz@forum.example.org",
        "odpowiedz+łąka@forum.example.org",
        "odpowiedz+" + "a" * 500 + "@forum.example.org",
        "odpowiedz+aaaaaaaaaaaaaaaaaaaaaaaaaaa@forum.example.org",
        "alice@example.org",
    ],
    ids=range(7),
)
def test_other_addresses_name_nothing(address):
    assert named_by(address) is None


def test_no_letter_of_the_token_can_be_changed():
    address = an_address()
    prefix, token = "odpowiedz+", address.removeprefix("odpowiedz+").partition("@")[0]
    for place, letter in enumerate(token):
        other = "a" if letter != "a" else "b"
        forged = f"{prefix}{token[:place]}{other}{token[place + 1 :]}@forum.example.org"
        assert named_by(forged) is None


def test_a_token_for_another_use_is_no_address():
    token = act_url(Act.THANK, User(pk=1), Post(pk=2)).rstrip("/").rpartition("/")[2]
    assert linked_by(token) is not None
    assert named_by(f"odpowiedz+{token}@forum.example.org") is None


def test_an_old_address_is_known_and_has_ended():
    with at("2026-03-01 12:00"):
        address = an_address()
    with at("2026-05-30 12:00"):
        assert not named_by(address).has_ended
    with at("2026-05-31 12:00"):
        assert named_by(address) == Named(7, None, 42, has_ended=True)


def test_an_earlier_key_still_counts_where_it_is_named(settings):
    settings.SECRET_KEY = KEY
    address = an_address()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OTHER_KEY, [KEY]
    assert named_by(address) is not None
    settings.SECRET_KEY_FALLBACKS = []
    assert named_by(address) is None


def test_the_address_is_the_same_all_day():
    with at("2026-03-01 01:00") as clock:
        morning = an_address()
        clock.move_to(moment("2026-03-01 23:00"))
        assert an_address() == morning
        clock.move_to(moment("2026-03-02 01:00"))
        assert an_address() != morning


def test_signed_numbers_hold_what_a_key_may_be():
    now = datetime(2026, 11, 26, tzinfo=UTC)
    numbers = (0, 127, 128, 2**63 - 1)
    word = signed_numbers.sign("x", numbers, now=now, holds_for=timedelta(days=1))
    assert signed_numbers.read("x", word).numbers == numbers


def test_reports_come_to_the_forums_own_addresses(settings):
    settings.DEFAULT_FROM_EMAIL = "Forum <forum@example.org>"
    assert takes_bounces("forum@example.org")
    assert takes_bounces("Odpowiedz@forum.example.org")
    assert not takes_bounces("alice@example.org")


@pytest.mark.parametrize(
    ("name", "value", "identifier"),
    [
        ("REPLY_ADDRESS", "odpowiedz@example.org", "forum.E020"),
        ("REPLY_ADDRESS", "a@{token}", "forum.E020"),
        ("REPLY_ADDRESS", "{token}{token}@example.org", "forum.E020"),
        ("REPLY_ADDRESS", "o" * 30 + "+{token}@example.org", "forum.E021"),
        ("IMAP_URL", "https://example.org", "forum.E022"),
        ("IMAP_URL", "imaps://example.org", "forum.E022"),
        ("INBOUND_MAX_BYTES", 0, "forum.E024"),
    ],
    ids=range(7),
)
def test_settings_that_would_lose_answers_stop_the_start(settings, name, value, identifier):
    assert _errors() == []
    setattr(settings, name, value)
    assert [error.id for error in _errors()] == [identifier]


def test_a_mailbox_without_reply_addresses_stops_the_start(settings):
    settings.REPLY_ADDRESS, settings.IMAP_URL = "", "imaps://a:b@example.org"
    assert [error.id for error in _errors()] == ["forum.E023"]


def _errors() -> list[Error]:
    return [*checks.addresses(None), *checks.doors(None)]
