"""What the adviser decides, the answers between, and two who decide at once."""

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from accounts import actions, plugs
from accounts.actions import MovedOn
from accounts.models import Mandate, Organization, OrganizationEvent, VerificationCase
from accounts.rules import may_speak
from forum.jobs.models import Job
from forum.lib.answers import Refused
from forum.live.announcing import recheck
from tests.accounts.cases import (
    KRS,
    a_claim,
    a_document,
    a_new_one,
    a_profile,
    accept,
    at_once,
    decide,
    fresh,
    log_of,
    standing,
)
from tests.cast import a_mandate, a_member, make_carol

pytestmark = pytest.mark.django_db
Kind = OrganizationEvent.Kind
State = VerificationCase.State


# --- Accepted -----------------------------------------------------------------------------------
def test_accepting_a_claim_gives_the_badge_the_voice_and_a_letter(bob, carol):
    case = accept(carol, a_claim(bob))
    organization = fresh(case.organization)
    assert (case.state, case.decided_by, case.version) == (State.ACCEPTED, carol, 1)
    assert organization.is_claimed
    assert organization.is_verified
    assert (organization.verified_name, organization.verified_number) == (organization.name, KRS)
    assert (organization.verified_at, organization.verified_by) == (case.decided_at, carol)
    mandate = organization.mandates.get()
    assert (mandate.user, mandate.role) == (bob, Mandate.Role.REPRESENTATIVE)
    assert (mandate.granted_by, mandate.ground) == (carol, Mandate.Ground.STATUTE)
    assert may_speak(bob, organization)
    assert log_of(organization) == [
        Kind.VERIFICATION_OPENED,
        Kind.VERIFICATION_ACCEPTED,
        Kind.CLAIMED,
        Kind.MANDATE_GRANTED,
    ]
    (letter,) = mail.outbox
    assert letter.to == [bob.email]
    assert letter.body.startswith("Szanowni Państwo,")
    assert organization.name in letter.subject
    assert f"/account/verification/{case.pk}/" in letter.body


def test_the_letter_is_in_the_language_of_who_receives_it(bob, carol):
    bob.language = "en"
    bob.save()
    accept(carol, a_claim(bob))
    assert mail.outbox[0].body.startswith("Dear Sir or Madam,")


def test_the_letter_is_a_job_of_the_same_transaction(bob, carol, settings):
    settings.EMAIL_BACKEND = "forum.jobs.mail.QueuedBackend"
    case = a_claim(bob)
    with transaction.atomic():
        accept(carol, case)
        assert Job.objects.filter(kind="mail.send").count() == 1
        transaction.set_rollback(True)
    assert not Job.objects.filter(kind="mail.send").exists()
    assert fresh(case).state == State.WAITING


def test_accepting_a_new_organization_keeps_the_mandate_it_has(bob, carol):
    case = accept(carol, a_new_one(bob))
    organization = fresh(case.organization)
    assert organization.is_verified
    assert organization.mandates.count() == 1


def test_a_new_public_authority_speaks_from_the_acceptance_on(bob, carol):
    case = a_new_one(bob, "Urząd Gminy Raszyn", kind=Organization.Kind.LOCAL_GOVERNMENT)
    accept(carol, case)
    assert fresh(case.organization).is_claimed
    assert may_speak(bob, case.organization)


def test_a_member_of_the_organization_becomes_its_representative(bob, carol, fundacja):
    member = a_mandate(bob, fundacja, Mandate.Role.MEMBER)
    accept(carol, a_claim(bob, fundacja))
    assert fresh(member).standing == Mandate.Standing.REVOKED
    assert may_speak(bob, fundacja)
    assert Kind.MANDATE_ENDED in log_of(fundacja)


def test_what_the_case_does_not_claim_gets_no_badge(bob, carol):
    """The profile was renamed after the claim: checked was the old name."""
    case = a_claim(bob)
    Organization.objects.filter(pk=case.organization_id).update(name="Inna nazwa")
    accept(carol, case)
    organization = fresh(case.organization)
    assert organization.verified_name == "Stowarzyszenie „Nowy Most”"
    assert not organization.is_verified
    change = organization.verification_cases.open().get()
    assert (change.kind, change.claimed["name"]) == (VerificationCase.Kind.CHANGE, "Inna nazwa")


def test_a_case_without_a_ground_says_that_the_adviser_decided(bob, carol):
    accept(carol, a_claim(bob, ground=""))
    assert Mandate.objects.get(user=bob).ground == Mandate.Ground.ADVISER


