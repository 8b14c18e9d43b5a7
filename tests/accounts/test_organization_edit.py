"""The page where representatives change the profile of their organization."""

import pytest
from django.urls import reverse

from tests.accounts.profiles import change, organization, sent, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def verified(fundacja, carol):
    fundacja.register, fundacja.register_number = "krs", "0009900001"
    return verify(fundacja, carol)


def test_a_representative_edits_the_profile(client, alice, fundacja):
    client.force_login(alice)
    response = sent(
        client,
        fundacja,
        short_name="Dobry Start",
        register="krs",
        register_number="9900001",
        nip="000-015-83-85",
        other_gminas=["raszyn", "pruszkow"],
        spheres=["14"],
        website="dobrystart.example.org",
        body="Uczymy.",
    )
    assert (response.status_code, response["Location"]) == (303, fundacja.get_absolute_url())
    fundacja.refresh_from_db()
    assert (fundacja.register_number, fundacja.nip) == ("0009900001", "0000158385")
    assert fundacja.website == "https://dobrystart.example.org"
    assert [row.gmina for row in fundacja.other_gminas.all()] == ["raszyn"]  # the seat is one


@pytest.mark.parametrize("who", ["bob", "dana"])
def test_others_read_why_they_may_not(client, request, who, fundacja):
    client.force_login(request.getfixturevalue(who))
    for response in [
        client.get(reverse("organizations:edit", args=[fundacja.pk])),
        client.post(reverse("organizations:edit", args=[fundacja.pk]), {"name": "X"}),
    ]:
        assert response.status_code == 403
        assert "reprezent" in response.content.decode()
    fundacja.refresh_from_db()
    assert fundacja.name == "Fundacja Dobry Start"


def test_a_guest_is_asked_to_log_in(client, fundacja):
    response = client.get(reverse("organizations:edit", args=[fundacja.pk]))
    assert "/accounts/login/" in response["Location"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "x" * 161),
        ("kind", "office"),
        ("kind", "nonsense"),
        ("gmina", "warszawa"),
        ("register_number", "12"),  # without a register
        ("nip", "0000158386"),
        ("regon", "123"),
        ("spheres", ["99"]),
        ("website", "javascript:alert(1)"),
        ("website", "ftp://example.org"),
        ("email", "nobody"),
        ("parent", "Nikt Taki Nie Istnieje"),
        ("body", "x" * 20_001),
    ],
)
def test_bad_input_is_said_and_what_was_typed_stays(client, alice, fundacja, field, typed):
    client.force_login(alice)
    response = sent(client, fundacja, **{field: typed, "address": "Klonowa 3"})
    assert response.status_code == 422
    assert response.context["form"].errors
    assert "Klonowa 3" in response.content.decode()
    fundacja.refresh_from_db()
    assert fundacja.address == ""


def test_a_krs_number_of_the_wrong_length_is_said(client, alice, fundacja):
    client.force_login(alice)
    response = sent(client, fundacja, register="krs", register_number="12345678901")
    assert "register_number" in response.context["form"].errors


def test_a_double_is_said_at_its_field(client, alice, fundacja):
    organization("Klub", gmina="raszyn", register="sports_clubs", register_number="7")
    client.force_login(alice)
    response = sent(client, fundacja, name="Klub", gmina="raszyn")
    assert list(response.context["form"].errors) == ["name"]
    response = sent(client, fundacja, register="sports_clubs", register_number="7")
    assert list(response.context["form"].errors) == ["register_number"]


@pytest.mark.parametrize("field", ["name", "short_name"])
def test_nobody_takes_the_name_of_an_office(client, alice, carol, fundacja, field):
    client.force_login(alice)
    response = sent(client, fundacja, **{field: "Starostwo Powiatowe"})
    assert list(response.context["form"].errors) == [field]
    client.force_login(carol)
    assert sent(client, fundacja, **{field: "Starostwo Powiatowe"}).status_code == 303


def test_the_badge_goes_only_after_a_yes(client, alice, verified):
    client.force_login(alice)
    response = sent(client, verified, name="Fundacja Lepszy Start")
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["drops_badge"]
    verified.refresh_from_db()
    assert verified.is_verified
    response = sent(client, verified, name="Fundacja Lepszy Start", drops_badge="on")
    assert response.status_code == 303
    verified.refresh_from_db()
    assert not verified.is_verified


def test_two_editors_at_once_the_second_is_told(client, alice, carol, fundacja):
    client.force_login(alice)
    address = reverse("organizations:edit", args=[fundacja.pk])
    seen = client.get(address).context["form"]["seen"].value()
    change(carol, fundacja, address="Klonowa 3")
    typed = {"name": fundacja.name, "kind": "foundation", "spheres": ["14", "16"], "seen": seen}
    response = client.post(address, typed)
    assert response.status_code == 422
    again = response.context["form"]["seen"].value()
    assert response.context["form"]["spheres"].value() == ["14", "16"]
    assert client.post(address, {**typed, "seen": again}).status_code == 303


def test_a_parent_is_found_by_its_name_or_number_and_a_near_one_is_offered(client, alice, fundacja):
    whole = organization("Towarzystwo Kontrast", register="krs", register_number="0009900009")
    client.force_login(alice)
    for typed in ["towarzystwo kontrast", "0009900009"]:
        assert sent(client, fundacja, parent=typed).status_code == 303
        fundacja.refresh_from_db()
        assert fundacja.parent == whole
    response = sent(client, fundacja, parent="kontrasty")
    assert "Towarzystwo Kontrast" in str(response.context["form"].errors["parent"])
    response = sent(client, fundacja, parent=fundacja.name)
    assert "parent" in response.context["form"].errors
