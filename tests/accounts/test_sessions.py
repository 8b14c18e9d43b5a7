"""Where a member is logged in: listed in plain words, ended one by one or all but this one."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.devices import described
from forum.jobs.upkeep import clear_sessions
from tests.accounts.doors import ask_for_code, is_logged_in, newest_code
from tests.cast import logged_in

pytestmark = pytest.mark.django_db

PAGE = "/accounts/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36"
)


def a_browser(member, user_agent):
    """Logged in by a code, as everybody is."""
    client = Client(headers={"user-agent": user_agent})
    ask_for_code(client, member.email)
    client.post(reverse("account_confirm_login_code"), {"code": newest_code()})
    assert is_logged_in(client)
    return client


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        (IPHONE, "Safari, iPhone"),
        (EDGE, "Edge, Windows"),
        (ANDROID, "Chrome, Android"),
        ("curl/8.0", "Nieznane urządzenie"),
        ("", "Nieznane urządzenie"),
    ],
)
def test_devices_are_named_in_plain_words(user_agent, words):
    assert described(user_agent) == words


def test_the_list_names_every_device_this_one_first(bob, alice):
    a_browser(bob, FIREFOX)
    a_browser(alice, EDGE)
    phone = a_browser(bob, IPHONE)
    html = phone.get(PAGE).content.decode()
    assert html.index("Safari, iPhone") < html.index("to urządzenie")
    assert html.index("to urządzenie") < html.index("Firefox, Windows")
    assert "Edge" not in html


def test_one_is_ended_and_the_others_stay(bob):
    office, phone = a_browser(bob, FIREFOX), a_browser(bob, IPHONE)
    other = UserSession.objects.get(session_key=office.session.session_key)
    answer = phone.post(reverse("accounts:end_session", args=[other.pk]))
    assert (answer.status_code, answer.url) == (303, PAGE)
    assert office.get("/account/").status_code == 302
    assert phone.get("/account/").status_code == 200
    assert "Firefox" not in phone.get(PAGE).content.decode()


def test_ending_this_one_is_logging_out(bob):
    phone = a_browser(bob, IPHONE)
    own = UserSession.objects.get()
    assert phone.post(reverse("accounts:end_session", args=[own.pk])).url == "/"
    assert not is_logged_in(phone)
    assert not UserSession.objects.exists()


def test_all_others_are_ended_at_once(bob, alice):
    others = [a_browser(bob, FIREFOX), a_browser(bob, ANDROID)]
    stranger = a_browser(alice, EDGE)
    phone = a_browser(bob, IPHONE)
    assert phone.post(reverse("accounts:end_others")).url == PAGE
    assert [each.get("/account/").status_code for each in others] == [302, 302]
    assert stranger.get("/account/").status_code == 200
    assert phone.get("/account/").status_code == 200


def test_nobody_ends_a_strangers_session(bob, alice):
    a_browser(bob, FIREFOX)
    theirs = UserSession.objects.get()
    answer = logged_in(alice).post(reverse("accounts:end_session", args=[theirs.pk]))
    assert answer.status_code == 404
    assert UserSession.objects.filter(pk=theirs.pk).exists()


def test_ending_closes_the_open_pages(bob, monkeypatch, django_capture_on_commit_callbacks):
    told = []
    monkeypatch.setattr("forum.live.announcing.publish", told.append)
    office, phone = a_browser(bob, FIREFOX), a_browser(bob, IPHONE)
    key = office.session.session_key
    with django_capture_on_commit_callbacks(execute=True):
        phone.post(reverse("accounts:end_others"))
    assert {"type": "kick", "user": None, "session": key} in told


@pytest.mark.parametrize(
    "address", [PAGE, "/accounts/sessions/1/end/", "/accounts/sessions/others/end/"]
)
def test_a_guest_is_asked_to_log_in(client, address):
    method = client.get if address == PAGE else client.post
    assert reverse("account_login") in method(address).url


def test_reading_an_address_ends_nothing(bob):
    client = a_browser(bob, FIREFOX)
    for name, args in (("end_session", [UserSession.objects.get().pk]), ("end_others", [])):
        assert client.get(reverse(f"accounts:{name}", args=args)).status_code == 405
    assert is_logged_in(client)


def test_use_is_noted_every_ten_minutes(bob, time_machine, django_assert_max_num_queries):
    time_machine.move_to(timezone.now(), tick=False)
    client = a_browser(bob, FIREFOX)
    seen = UserSession.objects.get().last_seen_at
    time_machine.shift(601)
    client.get("/account/")
    later = UserSession.objects.get().last_seen_at
    assert later > seen
    with django_assert_max_num_queries(5):
        client.get("/account/")
    assert UserSession.objects.get().last_seen_at == later


def test_the_cache_is_asked_once_a_minute(bob, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    client = logged_in(bob)
    time_machine.shift(601)  # the login itself was noted
    place = f"seen:{client.session.session_key}"
    client.get("/account/")
    assert cache.get(place)
    cache.delete(place)
    client.get("/account/")
    assert cache.get(place) is None
    time_machine.shift(60)
    client.get("/account/")
    assert cache.get(place)


def test_a_session_that_ran_out_leaves_the_list(bob):
    a_browser(bob, FIREFOX)
    phone = a_browser(bob, IPHONE)
    Session.objects.exclude(session_key=phone.session.session_key).delete()
    assert "Firefox" not in phone.get(PAGE).content.decode()


def test_the_daily_tidying_forgets_devices_without_a_session(bob):
    client = a_browser(bob, FIREFOX)
    a_browser(bob, IPHONE)
    Session.objects.exclude(session_key=client.session.session_key).delete()
    clear_sessions.call()
    assert [each.session_key for each in UserSession.objects.all()] == [client.session.session_key]
