"""The cast: five people with fixed parts, and the organizations they come from.

Alice represents a foundation, Bob speaks for himself only, Carol is the adviser and speaks for the
county office, Dana has a proxy of a sports club, Erin is suspended. Each is a fixture; the tests
that start a server of their own call the functions.
"""

import time
from datetime import date

import pytest
from django.test import Client

from accounts import actions
from accounts.models import Mandate, Organization, User

PASSWORD = "zielona-latarnia-7"
SINCE = date(2020, 1, 1)  # before every day that tests freeze


def a_member(first_name: str, last_name: str, *, password: str | None = None) -> User:
    """A member who has proven the address; without a password, since hashing one is slow."""
    return actions.admit(
        email=f"{first_name.lower()}@example.org",
        display_name=f"{first_name} {last_name}",
        password=password,
    )


def an_organization(name: str, kind: str, *, short_name: str = "", gmina: str = "") -> Organization:
    return Organization.objects.get_or_create(
        name=name, defaults={"kind": kind, "short_name": short_name, "gmina": gmina}
    )[0]


def a_mandate(
    member: User,
    organization: Organization,
    role: str = Mandate.Role.REPRESENTATIVE,
    *,
    valid_from: date = SINCE,
    valid_to: date | None = None,
) -> Mandate:
    return Mandate.objects.create(
        user=member,
        organization=organization,
        role=role,
        valid_from=valid_from,
        valid_to=valid_to,
    )


def make_fundacja() -> Organization:
    return an_organization(
        "Fundacja Dobry Start", Organization.Kind.FOUNDATION, gmina=Organization.Gmina.PRUSZKOW
    )


def make_starostwo() -> Organization:
    return an_organization(
        "Starostwo Powiatowe w Pruszkowie", Organization.Kind.OFFICE, short_name="Starostwo"
    )


def make_orlik() -> Organization:
    return an_organization(
        "UKS Orlik Brwinów",
        Organization.Kind.PUPILS_SPORTS_CLUB,
        gmina=Organization.Gmina.BRWINOW,
    )


def make_alice() -> User:
    alice = a_member("Alice", "Nowak")
    a_mandate(alice, make_fundacja())
    return alice


def make_bob() -> User:
    return a_member("Bob", "Kowalski")


def make_carol() -> User:
    carol = a_member("Carol", "Wójcik")
    carol.is_staff = True
    carol.save(update_fields=["is_staff"])
    a_mandate(carol, make_starostwo())
    return carol


def make_dana() -> User:
    dana = a_member("Dana", "Mazur")
    a_mandate(dana, make_orlik(), Mandate.Role.PROXY)
    return dana


def make_erin() -> User:
    erin = a_member("Erin", "Zając")
    a_mandate(erin, make_fundacja())
    erin.is_active = False
    erin.save(update_fields=["is_active"])
    return erin


def logged_in(member: User) -> Client:
    """A browser of the member; its session cookie is `client.cookies["sessionid"].value`."""
    client = Client()
    client.force_login(member)
    return client


def just_logged_in(member: User, *, method: str = "code") -> Client:
    """A browser whose login is fresh enough for what is asked behind recently_authenticated."""
    client = Client()
    log_in(client, member, method=method)
    return client


def log_in(client: Client, member: User, *, method: str = "code") -> None:
    """The member in this browser, as after a login of this moment."""
    client.force_login(member)
    session = client.session
    session["account_authentication_methods"] = [{"method": method, "at": time.time()}]
    session["account_authentication_methods_user"] = str(member.pk)
    session.save()


@pytest.fixture
def fundacja(db: None) -> Organization:
    return make_fundacja()


@pytest.fixture
def starostwo(db: None) -> Organization:
    return make_starostwo()


@pytest.fixture
def orlik(db: None) -> Organization:
    return make_orlik()


@pytest.fixture
def alice(db: None) -> User:
    return make_alice()


@pytest.fixture
def bob(db: None) -> User:
    return make_bob()


@pytest.fixture
def carol(db: None) -> User:
    return make_carol()


@pytest.fixture
def dana(db: None) -> User:
    return make_dana()


@pytest.fixture
def erin(db: None) -> User:
    return make_erin()
