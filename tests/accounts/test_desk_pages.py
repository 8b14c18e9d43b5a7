"""The adviser's pages: the queue, a case, the decisions on it, and who gets that far."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts import actions
from accounts.models import CaseEntry, Mandate, Organization, VerificationCase
from accounts.verification_rules import may_read_document
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
from tests.cast import a_member, log_in, logged_in

pytestmark = pytest.mark.django_db


# --- The desk -----------------------------------------------------------------------------------
@pytest.fixture
def adviser(client, carol):
    log_in(client, carol)
    return client


def test_the_queue_shows_the_oldest_first_and_what_was_asked_apart(adviser, bob, dana, carol):
    profile = a_profile()
    first, second = a_claim(bob, profile), a_claim(dana, profile)
    asked = decide(carol, a_new_one(bob), State.ASKED, "Kto to?")
    page = adviser.get(QUEUE)
    assert page.context["waiting"] == [first, second]
    assert page.context["asked"] == [asked]
    assert [case.rivals for case in page.context["waiting"]] == [2, 2]
    assert "rozpatrz je razem" in text_of(page)


def test_the_queue_costs_the_same_however_long(adviser, django_assert_num_queries):
    for number in range(3):
        a_claim(a_member(f"Osoba{number}", "Lis"), a_profile(f"Nr {number}", register_number=""))
        # Session, member, second factor, queue, count; the bell; the masthead's number and counts.
        with django_assert_num_queries(8):
            adviser.get(QUEUE)


def test_staff_sees_in_the_header_how_many_wait(adviser, bob):
    assert 'class="chip deadline">' not in text_of(adviser.get("/account/"))
    a_claim(bob)
    assert '<span class="chip deadline">1</span>' in text_of(adviser.get("/account/"))
    assert QUEUE not in text_of(logged_in(bob).get("/account/"))


def test_a_case_shows_what_was_claimed_what_is_registered_and_who_else_asks(adviser, bob, dana):
    profile = a_profile(nip="0000237570")
    other = a_claim(dana, profile)
    case = a_claim(bob, profile, message="Wybrano nas w maju.", document=a_document())
    facts = {"outcome": "found", "name": "INNE STOWARZYSZENIE", "number": KRS, "nip": "0000237570"}
    VerificationCase.objects.filter(pk=case.pk).update(register_facts=facts)
    page = text_of(adviser.get(desk(case)))
    for word in ("INNE STOWARZYSZENIE", "różni się", "to samo", "Wybrano nas w maju."):
        assert word in page
    assert desk(other) in page
    assert "uchwala.pdf" in page


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"outcome": "not_found"}, f"nie ma numeru {KRS}"),
        ({"outcome": "unavailable"}, "nie odpowiada"),
        (None, "Wyszukiwarka KRS"),
    ],
)
def test_what_the_register_did_not_say(adviser, bob, facts, words):
    case = a_claim(bob)
    VerificationCase.objects.filter(pk=case.pk).update(register_facts=facts)
    assert words in text_of(adviser.get(desk(case)))


@pytest.mark.parametrize("register", Organization.Register.values)
def test_the_page_says_where_to_look(adviser, bob, register):
    number = "" if register == "none" else "7"
    case = a_claim(bob, a_profile(register=register, register_number=number))
    page = adviser.get(desk(case))
    section = text_of(page).split('id="register"')[1].split("</section>")[0]
    assert "<p>" in section


@pytest.mark.parametrize(
    ("verb", "state"), [("accept", "accepted"), ("ask", "asked"), ("refuse", "refused")]
)
def test_each_decision_by_form(adviser, bob, verb, state, mailoutbox):
    case = a_claim(bob)
    given = {"version": 0, "saved": ["resolution"], "reason": "Do piątku."}
    answer = adviser.post(desk(case, verb), given)
    assert (answer.status_code, answer.url) == (303, QUEUE)
    case = fresh(case)
    assert case.state == state
    assert case.reason == "Prosimy o uchwałę o wyborze zarządu.\nDo piątku."
    assert case.reason in mailoutbox[0].body


def test_saved_reasons_are_in_the_language_of_who_reads_them(adviser, bob):
    bob.language = "en"
    bob.save()
    case = a_claim(bob)
    adviser.post(desk(case, "ask"), {"version": 0, "saved": ["resolution"]})
    assert fresh(case).reason.startswith("Please send the resolution")


@pytest.mark.parametrize("verb", ["ask", "refuse"])
def test_a_decision_without_a_reason_comes_back(adviser, bob, verb):
    case = a_claim(bob)
    answer = adviser.post(desk(case, verb), {"version": 0, "reason": "   "})
    assert answer.status_code == 422
    assert "Napisz, dlaczego" in text_of(answer)


@pytest.mark.parametrize(
    "bad", [{"version": "x"}, {"version": ""}, {"saved": ["nothing"]}, {"reason": "x" * 4001}]
)
def test_a_mangled_decision_decides_nothing(adviser, bob, bad):
    case = a_claim(bob)
    answer = adviser.post(desk(case, "accept"), {"version": 0} | bad)
    assert answer.status_code == 422
    assert fresh(case).is_open


def test_the_second_of_two_decisions_gets_a_page_that_says_so_and_keeps_the_words(
    adviser, bob, carol
):
    case = a_claim(bob)
    actions.answer(member=bob, case=case, text="Poprawka.")
    answer = adviser.post(desk(case, "refuse"), {"version": 0, "reason": "Brak uchwały."})
    assert answer.status_code == 409
    page = text_of(answer)
    assert "zmieniła się" in page
    assert "Brak uchwały." in page
    assert "Poprawka." in page
    assert fresh(case).is_open
    # The page that came back knows the new version: what is sent from it counts.
    assert 'name="version" value="1"' in page
    adviser.post(desk(case, "refuse"), {"version": 1, "reason": "Brak uchwały."})
    assert fresh(case).state == State.REFUSED


def test_a_decision_on_a_decided_case_keeps_the_words_too(adviser, bob, carol):
    case = accept(carol, a_claim(bob))
    answer = adviser.post(desk(case, "refuse"), {"version": 0, "reason": "Brak uchwały."})
    assert answer.status_code == 409
    assert "Brak uchwały." in text_of(answer)
    assert fresh(case).state == State.ACCEPTED


def test_the_register_is_asked_again_in_the_background(adviser, bob, settings, monkeypatch):
    settings.KRS_LOOKUP_URL = "http://127.0.0.1:9"
    wanted = []
    monkeypatch.setattr("accounts.plugs.facts_wanted", [wanted.append])
    case = a_claim(bob)
    assert desk(case, "register") in text_of(adviser.get(desk(case)))
    assert adviser.post(desk(case, "register")).status_code == 303
    assert wanted == [case.pk, case.pk]


# --- Doors --------------------------------------------------------------------------------------
DESK_DOORS = [
    ("get", ""),
    ("post", "accept"),
    ("post", "ask"),
    ("post", "refuse"),
    ("post", "register"),
]
OWN_DOORS = [("get", ""), ("post", "answer"), ("get", "withdraw"), ("post", "withdraw")]
SECRET = "Tajna-funkcja"


@pytest.fixture
def secret(bob):
    return a_claim(bob, position=SECRET)


@pytest.fixture(params=["guest", "dana", "erin"])
def stranger(request, client):
    if request.param != "guest":
        log_in(client, request.getfixturevalue(request.param))
    return client


@pytest.mark.parametrize(("method", "verb"), OWN_DOORS)
def test_nobody_else_gets_to_a_case(stranger, secret, method, verb):
    answer = getattr(stranger, method)(own(secret, verb), {"text": "x"})
    assert answer.status_code == 404 or "/accounts/login/" in answer.url
    assert fresh(secret).version == 0


def test_staff_sees_cases_at_the_desk_and_not_as_their_own(client, carol, secret):
    log_in(client, carol)
    assert client.get(own(secret)).status_code == 404


@pytest.mark.parametrize(("method", "verb"), DESK_DOORS)
def test_the_desk_is_for_staff(stranger, secret, method, verb):
    answer = getattr(stranger, method)(desk(secret, verb), {"version": 0, "reason": "x"})
    assert answer.status_code == 403 or "/accounts/login/" in answer.url
    assert SECRET not in text_of(answer)
    assert fresh(secret).version == 0
    assert not Mandate.objects.filter(organization=secret.organization).exists()


def test_the_queue_is_for_staff(stranger, secret):
    answer = stranger.get(QUEUE)
    assert answer.status_code == 403 or "/accounts/login/" in answer.url


def test_the_doors_are_open_to_those_they_are_for(client, bob, carol, secret):
    """Proves that the walks above could fail."""
    log_in(client, bob)
    assert SECRET in text_of(client.get(own(secret)))
    log_in(client, carol)
    assert SECRET in text_of(client.get(desk(secret)))
    assert SECRET in text_of(client.get(QUEUE))


@pytest.mark.parametrize("verb", ["accept", "ask", "refuse", "register"])
def test_nothing_is_decided_by_a_link(adviser, secret, verb):
    assert adviser.get(desk(secret, verb)).status_code == 405


def test_the_rule_and_the_list_of_documents_agree(alice, bob, carol, dana, erin):
    a_claim(bob, document=a_document())
    decide(carol, a_new_one(dana), State.ASKED, "Kto to?")
    seen = 0
    for viewer in (AnonymousUser(), alice, bob, carol, dana, erin):
        for entry in CaseEntry.objects.with_document():
            may = bool(may_read_document(viewer, entry))
            assert may == CaseEntry.objects.readable_by(viewer).filter(pk=entry.pk).exists()
            seen += may
    assert seen == 2
