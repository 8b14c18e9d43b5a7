"""The pages of verification: forms that come back filled, doors, conflicts, the look."""

import pytest
from django.urls import reverse

from accounts.models import Organization, VerificationCase
from accounts.rules import may_speak
from tests.accounts.cases import (
    KRS,
    QUEUE,
    State,
    a_claim,
    a_document,
    a_new_one,
    a_profile,
    accept,
    decide,
    desk,
    fresh,
    own,
    text_of,
)
from tests.accounts.doors import ForbiddenByCsp
from tests.cast import a_member, just_logged_in, log_in

pytestmark = pytest.mark.django_db

NEW = "/organizations/new/"
WORDS = {"position": "sekretarz", "ground": "resolution", "message": "Wybrano nas w maju."}
GROUP = {
    "name": "Klub  Robótek „Oczko”",
    "kind": "informal",
    "gmina": "raszyn",
    "register": "none",
    "register_number": "",
    **WORDS,
}


def claim_url(organization):
    return reverse("accounts:claim", args=[organization.pk])


# --- Claiming -----------------------------------------------------------------------------------
def test_a_claim_by_form(client, bob):
    profile = a_profile()
    log_in(client, bob)
    assert profile.name in text_of(client.get(claim_url(profile)))
    answer = client.post(claim_url(profile), WORDS | {"document": a_document()})
    case = VerificationCase.objects.get()
    assert (answer.status_code, answer.url) == (303, own(case))
    assert (case.kind, case.position, case.ground) == ("claim", "sekretarz", "resolution")
    assert case.entries.get().document
    page = text_of(client.get(own(case)))
    assert "piszesz we własnym imieniu" in page
    assert "uchwala.pdf" in page


def test_a_form_sent_twice_leads_to_the_one_case(client, bob):
    profile = a_profile()
    log_in(client, bob)
    first, second = client.post(claim_url(profile), WORDS), client.post(claim_url(profile), WORDS)
    assert first.url == second.url == own(VerificationCase.objects.get())


def test_a_board_takes_over_by_form(client, bob, fundacja):
    log_in(client, bob)
    client.post(claim_url(fundacja), WORDS | {"kind": "succession"})
    assert VerificationCase.objects.get().kind == "succession"


def test_where_nobody_speaks_there_is_nothing_to_take_over(client, bob):
    log_in(client, bob)
    client.post(claim_url(a_profile()), WORDS | {"kind": "succession"})
    assert VerificationCase.objects.get().kind == "claim"


@pytest.mark.parametrize(
    "bad",
    [
        {"position": ""},
        {"ground": "adviser"},
        {"message": "x" * 4001},
        {"position": "x" * 121},
        {"document": a_document("a.pdf", b"MZ no document at all")},
        {"document": a_document("a.pdf", b"")},
    ],
)
def test_a_refused_claim_comes_back_filled(client, bob, bad):
    log_in(client, bob)
    answer = client.post(claim_url(a_profile()), WORDS | bad)
    assert answer.status_code == 422
    assert "Wybrano nas w maju." in text_of(answer) or "message" in bad
    assert ("Wybierz dokument jeszcze raz" in text_of(answer)) == ("document" in bad)
    assert not VerificationCase.objects.exists()


def test_what_may_not_be_claimed_says_so(client, alice, fundacja, starostwo):
    log_in(client, alice)
    for organization in (fundacja, starostwo):
        answer = client.get(claim_url(organization))
        assert answer.status_code == 403
        assert answer.context["sentence"]
    assert client.get("/organizations/999999/claim/").status_code == 404


def test_so_many_cases_a_day(client, bob, settings):
    settings.CASES_PER_DAY = 2
    log_in(client, bob)
    for number in range(3):
        profile = a_profile(f"Stowarzyszenie nr {number}", register_number=str(number))
        answer = client.post(claim_url(profile), WORDS)
    assert answer.status_code == 422
    assert "ponownie jutro" in text_of(answer)
    assert "Wybrano nas w maju." in text_of(answer)
    assert VerificationCase.objects.count() == 2
    log_in(client, a_member("Ewa", "Lis"))
    assert client.post(claim_url(profile), WORDS).status_code == 303


# --- Adding -------------------------------------------------------------------------------------
def test_an_informal_group_joins_with_one_form(client, bob):
    log_in(client, bob)
    answer = client.post(NEW, GROUP)
    organization = Organization.objects.get()
    assert answer.status_code == 303
    assert organization.name == "Klub Robótek „Oczko”"
    assert may_speak(bob, organization)
    assert "Możesz już pisać w jej imieniu" in text_of(client.get(answer.url))


def test_a_krs_number_is_read_as_people_write_it(client, bob):
    log_in(client, bob)
    client.post(NEW, GROUP | {"register": "krs", "register_number": "KRS 99 00-001"})
    assert Organization.objects.get().register_number == KRS


