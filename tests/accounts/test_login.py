import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import User
from tests.accounts.doors import ask_for_code, is_logged_in, newest_code, wrong_code
from tests.cast import PASSWORD, a_member

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
CONFIRM = "/accounts/login/code/confirm/"


@pytest.fixture
def grace(db):
    """A member with a password."""
    return a_member("Grace", "Bąk", password=PASSWORD)


def by_password(client, email, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": email, "password": password, **more})


def test_a_member_logs_in_by_password(client, grace):
    answer = by_password(client, grace.email)
    assert (answer.status_code, answer.url) == (302, "/")
    assert is_logged_in(client)


def test_capital_letters_in_the_address_do_not_matter(client, grace):
    by_password(client, "GRACE@Example.org")
    assert is_logged_in(client)


def test_a_member_logs_in_by_a_code_from_the_same_page(client, bob):
    assert ask_for_code(client, bob.email).url == CONFIRM
    assert mail.outbox[-1].to == [bob.email]
    client.post(CONFIRM, {"code": newest_code()})
    assert is_logged_in(client)


def test_an_empty_password_asks_for_a_code(client, grace):
    assert by_password(client, grace.email, password="").url == CONFIRM
    assert newest_code()


def test_the_code_button_wins_over_a_filled_password(client, grace):
    assert ask_for_code(client, grace.email, password="something").url == CONFIRM


def test_the_page_for_codes_only_works_too(client, bob):
    client.post(reverse("account_request_login_code"), {"email": bob.email})
    client.post(CONFIRM, {"code": newest_code()})
    assert is_logged_in(client)


def test_three_wrong_codes_end_the_try(client, bob):
    ask_for_code(client, bob.email)
    right, wrong = newest_code(), wrong_code()
    assert [client.post(CONFIRM, {"code": wrong}).status_code for _ in range(3)] == [200, 200, 302]
    client.post(CONFIRM, {"code": right})
    assert not is_logged_in(client)


def test_a_wrong_password_and_an_unknown_address_get_one_answer(client, grace):
    known = by_password(client, grace.email, password="wrong-password")
    unknown = by_password(client, "nobody@example.org", password="wrong-password")
    errors = [answer.context["form"].errors for answer in (known, unknown)]
    assert errors[0]
    assert errors[0] == errors[1]
    assert not is_logged_in(client)


def test_a_code_for_an_unknown_address_gets_the_same_answer_and_a_mail_without_code(client, bob):
    known = ask_for_code(client, bob.email)
    client.post(reverse("account_logout"))
    unknown = ask_for_code(client, "nobody@example.org")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert client.get(CONFIRM).status_code == 200
    assert "/accounts/signup/" in mail.outbox[-1].body


def test_passwords_are_not_tried_without_end(client, grace):
    for _ in range(5):
        by_password(client, grace.email, password="wrong-password")
    by_password(client, grace.email)
    assert not is_logged_in(client)


def test_codes_are_not_sent_without_end(client, bob):
    for _ in range(5):
        ask_for_code(client, bob.email)
        client.post(reverse("account_logout"))
    assert len(mail.outbox) == 3


def test_the_mail_speaks_the_members_language(client, bob):
    User.objects.filter(pk=bob.pk).update(language="en")
    ask_for_code(client, bob.email)
    assert "Your code to log in" in mail.outbox[-1].body


def test_a_suspended_member_cannot_log_in_by_code(client, erin):
    ask_for_code(client, erin.email)
    assert "-" not in mail.outbox[-1].subject
    assert "/accounts/signup/" not in mail.outbox[-1].body
    client.post(CONFIRM, {"code": ""})
    assert not is_logged_in(client)


def test_a_suspended_member_cannot_log_in_by_password(client, grace):
    User.objects.filter(pk=grace.pk).update(is_active=False)
    assert by_password(client, grace.email).url == reverse("account_inactive")
    assert not is_logged_in(client)


def test_suspension_ends_an_open_session(client, bob):
    client.force_login(bob)
    assert client.get(reverse("accounts:profile")).status_code == 200
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert client.get(reverse("accounts:profile")).status_code == 302


@pytest.mark.parametrize("way", ["password", "code"])
def test_one_returns_to_the_page_one_came_from(client, grace, way):
    if way == "password":
        answer = by_password(client, grace.email, next="/threads/")
    else:
        confirm = ask_for_code(client, grace.email, next="/threads/").url
        answer = client.post(confirm, {"code": newest_code(), "next": "/threads/"})
    assert (is_logged_in(client), answer.url) == (True, "/threads/")


@pytest.mark.parametrize(
    "bad",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http://localhost:9999/",
    ],
)
def test_nobody_is_sent_to_another_host(client, grace, bad):
    answer = by_password(client, grace.email, next=bad)
    assert (is_logged_in(client), answer.url) == (True, "/")


def test_logging_out_takes_a_post(client, bob):
    client.force_login(bob)
    client.get(reverse("account_logout"))
    assert is_logged_in(client)
    answer = client.post(reverse("account_logout"))
    assert (answer.status_code, answer.url) == (302, "/")
    assert not is_logged_in(client)


def test_mails_name_the_forums_own_address_whatever_host_was_asked(client, bob, settings):
    settings.SITE_URL = "https://forum.example.org"
    for email in (bob.email, "nobody@example.org"):
        client.post(LOGIN, {"login": email, "way": "code"}, headers={"host": "127.0.0.1"})
        assert "https://forum.example.org/accounts/" in mail.outbox[-1].body
        assert "127.0.0.1" not in mail.outbox[-1].body
