"""The badge holds while name, register and number are those that were checked."""

import pytest

from accounts import actions
from accounts.models import Organization, OrganizationEvent, VerificationCase
from forum.lib.answers import Refused
from tests.accounts.cases import State, a_claim, a_profile, accept, at_once, decide, fresh, log_of
from tests.cast import a_mandate, a_member, make_carol

pytestmark = pytest.mark.django_db
CHANGES = {"name": "Nowa nazwa", "register": "other", "register_number": "0009900002"}


def verified(member, staff):
    return fresh(accept(staff, a_claim(member)).organization)


def change(organization, actor, **fields):
    """As the page that edits a profile does it."""
    Organization.objects.filter(pk=organization.pk).update(**fields)
    return actions.note_change(organization=organization, actor=actor)


@pytest.mark.parametrize("field", CHANGES)
def test_a_change_drops_the_badge_and_opens_a_case(bob, carol, field):
    organization = verified(bob, carol)
    assert organization.is_verified
    case = change(organization, bob, **{field: CHANGES[field]})
    organization = fresh(organization)
    assert not organization.is_verified
    assert organization not in Organization.objects.verified()
    assert (case.kind, case.state, case.opened_by) == ("change", State.WAITING, bob)
    assert CHANGES[field] in case.claimed.values()
    assert log_of(organization)[-1] == OrganizationEvent.Kind.VERIFICATION_OPENED


def test_what_was_not_checked_changes_without_a_case(bob, carol):
    organization = verified(bob, carol)
    assert change(organization, bob, address="ul. Polna 3", short_name="Most") is None
    assert fresh(organization).is_verified


def test_an_unverified_organization_changes_without_a_case(bob):
    profile = a_profile()
    assert change(profile, bob, name="Inna") is None
    assert not VerificationCase.objects.exists()


def test_a_second_change_brings_the_one_case_up_to_date(bob, carol):
    organization = verified(bob, carol)
    first = change(organization, bob, name="Druga")
    second = change(organization, bob, name="Trzecia")
    assert first.pk == second.pk
    assert (second.claimed["name"], second.version) == ("Trzecia", 1)


def test_saying_the_same_twice_is_no_step(bob, carol):
    organization = verified(bob, carol)
    change(organization, bob, name="Druga")
    assert change(organization, bob, name="Druga").version == 0


def test_a_change_taken_back_brings_the_badge_back_and_closes_the_case(bob, carol):
    organization = verified(bob, carol)
    case = change(organization, bob, name="Druga")
    assert change(organization, bob, name=organization.name) is None
    assert fresh(organization).is_verified
    assert fresh(case).state == State.WITHDRAWN


def test_accepting_the_change_brings_the_badge_back_and_moves_no_mandate(bob, carol):
    organization = verified(bob, carol)
    mandates = list(organization.mandates.values())
    accept(carol, change(organization, bob, name="Druga"))
    organization = fresh(organization)
    assert organization.is_verified
    assert organization.verified_name == "Druga"
    assert list(organization.mandates.values()) == mandates


def test_an_adviser_who_corrected_a_name_may_check_it_unless_it_is_their_own(bob, carol):
    organization = verified(bob, carol)
    case = change(organization, carol, name="Druga")
    own = a_mandate(carol, organization)
    with pytest.raises(Refused):
        accept(carol, case)
    own.delete()
    accept(carol, case)
    assert fresh(organization).is_verified


def test_refusing_the_change_leaves_the_organization_without_the_badge(bob, carol):
    organization = verified(bob, carol)
    decide(carol, change(organization, bob, name="Druga"), State.REFUSED, "W KRS jest inaczej.")
    organization = fresh(organization)
    assert not organization.is_verified
    assert organization.verified_name != "Druga"
    assert organization.is_claimed


def test_who_has_another_open_case_there_is_looked_at_once(bob, dana, carol):
    organization = verified(bob, carol)
    other = a_claim(dana, organization)
    case = change(organization, dana, name="Druga")
    assert case.pk == other.pk
    assert case.claimed["name"] == "Druga"


@pytest.mark.django_db(transaction=True)
def test_changes_at_once_open_one_case():
    bob, dana, carol = a_member("Bob", "Lis"), a_member("Dana", "Sowa"), make_carol()
    organization = verified(bob, carol)
    Organization.objects.filter(pk=organization.pk).update(name="Druga")
    note = [
        lambda actor=actor: actions.note_change(organization=organization, actor=actor)
        for actor in (bob, dana, bob, dana)
    ]
    assert at_once(*note) == []
    assert organization.verification_cases.open().count() == 1
