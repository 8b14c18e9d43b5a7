"""One decision: the statement for whom it concerns, the outcome for who reported; the appeal."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from forum.moderation import actions
from forum.moderation.actions.rulebook import publish_first_rules
from forum.moderation.measures import Measure
from forum.moderation.models import Appeal, Decision
from tests.cast import logged_in
from tests.moderation.world import FACTS, a_report, case_of, decide, found, fresh

pytestmark = pytest.mark.django_db

WORDS = "To był cytat z uchwały, nie obelga."
OWN_WORDS = "Proszę pisać o sprawie."
BY_RULE = {"rule_version": 1, "section": "respect", "own_words": OWN_WORDS}


@pytest.fixture(autouse=True)
def rules(db):
    return publish_first_rules()


@pytest.fixture
def hidden(carol, dana, post):
    """Bob's post, reported by Dana, hidden by Carol."""
    a_report(dana, post)
    return decide(carol, post, **BY_RULE)


def page(member, decision, status=200):
    response = logged_in(member).get(decision.get_absolute_url())
    assert response.status_code == status
    return response.content.decode()


def send_appeal(member, decision, words=WORDS):
    address = reverse("moderation:appeal", args=[decision.number])
    return logged_in(member).post(address, {"words": words})


# --- Who reads what -------------------------------------------------------------------------------
def test_the_author_reads_the_whole_statement(bob, hidden):
    html = page(bob, hidden)
    for told in (FACTS, OWN_WORDS, "§ 3. Szacunek w rozmowie", "/rules/versions/1/#respect"):
        assert told in html
    assert "<textarea" in html  # and may appeal
    assert "Dana" not in html
    assert "Carol" not in html


def test_who_reported_reads_the_outcome_only(dana, hidden):
    html = page(dana, hidden)
    assert "§ 3. Szacunek w rozmowie" in html
    assert FACTS not in html
    assert OWN_WORDS not in html
    assert "<textarea" not in html


def test_what_was_done_to_an_account_is_its_members_matter(carol, dana, bob, post):
    a_report(dana, post)
    warned = decide(carol, post, Measure.WARN, **BY_RULE)
    told = str(warned.get_measure_display())
    assert told in page(bob, warned)
    assert f"<b>{told}</b>" not in page(dana, warned)
    assert f": {told}" not in logged_in(dana).get(reverse("moderation:own")).content.decode()
    assert f": {told}" in logged_in(bob).get(reverse("moderation:own")).content.decode()


def test_nobody_else_learns_that_there_is_a_decision(client, alice, erin, hidden):
    page(alice, hidden, 404)
    assert "/accounts/login/" in client.get(hidden.get_absolute_url())["Location"]
    response = logged_in(erin).get(hidden.get_absolute_url())
    assert response.status_code in {302, 404}
    assert logged_in(alice).get(reverse("moderation:decision", args=[999])).status_code == 404
    assert send_appeal(alice, hidden).status_code == 404
    assert not Appeal.objects.exists()


def test_the_measure_that_ends_says_when(bob, carol, post):
    until = timezone.now() + timedelta(days=3)
    suspended = found(carol, post, Measure.SUSPEND, until=until, **BY_RULE)
    bob.refresh_from_db()
    html = page(bob, suspended)  # a suspended member still reads it
    assert f"{timezone.localtime(until):%H:%M}" in html


def test_erased_words_are_said_to_be_erased(bob, hidden):
    hidden.statement.__class__.objects.filter(pk=hidden.pk).update(
        facts="", own_words="", erased_at=timezone.now()
    )
    html = page(bob, hidden)
    assert FACTS not in html


# --- The appeal -----------------------------------------------------------------------------------
def test_the_author_appeals_once(bob, hidden):
    response = send_appeal(bob, hidden)
    assert (response.status_code, response["Location"]) == (303, hidden.get_absolute_url())
    appeal = Appeal.objects.get()
    assert (appeal.member, appeal.words) == (bob, WORDS)
    html = page(bob, hidden)
    assert WORDS in html
    assert "<textarea" not in html
    response = send_appeal(bob, hidden, "Jeszcze raz.")
    assert response.status_code == 403
    assert Appeal.objects.get().words == WORDS


