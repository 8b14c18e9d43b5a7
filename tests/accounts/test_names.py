"""Nobody passes for another person, for an organization or for the office."""

import pytest
from django.urls import reverse

from accounts import erasing, names
from accounts.models import Organization, User
from accounts.personal_data import Texts
from tests.accounts.doors import sign_up
from tests.cast import logged_in

pytestmark = pytest.mark.django_db

TAKEN = "Ktoś już tu tak się nazywa"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ŻÓŁTA ŁÓDŹ", "żółta łódź"),
        ("Żółta Łódź", "Zolta  Lodz"),
        ("Fundacja „Dobry Start”", "fundacja dobry-start"),
        ("Jan Kowalski", "JAN KOWALSKI"),
        ("Zo\u0301łw", "Zółw"),
        ("Straße", "STRASSE"),
        ("Ｊan", "jan"),
    ],
)
def test_names_that_look_alike_are_one(one, other):
    assert names.folded(one) == names.folded(other)


def test_different_names_stay_different():
    assert names.folded("Jan Kowalski") != names.folded("Jana Kowalska")


@pytest.mark.parametrize(
    "name",
    [
        "Starostwo Powiatowe w Pruszkowie",
        "STAROSTWO POWIATOWE W PRUSZKOWIE",
        "Starostwo",
        "Starostwo – pomoc",
        "Jan z „Starostwo Powiatowe w Pruszkowie”",
        "uks orlik brwinów",
        "UKS ORLIK BRWINÓW",
        "Uks Orlik Brwinow",
    ],
)
def test_the_name_of_an_organization_is_refused(client, starostwo, orlik, name):
    answer = sign_up(client, name=name)
    assert answer.context["form"].errors["display_name"]
    assert not User.objects.exists()


def test_a_short_name_of_an_organization_is_refused(client):
    Organization.objects.create(
        name="Stowarzyszenie Żółw", short_name="ŻÓŁW", kind=Organization.Kind.ASSOCIATION
    )
    assert sign_up(client, name="Żółw").status_code == 200


def test_a_surname_that_is_part_of_an_organization_is_not(client, orlik):
    assert sign_up(client, name="Jan Orlik").status_code == 302


@pytest.mark.parametrize("name", ["Carol Wójcik", "CAROL WÓJCIK", "Carol Wojcik", "carol  wójcik"])
def test_another_members_name_is_refused_with_a_way_on(client, carol, name):
    answer = sign_up(client, name=name)
    assert TAKEN in answer.content.decode()
    assert User.objects.count() == 1
    assert sign_up(client, name="Carol Wójcik (Brwinów)").status_code == 302


def test_letters_of_two_alphabets_are_refused(client, carol):
    assert sign_up(client, name="Cаrol Wójcik").status_code == 200  # the а is Cyrillic
    assert sign_up(client, name="Олена Шевченко").status_code == 302


def test_the_answer_about_a_name_does_not_depend_on_the_address(client, carol):
    pages = [
        sign_up(client, name="Carol Wójcik", email=email).context["form"].errors
        for email in ("carol@example.org", "nobody@example.org")
    ]
    assert pages[0] == pages[1] != {}


def test_who_never_proved_an_address_holds_no_name(client):
    sign_up(client, name="Ewa Lis")
    client.post(reverse("account_logout"))
    assert sign_up(client, name="Ewa Lis", email="other@example.org").status_code == 302


def test_members_keep_their_own_name_and_take_no_other(bob, alice):
    client = logged_in(bob)
    page = reverse("accounts:profile")
    assert client.post(page, {"display_name": "Bob Kowalski", "language": "pl"}).status_code == 303
    answer = client.post(page, {"display_name": "alice nowak", "language": "pl"})
    assert (answer.status_code, TAKEN in answer.content.decode()) == (422, True)


def test_the_name_of_the_erased_is_nobodys(client, bob):
    erasing.erase_account(member=bob, texts=Texts.KEEP)
    assert sign_up(client, name="Osoba usunięta").status_code == 200
    assert sign_up(client, name="Bob Kowalski").status_code == 302