# --- Two who claim one organization -------------------------------------------------------------
def test_accepting_one_of_two_claims_leaves_the_other_to_be_decided(bob, dana, carol):
    profile = a_profile()
    first, second = a_claim(bob, profile), a_claim(dana, profile)
    accept(carol, first)
    assert fresh(second).state == State.WAITING
    assert [letter.to for letter in mail.outbox] == [[bob.email]]
    decide(carol, second, State.REFUSED, "Zarząd to kto inny.")
    assert (may_speak(bob, profile), bool(may_speak(dana, profile))) == (True, False)


def test_both_may_be_accepted(bob, dana, carol):
    profile = a_profile()
    for case in [a_claim(bob, profile), a_claim(dana, profile)]:
        accept(carol, case)
    assert set(profile.mandates.values_list("user", flat=True)) == {bob.pk, dana.pk}
    assert log_of(profile).count(Kind.CLAIMED) == 1


# --- Asked and answered -------------------------------------------------------------------------
def test_a_question_is_an_entry_and_a_letter(bob, carol):
    case = decide(carol, a_claim(bob), State.ASKED, "Prosimy o uchwałę o wyborze zarządu.")
    assert case.is_open
    entry = case.entries.get()
    assert (entry.author, entry.text) == (carol, "Prosimy o uchwałę o wyborze zarządu.")
    assert "Prosimy o uchwałę" in mail.outbox[0].body
    assert not may_speak(bob, case.organization)
    assert log_of(case.organization)[-1] == Kind.VERIFICATION_ASKED


def test_an_answer_brings_the_case_back_to_the_queue(bob, carol):
    case = decide(carol, a_claim(bob), State.ASKED, "Prosimy o uchwałę.")
    assert case not in VerificationCase.objects.waiting()
    actions.answer(member=bob, case=case, text="Oto ona.", document=a_document())
    assert case in VerificationCase.objects.waiting()
    assert fresh(case).version == 2
    assert case.entries.last().document_name == "uchwala.pdf"
    assert log_of(case.organization)[-1] == Kind.VERIFICATION_ANSWERED


def test_nobody_else_answers(bob, dana, carol):
    case = a_claim(bob)
    for other in (dana, carol):
        with pytest.raises(Refused):
            actions.answer(member=other, case=case, text="Ja też.")
    assert not case.entries.exists()


@pytest.mark.parametrize("state", [State.ACCEPTED, State.REFUSED])
def test_a_decided_case_takes_no_answer(bob, carol, state):
    case = decide(carol, a_claim(bob), state, "Tak.")
    with pytest.raises(Refused):
        actions.answer(member=bob, case=case, text="Jeszcze coś.")
    with pytest.raises(Refused):
        actions.withdraw_case(member=bob, case=case)


# --- Refused ------------------------------------------------------------------------------------
def test_a_refusal_tells_the_reason_and_the_way_on(bob, carol):
    case = decide(carol, a_claim(bob), State.REFUSED, "W KRS jest inny zarząd.")
    assert not may_speak(bob, case.organization)
    assert not fresh(case.organization).is_claimed
    body = mail.outbox[0].body
    assert "W KRS jest inny zarząd." in body
    assert "nie zgadzają" in body
    assert log_of(case.organization)[-1] == Kind.VERIFICATION_REFUSED


def test_a_refused_new_organization_loses_its_voice_and_stays(bob, carol):
    case = decide(carol, a_new_one(bob), State.REFUSED, "Nie ma takiej grupy.")
    organization = fresh(case.organization)
    assert not may_speak(bob, organization)
    assert not organization.is_claimed
    assert organization.mandates.get().standing == Mandate.Standing.REVOKED


def test_others_who_speak_for_a_refused_new_organization_keep_it_claimed(bob, dana, carol):
    case = a_new_one(bob)
    a_mandate(dana, case.organization)
    decide(carol, case, State.REFUSED, "To nie jest jej przedstawiciel.")
    assert fresh(case.organization).is_claimed
    assert may_speak(dana, case.organization)


@pytest.mark.parametrize("state", [State.ASKED, State.REFUSED])
def test_without_a_reason_nobody_is_asked_or_refused(bob, carol, state):
    case = a_claim(bob)
    with pytest.raises(Refused, match="dlaczego"):
        decide(carol, case, state)
    assert fresh(case).state == State.WAITING
    assert mail.outbox == []


