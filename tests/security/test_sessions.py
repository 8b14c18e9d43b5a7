"""A session is nobody's but its member's: it begins anew at the login and ends with the right."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts import actions
from accounts.models import User
from tests.accounts.doors import ask_for_code, is_logged_in, newest_code
from tests.cast import PASSWORD, a_member, just_logged_in

pytestmark = pytest.mark.django_db


def log_in_by_code(client, member):
    confirm = ask_for_code(client, member.email).url
    client.post(confirm, {"code": newest_code()})
    assert is_logged_in(client)
    return client.cookies["sessionid"].value


def test_a_key_from_before_the_login_is_worth_nothing_after_it(client, bob):
    """Whoever plants a session in a browser must not be in it when its owner logs in."""
    ask_for_code(client, bob.email)
    planted = client.cookies["sessionid"].value
    key = log_in_by_code(client, bob)
    assert key != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get("/account/").status_code == 302


def test_a_key_that_the_forum_never_gave_is_not_taken_over(client, bob):
    client.cookies["sessionid"] = "planted0planted0planted0planted0"
    assert log_in_by_code(client, bob) != "planted0planted0planted0planted0"
    assert not Session.objects.filter(session_key__startswith="planted").exists()


def test_logging_out_ends_it_on_the_server(bob):
    client = just_logged_in(bob)
    key = client.cookies["sessionid"].value
    client.post(reverse("account_logout"))
    thief = Client()
    thief.cookies["sessionid"] = key
    assert thief.get("/account/").status_code == 302
    assert not Session.objects.filter(session_key=key).exists()


def test_a_new_password_ends_all_others():
    member = a_member("Grace", "Bąk", password=PASSWORD)
    here, elsewhere = just_logged_in(member, method="password"), just_logged_in(member)
    new = "inna-latarnia-8"
    given = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post(reverse("account_change_password"), given).status_code == 302
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302


def test_whoever_is_shut_out_is_out_at_the_next_request(bob):
    client = just_logged_in(bob)
    assert client.get("/account/").status_code == 200
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert client.get("/account/").status_code == 302


def test_the_cookie_is_for_this_site_and_not_for_scripts(client, bob):
    log_in_by_code(client, bob)
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["domain"] == ""
    assert len(cookie.value) >= 32


def test_guests_are_given_no_session(client):
    client.get("/")
    client.get("/organizations/")
    assert "sessionid" not in client.cookies


# --- What a form may set --------------------------------------------------------------------------
RIGHTS = {"is_staff": "on", "is_superuser": "on", "is_active": "", "moderates_until": "2099-01-01"}
OF_OTHERS = {"email": "mallory@example.org", "password": "x", "user": "1", "author": "1", "pk": "1"}


def test_fields_that_a_form_does_not_show_are_not_set(bob):
    client = just_logged_in(bob)
    given = {"display_name": "Robert Kowalski", "language": "en"} | RIGHTS | OF_OTHERS
    assert client.post("/account/", given).status_code == 303
    member = User.objects.get(pk=bob.pk)
    assert (member.display_name, member.language) == ("Robert Kowalski", "en")
    assert (member.is_staff, member.is_superuser, member.is_active) == (False, False, True)
    assert (member.moderates_until, member.email) == (None, bob.email)


def test_signing_up_gives_no_rights(client):
    given = {"email": "mallory@example.org", "display_name": "Mallory Wilk"} | RIGHTS
    client.post(reverse("account_signup"), given)
    member = User.objects.get(email="mallory@example.org")
    assert (member.is_staff, member.is_superuser, member.moderates_until) == (False, False, None)


def test_a_password_is_never_kept_as_it_is(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    member = actions.admit(email="h@example.org", display_name="H", password=PASSWORD)
    assert member.password.startswith("pbkdf2_sha256$")
    assert int(member.password.split("$")[1]) >= 600_000
    assert PASSWORD not in member.password


def test_a_failed_login_is_in_the_log_without_a_name(client, caplog):
    a_member("Grace", "Bąk", password=PASSWORD)
    for email in ("grace@example.org", "nikt@example.org"):
        caplog.clear()
        given = {"login": email, "password": "zupelnie-inne", "way": "password"}
        client.post(reverse("account_login"), given)
        assert [
            each.getMessage() for each in caplog.records if each.name == "accounts.adapter"
        ] == ["A login with a password failed"]
        assert email not in caplog.text
