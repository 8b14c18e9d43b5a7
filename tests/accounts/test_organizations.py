"""What an organization is, and how its representatives change its profile."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import actions
from accounts.finding import find_organizations
from accounts.models import FIRST_SPHERES, Mandate, Organization, OrganizationEvent, Sphere
from accounts.profiles import Profile
from accounts.rules import may_edit_profile, may_give_kind
from forum.lib import fragments, identifiers
from tests.accounts.profiles import change, organization, verify
from tests.cast import a_mandate

pytestmark = pytest.mark.django_db


# --- Kinds, spheres, numbers --------------------------------------------------------------------
def test_the_act_counts_every_kind_but_four():
    not_counted = {kind for kind in Organization.Kind if not Organization(kind=kind).is_entitled}
    assert not_counted == {"informal", "local_government", "office", "business"}
    for kind in Organization.Kind:
        Organization.objects.create(name=kind, kind=kind)
    entitled = set(Organization.objects.entitled().values_list("kind", flat=True))
    assert entitled == set(Organization.Kind.values) - not_counted


def test_the_act_has_thirty_nine_spheres_eight_of_them_first():
    assert len(Sphere) == 39
    assert len(set(FIRST_SPHERES)) == 8
    numbers = {re.fullmatch(r"(\d+)[ab]?", value)[1] for value in Sphere.values}
    assert numbers == {str(number) for number in range(1, 34)}


@pytest.mark.parametrize(
    ("register", "typed", "kept"),
    [
        ("krs", "0000532412", "0000532412"),
        ("krs", " KRS: 532 412 ", "0000532412"),
        ("krs", "532412", "0000532412"),
        ("krs", "532412.0", None),
        ("krs", "12345678901", None),
        ("krs", "0000000000", None),
        ("krs", "abc", None),
        ("krs", "٠٠٠٠٥٣٢٤١٢", None),
        ("krs", "", None),
        ("nip", "000-015-83-85", "0000158385"),
        ("nip", "PL 0000158385", "0000158385"),
        ("nip", "NIP 0000158385", "0000158385"),
        ("nip", "0000158386", None),
        ("nip", "0000000030", None),
        ("nip", "158385", None),
        ("regon", "991 047 296", "991047296"),
        ("regon", "99104729600011", "99104729600011"),
        ("regon", "991047297", None),
        ("regon", "99104729600012", None),
        ("regon", "", None),
    ],
)
def test_numbers_are_read_as_people_write_them(register, typed, kept):
    read = getattr(identifiers, register)
    if kept is None:
        with pytest.raises(ValueError):  # noqa: PT011  # the sentence is the form's
            read(typed)
    else:
        assert read(typed) == kept


def test_a_number_stands_in_a_register_once():
    organization(register="sports_clubs", register_number="12")
    organization("Inny", register="ordinary_associations", register_number="12")
    with pytest.raises(IntegrityError), transaction.atomic():
        organization("Trzeci", register="sports_clubs", register_number="12")
    organization("Bez numeru", register="church")
    organization("Też bez numeru", register="church")


def test_a_number_without_a_register_is_refused():
    with pytest.raises(IntegrityError), transaction.atomic():
        organization(register_number="12")


def test_two_communes_may_have_clubs_of_one_name():
    organization("UKS Orlik", gmina="raszyn")
    organization("UKS Orlik", gmina="nadarzyn")
    with pytest.raises(IntegrityError), transaction.atomic():
        organization("UKS Orlik", gmina="raszyn")


def test_it_is_in_the_commune_of_its_seat_and_where_it_works():
    seated, working = organization("A", gmina="raszyn"), organization("B", gmina="nadarzyn")
    working.other_gminas.create(gmina="raszyn")
    organization("C", gmina="piastow")
    assert set(Organization.objects.in_gmina("raszyn")) == {seated, working}


# --- The badge ----------------------------------------------------------------------------------
@pytest.fixture
def verified(fundacja, carol):
    fundacja.register, fundacja.register_number = "krs", "0009900001"
    return verify(fundacja, carol)


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "Inna"), ("register", "other"), ("register_number", "0009900002")],
)
def test_a_changed_name_or_number_drops_the_badge(verified, field, value):
    assert verified.is_verified
    assert verified in Organization.objects.verified()
    setattr(verified, field, value)
    verified.save()
    assert not verified.is_verified
    assert verified not in Organization.objects.verified()


def test_another_change_keeps_the_badge(verified):
    verified.short_name, verified.gmina = "FDS", "raszyn"
    verified.save()
    assert verified.is_verified
    assert verified in Organization.objects.verified()


def test_what_was_never_verified_has_no_badge(orlik):
    assert not orlik.is_verified
    assert not Organization.objects.verified().exists()


# --- Who may ------------------------------------------------------------------------------------
def test_representatives_and_staff_edit_the_profile_nobody_else(
    alice, bob, carol, dana, erin, fundacja, orlik
):
    assert may_edit_profile(alice, fundacja)
    assert may_edit_profile(carol, fundacja)
    assert not may_edit_profile(alice, orlik)
    assert not may_edit_profile(bob, fundacja)
    assert not may_edit_profile(dana, orlik)  # a proxy speaks, the board decides
    assert not may_edit_profile(erin, fundacja)


def test_a_mandate_that_ended_edits_nothing(bob, fundacja):
    today = timezone.localdate()
    mandate = a_mandate(bob, fundacja, valid_to=today)
    assert may_edit_profile(bob, fundacja)
    Mandate.objects.filter(pk=mandate.pk).update(valid_to=today - timedelta(days=1))
    assert not may_edit_profile(bob, fundacja)


@pytest.mark.parametrize("kind", ["office", "local_government"])
def test_only_staff_makes_an_organization_an_office(alice, carol, kind):
    assert not may_give_kind(alice, kind)
    assert may_give_kind(alice, kind, instead_of=kind)
    assert may_give_kind(carol, kind)


# --- The actions --------------------------------------------------------------------------------
def test_a_change_is_kept_logged_and_found(alice, fundacja):
    change(
        alice,
        fundacja,
        name="Fundacja Nowe Skrzydła",
        spheres=frozenset(["14", "16"]),
        other_gminas=frozenset(["raszyn"]),
        description_source="Uczymy **latać**.",
    )
    fundacja.refresh_from_db()
    assert fundacja.name == "Fundacja Nowe Skrzydła"
    assert "<strong>latać</strong>" in fundacja.description_html
    assert find_organizations("nowe skrzydla", 5) == [fundacja]
    event = fundacja.events.get()
    assert (event.actor, event.kind) == (alice, OrganizationEvent.Kind.CHANGED)
    assert event.details["changed"] == {
        "name": ["Fundacja Dobry Start", "Fundacja Nowe Skrzydła"],
        "spheres": [[], ["14", "16"]],
        "other_gminas": [[], ["raszyn"]],
        "description_source": True,
    }
    change(alice, fundacja, spheres=frozenset(["16"]), other_gminas=frozenset())
    assert list(fundacja.spheres.values_list("sphere", flat=True)) == ["16"]
    assert not fundacja.other_gminas.exists()


def test_no_change_writes_nothing(alice, fundacja):
    before = fundacja.changed_at
    change(alice, fundacja)
    fundacja.refresh_from_db()
    assert fundacja.changed_at == before
    assert not fundacja.events.exists()


def test_a_new_name_is_shown_in_posts_too(alice, fundacja, django_capture_on_commit_callbacks):
    fragments.keep({"a": "b"}, None)
    before = fragments.names()
    with django_capture_on_commit_callbacks(execute=True):
        change(alice, fundacja, address="Klonowa 3")
    assert fragments.names() == before
    fundacja.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        change(alice, fundacja, name="Fundacja Nowe Skrzydła")
    assert fragments.names() != before


def test_a_change_by_somebody_else_meanwhile_is_not_overwritten(alice, carol, fundacja):
    seen = fundacja.changed_at
    change(carol, fundacja, address="Klonowa 3")
    with pytest.raises(actions.ChangedMeanwhile):
        actions.change_organization(
            actor=alice,
            organization=fundacja,
            profile=Profile(name="X", kind="foundation"),
            seen=seen,
        )
    fundacja.refresh_from_db()
    assert fundacja.address == "Klonowa 3"


def test_the_log_says_when_the_badge_was_dropped(alice, verified):
    change(alice, verified, address="Klonowa 3")
    verified.refresh_from_db()
    change(alice, verified, name="Inna")
    newest, earlier = verified.events.filter(kind=OrganizationEvent.Kind.CHANGED)
    assert newest.details["dropped_badge"]
    assert not earlier.details["dropped_badge"]
    case = verified.verification_cases.get()
    assert (case.kind, case.claimed["name"], case.opened_by) == ("change", "Inna", alice)


def test_a_double_is_taken(alice, fundacja, orlik):
    organization("Klub", gmina="raszyn", register="sports_clubs", register_number="7")
    with pytest.raises(actions.Taken):
        change(alice, fundacja, name="Klub", gmina="raszyn")
    with pytest.raises(actions.Taken):
        change(alice, fundacja, register="sports_clubs", register_number="7")
