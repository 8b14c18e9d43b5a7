"""How a case begins: claims, new organizations, boards that take over, and what is refused."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import actions
from accounts.actions import NameTaken
from accounts.models import Mandate, Organization, OrganizationEvent, VerificationCase
from accounts.rules import may_speak
from accounts.verification_rules import may_claim, may_create
from forum.lib.answers import Refused
from tests.accounts.cases import (
    KRS,
    PDF,
    a_claim,
    a_document,
    a_new_one,
    a_profile,
    at_once,
    fresh,
    log_of,
    standing,
)
from tests.cast import a_mandate, a_member

pytestmark = pytest.mark.django_db
Kind = VerificationCase.Kind
State = VerificationCase.State


# --- A claim ------------------------------------------------------------------------------------
def test_a_claim_waits_and_keeps_what_was_said(bob):
    profile = a_profile()
    case = a_claim(bob, profile, message="Wybrano nas w maju.", document=a_document())
    assert (case.kind, case.state, case.version) == (Kind.CLAIM, State.WAITING, 0)
    assert (case.position, case.ground) == ("sekretarz zarządu", Mandate.Ground.STATUTE)
    assert case.claimed["name"] == profile.name
    assert (case.claimed["register"], case.claimed["number"]) == ("krs", KRS)
    entry = case.entries.get()
    assert (entry.text, entry.document_name) == ("Wybrano nas w maju.", "uchwala.pdf")
    with entry.document.open() as kept:
        assert kept.read() == PDF
    assert log_of(profile) == [OrganizationEvent.Kind.VERIFICATION_OPENED]


def test_until_the_decision_the_member_writes_in_their_own_voice(bob):
    profile = a_profile()
    a_claim(bob, profile)
    assert not may_speak(bob, profile)
    assert may_speak(bob, None)
    assert not fresh(profile).is_claimed
    assert not Mandate.objects.filter(user=bob).exists()


def test_later_edits_of_the_profile_do_not_reach_the_case(bob):
    profile = a_profile()
    case = a_claim(bob, profile)
    Organization.objects.filter(pk=profile.pk).update(name="Inna nazwa")
    assert fresh(case).claimed["name"] == "Stowarzyszenie „Nowy Most”"


def test_a_claim_without_words_or_document_has_no_entry(bob):
    assert not a_claim(bob).entries.exists()


def test_somebody_may_claim_an_organization_that_others_speak_for(bob, alice, fundacja):
    assert a_claim(bob, fundacja).kind == Kind.CLAIM
    assert may_speak(alice, fundacja)


@pytest.mark.parametrize(
    ("who", "what", "words"),
    [
        ("alice", "fundacja", "już w imieniu"),
        ("bob", "starostwo", "nadaje samo"),
        ("erin", "orlik", "zawieszone"),
    ],
)
def test_refused_claims(request, who, what, words):
    member, organization = request.getfixturevalue(who), request.getfixturevalue(what)
    with pytest.raises(Refused, match=words):
        a_claim(member, organization)
    assert not VerificationCase.objects.exists()
    assert log_of(organization) == []


def test_a_guest_claims_nothing(orlik):
    assert not may_claim(AnonymousUser(), orlik)
    assert not may_create(AnonymousUser(), Organization.Kind.INFORMAL)


def test_a_second_claim_of_the_same_member_is_refused(bob):
    case = a_claim(bob)
    with pytest.raises(Refused, match="już"):
        a_claim(bob, case.organization)
    assert VerificationCase.objects.count() == 1


def test_after_a_withdrawal_the_same_member_may_claim_again(bob):
    case = a_claim(bob)
    actions.withdraw_case(member=bob, case=case)
    assert a_claim(bob, case.organization).pk != case.pk


def test_a_wrong_document_is_refused_and_leaves_nothing(bob):
    with pytest.raises(Refused):
        a_claim(bob, document=a_document("a.pdf", b"MZ not a document"))
    assert not VerificationCase.objects.exists()


def test_the_database_holds_one_open_case_a_member(bob):
    case = a_claim(bob)
    case.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        case.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_two_claims_in_the_same_second_both_wait():
    profile, members = a_profile(), [a_member("Ewa", "Lis"), a_member("Jan", "Sowa")]
    at_once(*[lambda member=member: a_claim(member, profile) for member in members])
    cases = VerificationCase.objects.open().filter(organization=profile)
    assert {case.opened_by for case in cases} == set(members)


@pytest.mark.django_db(transaction=True)
def test_one_member_who_claims_twice_at_once_has_one_case():
    profile, member = a_profile(), a_member("Ewa", "Lis")
    refused = at_once(*[lambda: a_claim(member, profile)] * 4)
    assert VerificationCase.objects.count() == 1
    assert len(refused) == 3


# --- A new organization -------------------------------------------------------------------------
def test_who_adds_an_organization_speaks_for_it_at_once(bob):
    case = a_new_one(bob)
    organization = case.organization
    assert (case.kind, case.state) == (Kind.NEW, State.WAITING)
    mandate = organization.mandates.get()
    assert (mandate.user, mandate.role) == (bob, Mandate.Role.REPRESENTATIVE)
    assert (mandate.ground, mandate.granted_by) == (Mandate.Ground.STATUTE, None)
    assert may_speak(bob, organization)
    assert organization.is_claimed
    assert not organization.is_verified
    assert log_of(organization) == [
        OrganizationEvent.Kind.CREATED,
        OrganizationEvent.Kind.MANDATE_GRANTED,
        OrganizationEvent.Kind.VERIFICATION_OPENED,
    ]


def test_public_authority_speaks_only_after_the_check(bob):
    case = a_new_one(bob, "Urząd Gminy Raszyn", kind=Organization.Kind.LOCAL_GOVERNMENT)
    assert not may_speak(bob, case.organization)
    assert not case.organization.is_claimed


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Starostwo Powiatowe", Organization.Kind.INFORMAL),
        ("Przyjaciele Starosty", Organization.Kind.LOCAL_GOVERNMENT),
        ("URZĄD  Gminy", Organization.Kind.ASSOCIATION),
        ("Klub", Organization.Kind.OFFICE),
    ],
)
def test_the_name_of_an_office_is_refused(bob, name, kind):
    with pytest.raises(Refused):
        a_new_one(bob, name, kind=kind)
    assert not Organization.objects.filter(name=name).exists()


@pytest.mark.parametrize(
    "name", ["Fundacja Dobry Start", "FUNDACJA „DOBRY START”", "fundacja dobry  start"]
)
def test_the_name_of_an_organization_leads_to_it(bob, fundacja, name):
    with pytest.raises(NameTaken) as refused:
        a_new_one(bob, name, gmina=fundacja.gmina, is_another=True)
    assert refused.value.organization == fundacja
    assert refused.value.is_exact
    assert not VerificationCase.objects.exists()


def test_the_short_name_is_a_name_too(bob, starostwo):
    a_profile("Towarzystwo Ogrodów i Willi", short_name="Stary Klon", register_number="")
    with pytest.raises(NameTaken):
        a_new_one(bob, "„Stary Klon”", gmina=Organization.Gmina.PIASTOW)


def test_a_village_may_have_a_club_of_the_same_name(bob, fundacja):
    assert fundacja.gmina != Organization.Gmina.RASZYN
    assert a_new_one(bob, fundacja.name).organization != fundacja


def test_a_close_name_is_asked_about_and_then_speaks_only_after_the_check(bob, fundacja):
    close = "Fundacja Dobry Strat"
    with pytest.raises(NameTaken) as refused:
        a_new_one(bob, close, gmina=fundacja.gmina)
    assert (refused.value.organization, refused.value.is_exact) == (fundacja, False)
    case = a_new_one(bob, close, gmina=fundacja.gmina, is_another=True)
    assert not may_speak(bob, case.organization)
    assert not case.organization.is_claimed


def test_numbers_tell_names_apart(bob):
    a_new_one(bob, "Rada Rodziców przy Szkole Podstawowej nr 1")
    second = a_new_one(bob, "Rada Rodziców przy Szkole Podstawowej nr 2")
    assert may_speak(bob, second.organization)


def test_a_number_of_a_register_is_one_organizations(bob):
    profile = a_profile()
    with pytest.raises(NameTaken) as refused:
        a_new_one(bob, register="krs", register_number=KRS)
    assert refused.value.organization == profile


def test_what_is_no_longer_taken_may_be_added(bob):
    profile = a_profile()
    profile.delete()
    assert a_new_one(bob, register="krs", register_number=KRS)


@pytest.mark.django_db(transaction=True)
def test_two_who_add_the_same_organization_at_once():
    members = [a_member("Ewa", "Lis"), a_member("Jan", "Sowa")]
    refused = at_once(*[lambda member=member: a_new_one(member) for member in members])
    assert Organization.objects.count() == VerificationCase.objects.count() == 1
    assert [type(each) for each in refused] == [NameTaken]


# --- A board that takes over --------------------------------------------------------------------
def test_a_board_asks_to_take_over(bob, alice, fundacja):
    case = actions.open_succession(member=bob, organization=fundacja, standing=standing())
    assert case.kind == Kind.SUCCESSION
    assert may_speak(alice, fundacja)
    assert not may_speak(bob, fundacja)


def test_what_nobody_speaks_for_is_claimed_instead(bob):
    with pytest.raises(Refused, match="Przejmij"):
        actions.open_succession(member=bob, organization=a_profile(), standing=standing())


def test_an_ended_mandate_is_no_hindrance(bob, fundacja):
    mandate = a_mandate(bob, fundacja)
    assert not may_claim(bob, fundacja)
    Mandate.objects.filter(pk=mandate.pk).update(revoked_at=timezone.now())
    assert may_claim(bob, fundacja)
