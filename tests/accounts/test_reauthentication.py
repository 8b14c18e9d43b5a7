"""What matters asks again who is there: by second factor, else by password or a code."""

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from tests.accounts.doors import ForbiddenByCsp, ask_for_code, newest_code, wrong_code
from tests.accounts.factors import app_shows, give_app
from tests.cast import PASSWORD, a_member, just_logged_in, logged_in

pytestmark = pytest.mark.django_db

SENSITIVE = "/account/data/"
BY_CODE = "/account/confirm/"
SEND = "/account/confirm/send/"
BY_PASSWORD = "/accounts/reauthenticate/"
BY_APP = "/accounts/2fa/reauthenticate/"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(timezone.now().replace(second=10, microsecond=0), tick=False)
    return time_machine


def test_a_login_of_this_half_hour_is_enough(client, bob, clock):
    client.post(ask_for_code(client, bob.email).url, {"code": newest_code()})
    assert client.get(SENSITIVE).status_code == 200
    clock.shift(30 * 60 + 1)
    assert client.get(SENSITIVE).url.startswith(BY_CODE)


def test_a_code_by_mail_proves_a_member_without_a_password(bob, clock):
    client = logged_in(bob)
    asked = client.get(SENSITIVE)
    assert asked.url == f"{BY_CODE}?next=%2Faccount%2Fdata%2F"
    assert client.get(asked.url).status_code == 200
    assert mail.outbox == []
    sent = client.post(SEND, {"next": SENSITIVE})
    assert sent.url == asked.url
    assert mail.outbox[-1].to == [bob.email]
    assert "coś ważnego" in mail.outbox[-1].body
    answer = client.post(BY_CODE, {"code": newest_code(), "next": SENSITIVE})
    assert answer.url == SENSITIVE
    assert client.get(SENSITIVE).status_code == 200
    clock.shift(30 * 60 + 1)
    assert client.get(SENSITIVE).status_code == 302


def test_a_wrong_code_proves_nothing_and_three_end_the_try(bob):
    client = logged_in(bob)
    client.post(SEND, {"next": SENSITIVE})
    right, wrong = newest_code(), wrong_code()
    for sentence in (
        "Ten kod jest niepoprawny",
        "Ten kod jest niepoprawny",
        "Ten kod już nie działa",
    ):
        answer = client.post(BY_CODE, {"code": wrong, "next": SENSITIVE})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    client.post(BY_CODE, {"code": right, "next": SENSITIVE})
    assert client.get(SENSITIVE).status_code == 302


def test_a_code_counts_once_and_for_fifteen_minutes(bob, clock):
    client = logged_in(bob)
    client.post(SEND)
    clock.shift(15 * 60 + 1)
    client.post(BY_CODE, {"code": newest_code()})
    assert client.get(SENSITIVE).status_code == 302
    client.post(SEND)
    code = newest_code()
    client.post(BY_CODE, {"code": code})
    clock.shift(30 * 60 + 1)
    client.post(BY_CODE, {"code": code})
    assert client.get(SENSITIVE).status_code == 302


@pytest.mark.parametrize("code", ["", " ", "ąę", "0" * 9999, "None"])
def test_any_other_text_is_a_wrong_code(bob, code):
    client = logged_in(bob)
    client.post(SEND)
    assert client.post(BY_CODE, {"code": code}).status_code == 422
    assert client.get(SENSITIVE).status_code == 302


def test_another_members_code_proves_nothing(bob, alice):
    client, other = logged_in(bob), logged_in(alice)
    client.post(SEND)
    other.post(SEND)
    client.post(BY_CODE, {"code": newest_code()})
    assert client.get(SENSITIVE).status_code == 302


def test_codes_are_not_sent_without_end(bob):
    client = logged_in(bob)
    assert [client.post(SEND).status_code for _ in range(4)] == [303, 303, 303, 429]
    assert len(mail.outbox) == 3


def test_opening_an_address_sends_nothing(bob):
    client = logged_in(bob)
    client.get(BY_CODE)
    assert client.get(SEND).status_code == 405
    assert mail.outbox == []


def test_a_password_is_asked_for_and_a_code_offered_beside():
    client = logged_in(a_member("Grace", "Bąk", password=PASSWORD))
    asked = client.get(SENSITIVE)
    assert asked.url.startswith(BY_PASSWORD)
    assert f"{BY_CODE}?next=%2Faccount%2Fdata%2F" in client.get(asked.url).content.decode()
    assert client.post(asked.url, {"password": "wrong"}).status_code == 200
    done = client.post(asked.url, {"password": PASSWORD, "next": SENSITIVE})
    assert done.url == SENSITIVE
    assert client.get(SENSITIVE).status_code == 200


def test_beside_a_second_factor_neither_password_nor_mailbox_counts(clock):
    member = a_member("Grace", "Bąk", password=PASSWORD)
    give_app(member)
    clock.shift(1)
    client = just_logged_in(member, method="password")
    assert client.get(SENSITIVE).url.startswith(BY_APP)
    assert client.get(BY_PASSWORD).url.startswith(BY_APP)
    assert client.get(BY_CODE).url.startswith(BY_APP)
    client.post(SEND)
    assert mail.outbox == []
    done = client.post(BY_APP, {"code": app_shows(), "next": SENSITIVE})
    assert done.url == SENSITIVE
    assert client.get(SENSITIVE).status_code == 200


def test_a_form_that_was_interrupted_goes_on(bob):
    client = logged_in(bob)
    change = "/accounts/email/"
    asked = client.post(change, {"email": "bob.new@example.org", "action_add": "1"})
    assert asked.url.startswith(BY_CODE)
    client.post(SEND, {"next": change})
    client.post(BY_CODE, {"code": newest_code(), "next": change})
    assert mail.outbox[-1].to == ["bob.new@example.org"]


@pytest.mark.parametrize(
    "path",
    [
        "/account/data/",
        "/account/erase/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/recovery-codes/generate/",
    ],
)
def test_what_matters_is_behind_it(bob, path):
    assert logged_in(bob).get(path).url.startswith(BY_CODE)
    assert just_logged_in(bob).get(path).status_code in {200, 302}


def test_factors_are_not_removed_without_it(bob):
    give_app(bob)
    assert logged_in(bob).post("/accounts/2fa/totp/deactivate/").url.startswith(BY_APP)
    assert Authenticator.objects.filter(user=bob).exists()


@pytest.mark.parametrize("bad", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_host(bob, bad):
    client = logged_in(bob)
    client.post(SEND, {"next": bad})
    answer = client.post(BY_CODE, {"code": newest_code(), "next": bad})
    assert answer.url == reverse("accounts:profile")


@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_page_is_in_our_look(bob, language):
    bob.language = language
    bob.save()
    client = logged_in(bob)
    for _ in range(2):
        html = client.get(BY_CODE).content.decode()
        page = ForbiddenByCsp(html)
        assert (page.found, page.headings) == ([], 1)
        client.post(SEND)


def test_guests_are_asked_to_log_in(client):
    for path in (SENSITIVE, BY_CODE):
        assert client.get(path).url.startswith("/accounts/login/")