@pytest.mark.parametrize("number", ["12345678901", "00099x0001", "٠٠٠٩٩٠٠٠٠١"])
def test_a_wrong_krs_number_is_told(client, bob, number):
    log_in(client, bob)
    answer = client.post(NEW, GROUP | {"register": "krs", "register_number": number})
    assert answer.status_code == 422
    assert "register_number" in answer.context["form"].errors
    assert number in text_of(answer)


def test_a_number_without_a_register_is_dropped(client, bob):
    log_in(client, bob)
    assert client.post(NEW, GROUP | {"register_number": "12"}).status_code == 303
    assert Organization.objects.get().register_number == ""


def test_a_taken_name_leads_to_the_organization(client, bob, fundacja):
    log_in(client, bob)
    answer = client.post(NEW, GROUP | {"name": fundacja.name, "gmina": fundacja.gmina})
    assert answer.status_code == 422
    assert claim_url(fundacja) in text_of(answer)
    assert "is_another" not in text_of(answer)
    assert "Wybrano nas w maju." in text_of(answer)


def test_a_close_name_is_asked_about(client, bob, fundacja):
    log_in(client, bob)
    close = GROUP | {"name": "Fundacja Dobry Strat", "gmina": fundacja.gmina}
    answer = client.post(NEW, close)
    assert answer.status_code == 422
    assert claim_url(fundacja) in text_of(answer)
    assert 'name="is_another"' in text_of(answer)
    assert client.post(NEW, close | {"is_another": "on"}).status_code == 303
    assert not may_speak(bob, Organization.objects.get(name=close["name"]))


@pytest.mark.parametrize("bad", [{"kind": "office"}, {"kind": "x"}, {"gmina": ""}, {"name": "a"}])
def test_bad_input_is_told(client, bob, bad):
    log_in(client, bob)
    answer = client.post(NEW, GROUP | bad)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == set(bad)


# --- One's own cases ----------------------------------------------------------------------------
def test_the_list_of_ones_own_cases(client, bob, dana):
    mine, other = a_claim(bob), a_new_one(dana)
    log_in(client, bob)
    page = text_of(client.get("/account/verification/"))
    assert own(mine) in page
    assert own(other) not in page


def test_the_list_costs_the_same_however_long(client, bob, django_assert_num_queries):
    log_in(client, bob)
    for number in range(3):
        a_new_one(bob, f"Klub szachowy nr {number}")
        with django_assert_num_queries(4):  # the session, the member, the bell, the cases
            client.get("/account/verification/")


def test_a_question_is_answered_by_form(client, bob, carol):
    case = decide(carol, a_claim(bob), State.ASKED, "Prosimy o uchwałę.")
    log_in(client, bob)
    assert "Prosimy o uchwałę." in text_of(client.get(own(case)))
    answer = client.post(own(case, "answer"), {"text": "Oto.", "document": a_document()})
    assert answer.status_code == 303
    assert fresh(case).state == State.WAITING


@pytest.mark.parametrize("given", [{}, {"text": "  "}])
def test_an_empty_answer_is_told(client, bob, given):
    case = a_claim(bob)
    log_in(client, bob)
    answer = client.post(own(case, "answer"), given)
    assert answer.status_code == 422
    assert "Napisz coś" in text_of(answer)


def test_claims_of_today_do_not_keep_anybody_from_answering(client, bob, settings):
    settings.CASES_PER_DAY = 1
    profile = a_profile()
    log_in(client, bob)
    client.post(claim_url(profile), WORDS)
    case = VerificationCase.objects.get()
    answers = [client.post(own(case, "answer"), {"text": "Oto."}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 422]


def test_an_answer_to_a_case_decided_meanwhile_keeps_the_text(client, bob, carol):
    case = accept(carol, a_claim(bob))
    log_in(client, bob)
    answer = client.post(own(case, "answer"), {"text": "Jeszcze statut."})
    assert answer.status_code == 422
    assert "Jeszcze statut." in text_of(answer)


def test_a_case_is_withdrawn_after_a_question(client, bob):
    case = a_claim(bob)
    log_in(client, bob)
    assert client.get(own(case, "withdraw")).status_code == 200
    assert fresh(case).is_open
    assert client.post(own(case, "withdraw")).url == "/account/verification/"
    assert fresh(case).state == State.WITHDRAWN


def test_who_speaks_already_does_not_withdraw_the_check(client, bob):
    case = a_new_one(bob)
    log_in(client, bob)
    assert client.post(own(case, "withdraw")).status_code == 403
    assert fresh(case).is_open


# --- The look -----------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_pages_in_both_languages_within_the_policy(bob, carol, language):
    case = decide(carol, a_claim(bob, document=a_document()), State.ASKED, "Uchwała?")
    other = a_new_one(bob)
    for member, paths in {
        bob: [own(case), own(case, "withdraw"), own(other), "/account/verification/", NEW],
        carol: [QUEUE, desk(case), desk(other)],
    }.items():
        member.language = language
        member.save()
        for path in paths:
            answer = just_logged_in(member).get(path)
            page = ForbiddenByCsp(text_of(answer))
            assert (answer.status_code, page.found, page.headings) == (200, [], 1), path
            assert f'<html lang="{language}"' in text_of(answer)