def test_only_staff_decides_and_nobody_in_their_own_case(bob, alice, carol):
    case = a_claim(bob)
    for other in (alice, bob):
        with pytest.raises(Refused):
            accept(other, case)
    own = a_claim(carol, a_profile("Koło Szachowe", register_number=""))
    with pytest.raises(Refused):
        accept(carol, own)
    assert not Mandate.objects.filter(organization__in=[case.organization, own.organization])


# --- Succession ---------------------------------------------------------------------------------
@pytest.mark.parametrize("ends_others", [True, False])
def test_a_new_board_beside_the_old_one_or_in_its_place(bob, alice, carol, fundacja, ends_others):
    case = actions.open_succession(member=bob, organization=fundacja, standing=standing())
    accept(carol, case, ends_others=ends_others)
    assert may_speak(bob, fundacja)
    assert bool(may_speak(alice, fundacja)) is not ends_others
    receivers = [letter.to[0] for letter in mail.outbox]
    assert receivers == ([alice.email] if ends_others else []) + [bob.email]


def test_a_plain_claim_never_ends_the_mandates_of_others(bob, alice, carol, fundacja):
    accept(carol, a_claim(bob, fundacja), ends_others=True)
    assert may_speak(alice, fundacja)


def test_open_sockets_are_judged_again(bob, carol, monkeypatch):
    told = []
    monkeypatch.setattr("accounts.plugs.rights_changed", [lambda: told.append(True)])
    case = a_claim(bob)
    assert told == []
    accept(carol, case)
    assert told


def test_the_live_room_is_plugged_in():
    assert recheck in plugs.rights_changed


# --- Two at once --------------------------------------------------------------------------------
def test_the_second_of_two_decisions_on_one_version_is_told(bob, carol):
    case = a_claim(bob)
    accept(carol, case, version=0)
    with pytest.raises(MovedOn):
        decide(carol, case, State.REFUSED, "Nie.", version=0)
    assert fresh(case).state == State.ACCEPTED
    assert len(mail.outbox) == 1


def test_an_answer_between_looking_and_deciding_is_seen_first(bob, carol):
    case = a_claim(bob)
    actions.answer(member=bob, case=case, text="Poprawka.")
    with pytest.raises(MovedOn):
        accept(carol, case, version=0)
    assert fresh(case).state == State.WAITING


@pytest.mark.django_db(transaction=True)
def test_of_two_advisers_at_once_one_decides():
    bob, advisers = a_member("Bob", "Lis"), [make_carol(), a_member("Ola", "Sowa")]
    advisers[1].is_staff = True
    advisers[1].save()
    case = a_claim(bob)
    refused = at_once(
        lambda: accept(advisers[0], case, version=0),
        lambda: decide(advisers[1], case, State.REFUSED, "Nie.", version=0),
    )
    assert [type(each) for each in refused] == [MovedOn]
    case = fresh(case)
    assert case.version == 1
    assert bool(may_speak(bob, case.organization)) == (case.state == State.ACCEPTED)
    steps = set(log_of(case.organization))
    assert len(steps & {Kind.VERIFICATION_ACCEPTED, Kind.VERIFICATION_REFUSED}) == 1


@pytest.mark.django_db(transaction=True)
def test_two_claims_accepted_at_the_same_moment():
    carol, profile = make_carol(), a_profile()
    members = [a_member("Ewa", "Lis"), a_member("Jan", "Sowa")]
    cases = [a_claim(member, profile) for member in members]
    assert at_once(*[lambda case=case: accept(carol, case) for case in cases]) == []
    assert all(may_speak(member, profile) for member in members)
    assert log_of(profile).count(Kind.CLAIMED) == 1


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_while_it_is_being_accepted():
    bob, carol = a_member("Bob", "Lis"), make_carol()
    case = a_claim(bob)
    refused = at_once(
        lambda: accept(carol, case, version=0),
        lambda: actions.withdraw_case(member=bob, case=case),
    )
    assert len(refused) == 1
    is_accepted = fresh(case).state == State.ACCEPTED
    assert bool(may_speak(bob, case.organization)) == is_accepted


def test_an_accepted_succession_ends_the_search_for_the_next_representative(carol, bob, fundacja):
    Organization.objects.filter(pk=fundacja.pk).update(needs_succession_since=timezone.now())
    case = actions.open_succession(member=bob, organization=fundacja, standing=standing())
    assert Organization.objects.needing_succession().get() == fundacja
    accept(carol, case)
    assert not Organization.objects.needing_succession().exists()
    assert may_speak(bob, fundacja)
