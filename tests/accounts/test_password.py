import pytest
from django.core import mail
from django.urls import reverse

from tests.accounts.doors import is_logged_in, newest_code, wrong_code
from tests.cast import PASSWORD, a_member

pytestmark = pytest.mark.django_db

NEW = "niebieska-rzeka-9"
RESET = "/accounts/password/reset/"
CONFIRM = "/accounts/password/reset/confirm/"
COMPLETE = "/accounts/password/reset/complete/"


def test_a_forgotten_password_is_replaced_by_a_code(client, bob):
    assert client.post(RESET, {"email": bob.email}).url == CONFIRM
    assert client.post(CONFIRM, {"code": newest_code()}).url == COMPLETE
    assert client.get(COMPLETE).status_code == 200
    answer = client.post(COMPLETE, {"password1": NEW, "password2": NEW})
    assert (answer.status_code, answer.url) == (302, "/")
    assert is_logged_in(client)
    bob.refresh_from_db()
    assert bob.check_password(NEW)
    assert mail.outbox[-1].to == [bob.email]
    assert len(mail.outbox) == 2


def test_without_the_code_there_is_no_new_password(client, bob):
    client.post(RESET, {"email": bob.email})
    assert client.post(CONFIRM, {"code": wrong_code()}).status_code == 200
    client.post(COMPLETE, {"password1": NEW, "password2": NEW})
    bob.refresh_from_db()
    assert not bob.has_usable_password()


def test_an_unknown_address_gets_the_same_answer(client, bob):
    known = client.post(RESET, {"email": bob.email})
    unknown = client.post(RESET, {"email": "nobody@example.org"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert client.get(CONFIRM).status_code == 200
    assert "/accounts/signup/" in mail.outbox[-1].body


def test_a_member_without_a_password_sets_one(client, bob):
    client.force_login(bob)
    answer = client.post(reverse("account_set_password"), {"password1": NEW, "password2": NEW})
    assert answer.url == reverse("accounts:profile")
    bob.refresh_from_db()
    assert bob.check_password(NEW)
    assert is_logged_in(client)


def test_changing_a_password_takes_the_old_one(client):
    grace = a_member("Grace", "Bąk", password=PASSWORD)
    client.force_login(grace)
    address = reverse("account_change_password")
    refused = client.post(address, {"oldpassword": "no", "password1": NEW, "password2": NEW})
    assert refused.status_code == 200
    done = client.post(address, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert done.url == reverse("accounts:profile")
    grace.refresh_from_db()
    assert grace.check_password(NEW)
    assert mail.outbox[-1].to == [grace.email]


@pytest.mark.parametrize("weak", ["krotkie", "1234567890", "password123"])
def test_a_weak_password_is_refused(client, bob, weak):
    client.force_login(bob)
    answer = client.post(reverse("account_set_password"), {"password1": weak, "password2": weak})
    assert answer.status_code == 200
    bob.refresh_from_db()
    assert not bob.has_usable_password()
