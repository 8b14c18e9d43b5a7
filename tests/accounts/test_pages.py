"""Every page of allauth that an address reaches: in our look, in both languages, within the CSP."""

import pytest
from allauth.account.urls import urlpatterns
from django.urls import reverse

from tests.accounts.doors import ForbiddenByCsp, ask_for_code, newest_code, sign_up
from tests.cast import PASSWORD, a_member, logged_in

pytestmark = pytest.mark.django_db

NAMES = sorted(pattern.name for pattern in urlpatterns)
WITHOUT_ACCOUNT = {
    "account_login",
    "account_signup",
    "account_request_login_code",
    "account_reset_password",
    "account_inactive",
    "account_password_reset_completed",
}


def walk(client, language, names=NAMES):
    """The names of the pages that were drawn; whatever is not drawn redirects."""
    client.cookies["django_language"] = language
    drawn = set()
    for name in names:
        answer = client.get(reverse(name))
        assert answer.status_code in {200, 302}, name
        if answer.status_code == 200:
            examine(answer, language)
            drawn.add(name)
    return drawn


def examine(answer, language):
    html = answer.content.decode()
    page = ForbiddenByCsp(html)
    assert page.found == []
    assert page.headings == 1
    assert f'<html lang="{language}"' in html
    assert 'class="masthead"' in html


@pytest.fixture(params=["pl", "en"])
def language(request):
    return request.param


def test_the_pages_of_a_guest(client, language):
    assert walk(client, language) == WITHOUT_ACCOUNT


@pytest.mark.parametrize(
    ("password", "own_page"),
    [(None, "account_set_password"), (PASSWORD, "account_change_password")],
)
def test_the_pages_of_a_member(language, password, own_page):
    member = a_member("Grace", "Bąk", password=password)
    member.language = language
    member.save()
    # Without a password there is nothing to confirm with: that page is walked below.
    names = [name for name in NAMES if name != "account_reauthenticate"]
    assert walk(logged_in(member), language, names) == {
        "account_email",
        "account_inactive",
        "account_logout",
        "account_password_reset_completed",
        "account_reset_password",
        own_page,
    }


def test_the_page_that_asks_for_the_password_again(language):
    member = a_member("Grace", "Bąk", password=PASSWORD)
    member.language = language
    member.save()
    examine(logged_in(member).get(reverse("account_reauthenticate")), language)


def test_the_pages_that_wait_for_a_code(client, language, bob):
    client.cookies["django_language"] = language
    sign_up(client)
    examine(client.get("/accounts/confirm-email/"), language)
    examine(client.post("/accounts/confirm-email/", {"code": "1"}), language)
    client.post(reverse("account_logout"))
    ask_for_code(client, bob.email)
    examine(client.get("/accounts/login/code/confirm/"), language)
    client.post(reverse("account_logout"))
    client.post("/accounts/password/reset/", {"email": bob.email})
    examine(client.get("/accounts/password/reset/confirm/"), language)
    client.post("/accounts/password/reset/confirm/", {"code": newest_code()})
    examine(client.get("/accounts/password/reset/complete/"), language)


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_a_refused_form_stays_within_the_policy(client, language, name):
    client.cookies["django_language"] = language
    answer = client.post(reverse(name), {})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    examine(answer, language)


def test_too_many_tries_get_a_page_of_ours(client, language):
    client.cookies["django_language"] = language
    answers = [client.post(reverse("account_signup"), {}) for _ in range(21)]
    assert answers[-1].status_code == 429
    examine(answers[-1], language)


def test_the_profile_in_both_languages(language, alice):
    alice.language = language
    alice.save()
    examine(logged_in(alice).get(reverse("accounts:profile")), language)