def test_a_suspended_member_can_appeal(bob, carol, post):
    suspended = found(carol, post, Measure.SUSPEND, **BY_RULE)
    bob.refresh_from_db()
    assert bob.is_suspended
    assert send_appeal(bob, suspended).status_code == 303


def test_the_reporter_appeals_where_nothing_was_done(dana, bob, carol, post):
    a_report(dana, post)
    left = decide(carol, post, Measure.LEAVE)
    assert "<textarea" in page(dana, left)
    assert "<textarea" not in page(bob, left)
    assert send_appeal(dana, left).status_code == 303
    # What the reporter wrote is not the author's to read.
    assert WORDS not in page(bob, left)


def test_the_reporter_of_what_was_hidden_has_nothing_to_appeal(dana, hidden):
    assert send_appeal(dana, hidden).status_code == 403
    assert not Appeal.objects.exists()


@pytest.mark.parametrize("words", ["", "  \n ", "x" * 4001], ids=["none", "blank", "long"])
def test_an_appeal_says_why(bob, hidden, words):
    response = send_appeal(bob, hidden, words)
    assert response.status_code == 422
    assert "<textarea" in response.content.decode()
    assert not Appeal.objects.exists()


def test_the_time_for_an_appeal_passes(bob, hidden):
    with time_machine.travel(hidden.appeal_until + timedelta(minutes=1), tick=False):
        html = page(bob, hidden)
        assert "<textarea" not in html
        assert send_appeal(bob, hidden).status_code == 403
    assert not Appeal.objects.exists()


def test_an_answer_is_read_by_who_appealed(bob, dana, frank, hidden):
    send_appeal(bob, hidden)
    actions.answer_appeal(
        moderator=frank,
        appeal=Appeal.objects.get(),
        upheld=False,
        own_words="Cytat też może obrażać.",
        case_version=case_of_decision(hidden).version,
    )
    html = page(bob, hidden)
    assert "Cytat też może obrażać." in html
    assert "Cytat też może obrażać." not in page(dana, hidden)


def test_a_granted_appeal_says_that_all_is_as_it_was(bob, frank, hidden, post):
    send_appeal(bob, hidden)
    actions.answer_appeal(
        moderator=frank, appeal=Appeal.objects.get(), upheld=True, own_words="Racja."
    )
    html = page(bob, fresh(hidden))
    assert "Racja." in html
    restored = Decision.objects.get(undoes=hidden)
    html = page(bob, restored)
    assert "<textarea" not in html  # there is nothing to appeal against
    assert "nr 1" in html or "no. 1" in html  # what it answers


def test_the_address_of_an_appeal_leads_to_the_decision(bob, hidden):
    response = logged_in(bob).get(reverse("moderation:appeal", args=[hidden.number]))
    assert (response.status_code, response["Location"]) == (303, hidden.get_absolute_url())


def test_what_restricts_nothing_offers_its_subject_no_appeal(bob, dana, carol, post):
    a_report(dana, post)
    left = decide(carol, post, Measure.LEAVE)
    assert 'id="appeal"' not in page(bob, left)
    assert 'id="appeal"' in page(dana, left)


def test_the_appeal_of_another_is_nobody_elses(dana, bob, hidden):
    send_appeal(bob, hidden)
    assert 'id="appeal"' not in page(dana, hidden)


def test_a_moderator_reads_the_statement_and_no_appeal_form(carol, bob, hidden, post):
    html = page(carol, hidden)
    assert FACTS in html
    assert "<textarea" not in html
    assert case_of(post).decisions.count() == 1


def test_the_list_of_decisions_about_me_shows_the_appeal(bob, hidden):
    send_appeal(bob, hidden)
    html = logged_in(bob).get(reverse("moderation:own")).content.decode()
    assert hidden.get_absolute_url() in html


def case_of_decision(decision):
    return fresh(decision).case
