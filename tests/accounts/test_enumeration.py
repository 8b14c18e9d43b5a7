"""Nobody learns whether an address has an account: same answers, same pages, same way there."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Organization, User
from forum.jobs.models import Job
from tests.accounts.cases import a_profile
from tests.accounts.doors import ask_for_code, sign_up
from tests.accounts.factors import give_app
from tests.cast import PASSWORD, a_member

pytestmark = pytest.mark.django_db

KNOWN = "grace@example.org"
UNKNOWN = "helen@example.org"  # as long as the other: nothing of a page may differ in length
# What differs between two openings of one page, whoever opens it.
TOKENS = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|data-options="[^"]*"|sessionid=\w+'
)


def by_code(client, email):
    return ask_for_code(client, email)


def by_wrong_password(client, email):
    return client.post("/accounts/login/", {"login": email, "password": "wrong-password"})


def by_code_page(client, email):
    return client.post(reverse("account_request_login_code"), {"email": email})


def by_reset(client, email):
    return client.post(reverse("account_reset_password"), {"email": email})


def by_sign_up(client, email):
    return sign_up(client, email=email)


def by_adding_a_club(client, email):
    return _by_joining(client, email, "new")


def by_claiming(client, email):
    profile = Organization.objects.filter(name="Klub Sęp").first() or a_profile("Klub Sęp")
    return _by_joining(client, email, str(profile.pk))


def by_looking(client, email):
    return _by_joining(client, email, "", look="1")


def _by_joining(client, email, whom, **more):
    form = {"email": email, "display_name": "Ewa Lis", "organization": "Klub Sępik", "whom": whom}
    return client.post(reverse("account_signup"), form | more)


JOINING = [by_sign_up, by_adding_a_club, by_claiming, by_looking]
DOORS = [by_code, by_wrong_password, by_code_page, by_reset, *JOINING]


@pytest.fixture(params=["a code", "a password", "a second factor", "suspended", "unproven"])
def known(request, db):
    member = a_member("Grace", "Bąk", password=PASSWORD if request.param == "a password" else None)
    if request.param == "a second factor":
        give_app(member)
    elif request.param == "suspended":
        User.objects.filter(pk=member.pk).update(is_active=False)
    elif request.param == "unproven":
        member.emailaddress_set.update(verified=False)
    return member


def seen(door, email):
    """Everything a stranger sees: the answer, and the pages after it with a wrong code."""
    client = Client()
    answer = door(client, email)
    pages = [answer]
    while pages[-1].status_code == 302:
        pages.append(client.get(pages[-1].url))
    address = pages[-1].request["PATH_INFO"]
    if address not in ("/accounts/login/", "/accounts/signup/"):
        pages += [client.post(address, {"code": "0000-0000"}) for _ in range(3)]
    return [
        (page.status_code, page.headers.get("Location"), _plain(page.content.decode(), email))
        for page in pages
    ]


def _plain(html, email):
    return TOKENS.sub("", html).replace(email, "the address")


@pytest.mark.parametrize("door", DOORS)
def test_every_door_answers_alike(known, door):
    assert seen(door, KNOWN) == seen(door, UNKNOWN)


def test_a_difference_would_be_seen(known):
    assert seen(by_code, KNOWN) != seen(by_reset, KNOWN)


@pytest.mark.parametrize(
    "door", [by_code, by_code_page, by_reset, by_sign_up, by_adding_a_club, by_claiming]
)
def test_every_door_sends_one_mail_in_any_case(known, door):
    for email in (KNOWN, UNKNOWN):
        mail.outbox.clear()
        door(Client(), email)
        assert [message.to for message in mail.outbox] == [[email]]


@pytest.mark.parametrize("door", [by_code, by_code_page, by_reset])
def test_the_way_is_as_long(door, settings, django_assert_max_num_queries):
    """No mail server is waited for: both write one job, and nearly the same else."""
    settings.EMAIL_BACKEND = "forum.jobs.mail.QueuedBackend"
    a_member("Grace", "Bąk")
    door(Client(), "warm@example.org")
    counts = []
    for email in (KNOWN, UNKNOWN):
        before = Job.objects.count()
        with CaptureQueriesContext(connection) as queries:
            door(Client(), email)
        assert Job.objects.count() == before + 1
        counts.append(len(queries))
    assert abs(counts[0] - counts[1]) <= 2


def test_a_password_is_hashed_for_nobody_too(settings, monkeypatch):
    """The slow part of a login is done for unknown addresses as well."""
    hashed = []
    original = User.set_password
    monkeypatch.setattr(User, "set_password", lambda self, raw: hashed.append(original(self, raw)))
    by_wrong_password(Client(), UNKNOWN)
    assert len(hashed) == 1


# --- Limits --------------------------------------------------------------------------------------
def many(count):
    return [f"person{number}@example.org" for number in range(count)]


@pytest.mark.parametrize("door", [by_sign_up, by_code_page, by_reset])
def test_one_network_address_is_bounded(door):
    answers = [door(Client(), email) for email in many(21)]
    assert [answer.status_code for answer in answers[:20]] == [302] * 20
    # A page of its own, or the form with the sentence.
    assert answers[20].status_code in {200, 429}
    assert len(mail.outbox) == 20


def test_logins_of_one_network_address_are_bounded():
    answers = [by_wrong_password(Client(), email) for email in many(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]


@pytest.mark.parametrize(("door", "allowed"), [(by_code, 3), (by_code_page, 3), (by_reset, 5)])
@pytest.mark.parametrize("email", [KNOWN, UNKNOWN])
def test_codes_to_one_address_are_bounded(door, allowed, email):
    a_member("Grace", "Bąk")
    for _ in range(allowed + 2):
        door(Client(), email)
    assert len(mail.outbox) == allowed


def test_passwords_of_one_account_are_bounded_from_anywhere():
    a_member("Grace", "Bąk", password=PASSWORD)
    for number in range(5):
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        by_wrong_password(client, KNOWN)
    client = Client(REMOTE_ADDR="192.0.2.99")
    answer = client.post("/accounts/login/", {"login": KNOWN, "password": PASSWORD})
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session
