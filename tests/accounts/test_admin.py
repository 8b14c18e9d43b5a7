import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.urls import reverse

from accounts.models import Mandate, Organization, User
from forum.categories.models import Category
from tests.accounts.cases import a_claim, accept
from tests.accounts.doors import ForbiddenByCsp
from tests.cast import SINCE, a_member, just_logged_in

pytestmark = pytest.mark.django_db

PAGES = [
    "admin:index",
    "admin:accounts_user_changelist",
    "admin:accounts_user_add",
    "admin:accounts_organization_changelist",
    "admin:accounts_organization_add",
    "admin:accounts_mandate_changelist",
    "admin:accounts_mandate_add",
    "admin:categories_category_changelist",
    "admin:categories_category_add",
]
NO_MANDATES = {
    "mandates-TOTAL_FORMS": "0",
    "mandates-INITIAL_FORMS": "0",
}


@pytest.fixture
def administrator(db):
    return User.objects.create_superuser("root@example.org", display_name="Administrator")


@pytest.mark.parametrize("name", PAGES)
def test_the_adviser_opens_every_page(carol, name):
    answer = just_logged_in(carol).get(reverse(name))
    assert answer.status_code == 200
    assert ForbiddenByCsp(answer.content.decode()).found == []


@pytest.mark.parametrize("name", PAGES)
def test_a_guest_is_sent_to_the_forums_own_login(client, name):
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    followed = client.get(answer.url)
    assert followed.url.startswith(reverse("account_login"))


def test_a_member_is_refused(bob):
    client = just_logged_in(bob)
    answer = client.get(reverse("admin:accounts_user_changelist"), follow=True)
    assert answer.status_code == 403


def test_groups_and_raw_addresses_are_not_offered():
    names = {model._meta.label for model in admin.site._registry}
    assert {"accounts.User", "accounts.Mandate", "categories.Category"} <= names
    assert not names & {"auth.Group", "account.EmailAddress", "account.EmailConfirmation"}


def test_a_member_added_by_address_can_log_in_by_code(carol):
    answer = just_logged_in(carol).post(
        reverse("admin:accounts_user_add"),
        {
            "email": "Nowa@Example.org",
            "display_name": "Nowa Osoba",
            "language": "pl",
            "is_active": "on",
            "is_staff": "on",
            **NO_MANDATES,
        },
    )
    assert answer.status_code == 302
    member = User.objects.get(email="nowa@example.org")
    assert not member.has_usable_password()
    assert not member.is_staff
    assert EmailAddress.objects.get(user=member).verified


def test_the_adviser_suspends_but_does_not_take_over_an_account(carol, bob):
    address = reverse("admin:accounts_user_change", args=[bob.pk])
    just_logged_in(carol).post(
        address,
        {
            "email": "carol2@example.org",
            "display_name": "Bob K.",
            "language": "pl",
            "is_superuser": "on",
            **NO_MANDATES,
        },
    )
    bob.refresh_from_db()
    assert (bob.email, bob.display_name) == ("bob@example.org", "Bob K.")
    assert (bob.is_active, bob.is_superuser) == (False, False)


def test_the_adviser_cannot_change_an_administrator(carol, administrator):
    address = reverse("admin:accounts_user_change", args=[administrator.pk])
    client = just_logged_in(carol)
    assert client.get(address).status_code == 200
    assert client.post(address, {"display_name": "X", **NO_MANDATES}).status_code == 403


def test_an_administrator_moves_an_address(administrator, bob):
    just_logged_in(administrator).post(
        reverse("admin:accounts_user_change", args=[bob.pk]),
        {
            "email": "robert@example.org",
            "display_name": "Bob",
            "language": "pl",
            "is_active": "on",
            **NO_MANDATES,
        },
    )
    addresses = EmailAddress.objects.filter(user=bob).values_list("email", "verified")
    assert list(addresses) == [("robert@example.org", True)]


def test_nobody_but_an_administrator_deletes(carol, administrator):
    stranger = a_member("Grace", "Bąk")
    address = reverse("admin:accounts_user_delete", args=[stranger.pk])
    assert just_logged_in(carol).get(address).status_code == 403
    assert just_logged_in(administrator).get(address).status_code == 200


def test_the_adviser_gives_a_mandate(carol, bob, orlik):
    just_logged_in(carol).post(
        reverse("admin:accounts_mandate_add"),
        {"user": bob.pk, "organization": orlik.pk, "role": "proxy", "valid_from": SINCE},
    )
    assert Mandate.objects.get(user=bob).organization == orlik


def test_the_adviser_adds_an_organization(carol):
    just_logged_in(carol).post(
        reverse("admin:accounts_organization_add"),
        {
            "name": "OSP Nadarzyn",
            "kind": "fire_brigade",
            "gmina": "nadarzyn",
            "register": "none",
            "is_claimed": "on",
            **NO_MANDATES,
        },
    )
    added = Organization.objects.get(name="OSP Nadarzyn")
    assert (added.events.get().actor, added.events.get().kind) == (carol, "created")


def test_a_verified_name_changed_by_staff_is_checked_anew(carol, bob):
    organization = accept(carol, a_claim(bob)).organization
    fields = {"name": "Inna nazwa", "short_name": "", "kind": organization.kind, "gmina": "piastow"}
    fields |= {"register": organization.register, "register_number": organization.register_number}
    inline = {"mandates-TOTAL_FORMS": "0", "mandates-INITIAL_FORMS": "0"}
    url = reverse("admin:accounts_organization_change", args=[organization.pk])
    assert just_logged_in(carol).post(url, fields | inline).status_code == 302
    case = organization.verification_cases.open().get()
    assert (case.kind, case.opened_by, case.claimed["name"]) == ("change", carol, "Inna nazwa")


def test_a_category_with_children_stays_outside(carol):
    root = Category.objects.create(name="Współpraca")
    other = Category.objects.create(name="Szkolenia")
    Category.objects.create(name="Dotacje", parent=root)
    given = {"name": "Współpraca", "position": "0", "readers": "everybody", "writers": "members"}
    address = reverse("admin:categories_category_change", args=[root.pk])
    client = just_logged_in(carol)
    assert client.post(address, given | {"parent": other.pk}).status_code == 200
    assert client.post(address, given).status_code == 302
    root.refresh_from_db()
    assert root.parent is None
