import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.accounts.doors import ask_for_code, is_logged_in, newest_code, sign_up, wrong_code

pytestmark = pytest.mark.django_db

CONFIRM = "/accounts/confirm-email/"


def test_a_newcomer_signs_up_with_name_address_and_code(client):
    answer = sign_up(client)
    assert answer.status_code == 302
    assert answer.url == CONFIRM
    assert not is_logged_in(client)
    assert mail.outbox[-1].to == ["ewa@example.org"]
    answer = client.post(CONFIRM, {"code": newest_code()})
    assert (answer.status_code, answer.url) == (302, "/welcome/")
    assert is_logged_in(client)
    ewa = User.objects.get()
    assert (ewa.email, ewa.display_name, ewa.language) == ("ewa@example.org", "Ewa Lis", "pl")
    assert not ewa.has_usable_password()


def test_the_language_of_the_page_becomes_the_members(client):
    client.cookies["django_language"] = "en"
    sign_up(client)
    assert User.objects.get().language == "en"
    assert "Your code" in mail.outbox[-1].body


def test_the_code_may_be_written_without_its_dash(client):
    sign_up(client)
    client.post(CONFIRM, {"code": f" {newest_code().replace('-', ' ')} "})
    assert is_logged_in(client)


def test_a_wrong_code_lets_nobody_in_and_three_end_the_try(client):
    sign_up(client)
    right, wrong = newest_code(), wrong_code()
    for _ in range(2):
        assert client.post(CONFIRM, {"code": wrong}).status_code == 200
    assert client.post(CONFIRM, {"code": wrong}).url == reverse("account_login")
    client.post(CONFIRM, {"code": right})
    assert not is_logged_in(client)


def test_an_address_in_use_gets_the_same_answer_and_another_mail(client, alice):
    known = sign_up(client, email=alice.email)
    known_page = client.get(CONFIRM)
    assert [m.to for m in mail.outbox] == [[alice.email]]
    assert "/accounts/login/" in mail.outbox[0].body
    assert User.objects.count() == 1
    client.post(reverse("account_logout"))
    new = sign_up(client, email="other@example.org")
    new_page = client.get(CONFIRM)
    assert (known.status_code, known.url) == (new.status_code, new.url)
    assert known_page.status_code == new_page.status_code == 200
    assert _shape(known_page, alice.email) == _shape(new_page, "other@example.org")


def _shape(page, email):
    """The page without what differs every time: the address, the tokens, the nonce."""
    html = page.content.decode().replace(email, "")
    for name in ("csrf_token", "csp_nonce"):
        html = html.replace(str((page.context or {}).get(name, "\0")), "")
    return [
        line
        for line in html.splitlines()
        if "csrfmiddlewaretoken" not in line and "importmap" not in line
    ]


def test_a_new_code_can_be_asked_for(client, time_machine):
    time_machine.move_to(timezone.now())
    sign_up(client)
    first = newest_code()
    time_machine.shift(11)
    client.post(CONFIRM, {"action": "resend"})
    assert len(mail.outbox) == 2
    assert newest_code() != first
    client.post(CONFIRM, {"code": newest_code()})
    assert is_logged_in(client)


@pytest.mark.parametrize(("seconds", "expected"), [(15 * 60 - 1, True), (15 * 60 + 1, False)])
def test_a_code_lives_for_fifteen_minutes(client, time_machine, seconds, expected):
    time_machine.move_to(timezone.now(), tick=False)
    sign_up(client)
    time_machine.shift(seconds)
    client.post(CONFIRM, {"code": newest_code()})
    assert is_logged_in(client) == expected


def test_who_never_confirmed_still_gets_in_by_a_login_code(client):
    sign_up(client)
    client.post(reverse("account_logout"))
    ask_for_code(client, "ewa@example.org")
    client.post(reverse("account_confirm_login_code"), {"code": newest_code()})
    assert is_logged_in(client)


@pytest.mark.parametrize(
    "name", ["", "E", "12345", "Ewa\u202eLis", "Ewa\u200bLis", "Fundacja Dobry Start", "x" * 81]
)
def test_a_name_that_misleads_is_refused(client, fundacja, name):
    answer = sign_up(client, name=name)
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"display_name"}
    assert not User.objects.exists()


def test_spaces_in_a_name_are_put_in_order(client):
    sign_up(client, name="  Ewa   Lis ")
    assert User.objects.get().display_name == "Ewa Lis"
