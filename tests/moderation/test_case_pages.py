"""The page of a case: the subject in its place, the decision on it, second opinions, appeals."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.erasing import erase_account
from accounts.personal_data import Texts
from forum.discussions.models import Post
from forum.moderation import actions
from forum.moderation.actions.rulebook import publish_first_rules
from forum.moderation.measures import Measure
from forum.moderation.models import Case, Decision, Proposal, Report, SavedReply
from tests.cast import just_logged_in
from tests.factories import a_category, a_reply, a_thread
from tests.moderation.world import a_report, an_elected, decide

pytestmark = pytest.mark.django_db

DESK = "/desk/"
REASON = {"section": "advertising", "facts": "Wpis jest reklamą."}


@pytest.fixture(autouse=True)
def _rules(db):
    publish_first_rules()


@pytest.fixture
def adviser(carol):
    return just_logged_in(carol)


@pytest.fixture
def elected(db):
    return an_elected()


@pytest.fixture
def post(bob):
    thread = a_thread(bob, title="Sala we wtorki")
    return a_reply(bob, thread, "Pożyczka w 15 minut bez BIK!")


@pytest.fixture
def case(alice, post):
    a_report(alice, post, Report.Kind.SPAM, "To reklama.")
    return Case.objects.get()


def text_of(response):
    return response.content.decode()


def address(case, *parts):
    return "/".join([f"/desk/cases/{case.pk}", *parts, ""])


def typed(case, **fields):
    return {"version": Case.objects.get(pk=case.pk).version, **REASON, **fields}


def send(browser, case, measure, **fields):
    return browser.post(address(case, "decide", measure), typed(case, **fields))


# --- One case -----------------------------------------------------------------------------------
def test_a_case_shows_the_post_in_its_place_who_wrote_it_and_what_was_said(adviser, case, post):
    a_reply(post.author, post.thread, "Zaraz po tym.")
    page = text_of(adviser.get(address(case)))
    for words in (
        "Pożyczka w 15 minut bez BIK!",
        "Kto chce współdzielić salę?",
        "Zaraz po tym.",
        "To reklama.",
        "Bob Kowalski",
        "Alice Nowak",
    ):
        assert words in page


def test_the_form_begins_with_what_the_reports_say(adviser, case):
    form = adviser.get(address(case)).context["form"]
    assert form["section"].value() == "advertising"
    assert form["facts"].value()
    assert form["version"].value() == case.version


def test_every_way_to_decide_is_a_button_with_its_key(adviser, case):
    page = text_of(adviser.get(address(case)))
    for key, measure in {"u": "hide", "z": "leave", "p": "ask_correction", "o": "warn"}.items():
        assert re.search(
            rf'data-key="{key}"[^>]* formaction="{address(case, "decide", measure)}"', page
        )


def test_hiding_leads_to_the_next_case_with_undo(adviser, alice, bob, case, post, carol):
    other = a_reply(bob, post.thread, "Inny wpis")
    a_report(alice, other)
    answer = send(adviser, case, "hide")
    decision = Decision.objects.get()
    following = Case.objects.open().get()
    assert answer.status_code == 303
    assert answer["Location"] == f"{address(following)}?done={decision.number}"
    post.refresh_from_db()
    assert post.state == Post.State.HIDDEN
    assert (decision.section, decision.rule_version) == ("advertising", 1)
    assert decision.statement.facts == "Wpis jest reklamą."
    page = text_of(adviser.get(answer["Location"]))
    assert f"/desk/decisions/{decision.number}/undo/" in page


def test_after_the_last_one_comes_the_empty_desk(adviser, case):
    answer = send(adviser, case, "leave")
    assert answer["Location"] == f"{DESK}?done=1"
    assert "all-done__mark" in text_of(adviser.get(answer["Location"]))


def test_a_restriction_needs_a_reason(adviser, case):
    answer = send(adviser, case, "hide", section="", facts="")
    assert answer.status_code == 422
    assert answer.context["form"].errors["section"]
    assert not Decision.objects.exists()


def test_saved_replies_go_before_the_own_words(adviser, case):
    reply = SavedReply.objects.create(title="Reklama", words="Prosimy nie reklamować.")
    assert "Prosimy nie reklamować." in text_of(adviser.get(address(case)))
    send(adviser, case, "hide", saved=[reply.pk], own_words="Dział ogłoszeń jest obok.")
    statement = Decision.objects.get().statement
    assert statement.own_words == "Prosimy nie reklamować.\n\nDział ogłoszeń jest obok."


@pytest.mark.parametrize(
    ("until", "days"), [({"until": "3"}, 3), ({"until": "7"}, 7), ({"until": "30"}, 30)]
)
def test_an_account_is_slowed_down_for_a_time(adviser, case, bob, until, days):
    send(adviser, case, "slow", **until)
    bob.refresh_from_db()
    left = bob.slowed_until - timezone.now()
    assert days - 1 <= left.days <= days


def test_an_account_is_suspended_until_a_day(adviser, case, bob):
    day = timezone.localdate() + timedelta(days=12)
    assert send(adviser, case, "suspend", until="date", until_day="2020-01-01").status_code == 422
    assert send(adviser, case, "suspend", until="date", until_day="").status_code == 422
    send(adviser, case, "suspend", until="date", until_day=day.isoformat())
    bob.refresh_from_db()
    assert timezone.localdate(bob.suspended_until) == day


def test_a_thread_is_locked_moved_split_and_merged_from_the_desk(adviser, alice, bob, post, case):
    thread = post.thread
    send(adviser, case, "lock")
    thread.refresh_from_db()
    assert thread.is_closed
    there = a_category()
    for measure, fields in (
        ("move", {"category": there.pk}),
        ("split", {"category": there.pk, "title": "Osobny wątek"}),
        ("merge", {"into": f"/threads/{a_thread(bob, there).pk}/"}),
    ):
        assert send(adviser, case, measure).status_code == 422  # says where to
        a_report(alice, Post.objects.get(pk=post.pk))
        assert send(adviser, case, measure, **fields).status_code == 303, measure
    post.refresh_from_db()
    assert post.thread_id not in {thread.pk}


def test_an_unknown_measure_is_no_address(adviser, case):
    for measure in ("restore", "stand", "nonsense"):
        assert send(adviser, case, measure).status_code == 404


def test_the_second_of_two_is_told_what_the_first_decided_and_keeps_the_words(
    adviser, elected, case
):
    seen = case.version
    send(just_logged_in(elected), case, "leave", own_words="Zostaje, to żart.")
    answer = adviser.post(
        address(case, "decide", "hide"), {"version": seen, **REASON, "own_words": "Moje słowa."}
    )
    assert answer.status_code == 409
    page = text_of(answer)
    for words in ("Frank Lis", "Zostaje, to żart.", "Moje słowa."):
        assert words in page
    assert Decision.objects.count() == 1


def test_shown_anew_the_typed_words_stay(adviser, elected, case, alice):
    seen = case.version
    actions.note_change(kind="post", subject_pk=case.subject_pk)
    answer = adviser.post(address(case, "anew"), {"version": seen, "facts": "Moje słowa."})
    assert answer.status_code == 200
    assert answer.context["form"]["version"].value() == str(seen + 1)
    assert "Moje słowa." in text_of(answer)
    assert not Decision.objects.exists()


def test_ones_own_text_is_left_to_others(carol, case, alice):
    own = a_reply(carol, a_thread(alice))
    a_report(alice, own)
    mine = Case.objects.get(subject_pk=own.pk)
    page = text_of(just_logged_in(carol).get(address(mine)))
    assert "formaction" not in page


def test_a_case_whose_subject_is_gone_still_opens(adviser, case, bob):
    erase_account(member=bob, texts=Texts.WITHDRAW)
    assert adviser.get(address(case)).status_code == 200


# --- Four eyes, appeals, notes, leases ----------------------------------------------------------
@pytest.fixture
def proposed(alice, post, adviser):
    a_report(alice, post, says_about_office=True)
    case = Case.objects.get()
    send(adviser, case, "hide")
    return case


def test_about_the_office_a_second_person_confirms(proposed, adviser, elected, post):
    assert Proposal.objects.get().measure == Measure.HIDE
    assert adviser.post(address(proposed, "confirm"), typed(proposed)).status_code == 422
    assert not Decision.objects.exists()
    answer = just_logged_in(elected).post(address(proposed, "confirm"), typed(proposed))
    assert answer.status_code == 303
    decision = Decision.objects.get()
    assert {decision.decided_by.email, decision.second.email} == {
        "carol@example.org",
        "frank@example.org",
    }


def test_declined_or_withdrawn_it_waits_again(proposed, adviser, elected, case):
    browser = just_logged_in(elected)
    browser.post(address(proposed, "decline"), typed(proposed, words="To krytyka."))
    assert "To krytyka." in text_of(adviser.get(address(proposed)))
    send(adviser, proposed, "hide")
    adviser.post(address(proposed, "withdraw"))
    assert [each.state for each in Proposal.objects.order_by("pk")] == ["declined", "withdrawn"]
    assert Case.objects.get().state == Case.State.WAITING


@pytest.mark.parametrize(("answer", "state"), [("grant", "published"), ("dismiss", "hidden")])
def test_an_appeal_is_answered_by_somebody_else(
    adviser, elected, bob, carol, case, post, answer, state
):
    decision = decide(carol, post)
    actions.appeal(member=bob, decision=decision, words="To nie była reklama.")
    assert "To nie była reklama." in text_of(adviser.get(address(case)))
    assert adviser.post(address(case, answer), typed(case)).status_code == 409
    browser = just_logged_in(elected)
    assert browser.post(address(case, answer), typed(case, words="Tak.")).status_code == 303
    post.refresh_from_db()
    assert post.state == state


def test_notes_are_for_moderators(adviser, elected, case):
    adviser.post(address(case, "notes"), {"words": "Znam go, to pomyłka."})
    assert "Znam go, to pomyłka." in text_of(just_logged_in(elected).get(address(case)))
    assert adviser.post(address(case, "notes"), {"words": ""}).status_code == 422


def test_opening_by_script_takes_a_lease_and_reading_takes_none(adviser, elected, case):
    adviser.get(address(case))
    assert Case.objects.get().lease_by is None
    adviser.post(address(case, "lease"), headers={"x-fragment": "1"})
    assert Case.objects.get().lease_by.email == "carol@example.org"
    page = text_of(just_logged_in(elected).get(DESK))
    assert 'data-lease-name="Carol Wójcik"' in page
    adviser.post(address(case, "lease", "release"))
    assert Case.objects.get().lease_by is None
