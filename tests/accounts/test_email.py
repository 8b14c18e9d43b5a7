import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import User
from tests.accounts.doors import newest_code, wrong_code
from tests.cast import PASSWORD, a_member, just_logged_in, logged_in

pytestmark = pytest.mark.django_db

CHANGE = "/accounts/email/"
CONFIRM = "/accounts/confirm-email/"


def ask(client, email):
    return client.post(CHANGE, {"email": email, "action_add": "1"})


def test_the_new_address_counts_from_its_code_on(bob):
    client = just_logged_in(bob)
    assert ask(client, "bob.new@example.org").url == CONFIRM
    bob.refresh_from_db()
    assert bob.email == "bob@example.org"
    assert mail.outbox[-1].to == ["bob.new@example.org"]
    answer = client.post(CONFIRM, {"code": newest_code()})
    assert answer.url == reverse("accounts:profile")
    bob.refresh_from_db()
    assert bob.email == "bob.new@example.org"
    addresses = EmailAddress.objects.filter(user=bob).values_list("email", "verified", "primary")
    assert list(addresses) == [("bob.new@example.org", True, True)]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("pl", "Jeśli zmienił to ktoś inny, od razu napisz lub zadzwoń"),
        ("en", "If it was not you, write or telephone to the county office at once"),
    ],
)
def test_the_old_address_is_told_what_to_do(bob, language, sentence):
    bob.language = language
    bob.save()
    client = just_logged_in(bob)
    ask(client, "bob.new@example.org")
    client.post(CONFIRM, {"code": newest_code()})
    notice = mail.outbox[-1]
    assert notice.to == ["bob@example.org"]
    assert sentence in notice.body
    assert "bob.new@example.org" in notice.body


def test_a_wrong_code_keeps_the_old_address(bob):
    client = just_logged_in(bob)
    ask(client, "bob.new@example.org")
    client.post(CONFIRM, {"code": wrong_code()})
    bob.refresh_from_db()
    assert bob.email == "bob@example.org"


def test_another_members_address_cannot_be_taken(bob, alice):
    client = just_logged_in(bob)
    ask(client, alice.email)
    client.post(CONFIRM, {"code": newest_code()})
    bob.refresh_from_db()
    assert bob.email == "bob@example.org"


def test_who_has_a_password_gives_it_before_the_change():
    client = logged_in(a_member("Grace", "Bąk", password=PASSWORD))
    asked = ask(client, "grace.new@example.org")
    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert mail.outbox == []
    done = client.post(asked.url, {"password": PASSWORD, "next": CHANGE})
    assert done.url == CONFIRM
    assert mail.outbox[-1].to == ["grace.new@example.org"]


def test_two_members_cannot_differ_by_capital_letters_only(bob):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="Bob@Example.org", display_name="Bob")
