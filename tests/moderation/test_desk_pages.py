"""The pages of the desk: the queue, a case, the decision on it, and who gets that far."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import actions as account_actions
from accounts.models import User
from forum.discussions.models import Post
from forum.moderation import actions
from forum.moderation.actions.rulebook import publish_first_rules
from forum.moderation.measures import Measure
from forum.moderation.models import AccessNote, Case, Decision, Report
from forum.moderation.queue import PAGE_SIZE
from tests.accounts.cases import State, a_claim, a_document
from tests.accounts.cases import decide as verify
from tests.cast import a_member, just_logged_in, logged_in
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


# --- Who gets here ------------------------------------------------------------------------------
@pytest.mark.parametrize("path", [DESK, "/desk/decisions/"])
def test_members_and_guests_do_not_see_the_desk(client, bob, path):
    assert "/accounts/login/" in client.get(path)["Location"]
    assert logged_in(bob).get(path).status_code == 403


def test_staff_is_asked_who_they_are_and_for_a_second_factor(settings, carol, case):
    assert "/account/confirm/" in logged_in(carol).get(DESK)["Location"]
    settings.REQUIRE_SECOND_FACTOR = True
    for path in (DESK, address(case)):
        answer = just_logged_in(carol).get(path)
        assert "/account/second-factor/" in answer["Location"]


def test_an_elected_moderator_sees_it_and_is_asked_the_same(settings, elected, case):
    assert "/account/confirm/" in logged_in(elected).get(DESK)["Location"]
    assert just_logged_in(elected).get(DESK).status_code == 200
    settings.REQUIRE_SECOND_FACTOR = True
    assert "/account/second-factor/" in just_logged_in(elected).get(DESK)["Location"]


def test_a_case_in_a_place_one_may_not_read_is_neither_named_nor_opened(alice, bob, carol, elected):
    closed = a_category(readers="staff")
    secret = a_thread(carol, closed, title="Tajny tytuł", body="Tajne słowa")
    hidden = actions.look_into(
        moderator=carol, kind="post", subject_pk=secret.posts.get(number=1).pk
    )
    browser = just_logged_in(elected)
    assert "Tajn" not in text_of(browser.get(DESK))
    assert browser.get(address(hidden)).status_code == 403
    assert "Tajne słowa" in text_of(just_logged_in(carol).get(address(hidden)))


# --- The queue ----------------------------------------------------------------------------------
def test_the_queue_shows_the_most_urgent_first_and_counts_exactly(adviser, alice, bob, post):
    thread = post.thread
    slow = a_reply(bob, thread, "Nie na temat.")
    a_report(alice, slow, Report.Kind.OFF_TOPIC)
    a_report(alice, post, Report.Kind.UNLAWFUL)
    page = adviser.get(DESK)
    assert [each.subject_pk for each in page.context["page"].items] == [post.pk, slow.pk]
    assert page.context["waiting"].count == 2
    assert 'data-all="2"' in text_of(page)
    assert f"desk.1:{page.context['waiting'].seq}" in text_of(page)


def test_filters_show_one_kind_each(adviser, alice, post, carol, bob):
    a_report(alice, post)
    own = actions.look_into(
        moderator=carol, kind="post", subject_pk=a_reply(bob, post.thread, "Inny").pk
    )
    shown = adviser.get(DESK, {"show": "reported"}).context
    assert [each.subject_pk for each in shown["page"].items] == [post.pk]
    assert len(adviser.get(DESK).context["page"].items) == 2
    assert [each.pk for each in adviser.get(DESK, {"show": "nonsense"}).context["page"].items][-1]
    assert not adviser.get(DESK, {"show": "appeal"}).context["page"].items
    assert own.reasons == "own"


def test_the_queue_comes_in_pages_at_the_same_cost(
    adviser, alice, bob, django_assert_max_num_queries
):
    thread = a_thread(bob)
    for number in range(PAGE_SIZE + 2):
        post = a_reply(bob, thread, f"Wpis {number}")
        actions.open_case(kind="post", subject_pk=post.pk, reason=Case.Reason.HELD)
    with django_assert_max_num_queries(14):
        first = adviser.get(DESK)
    later = first.context["page"].later_url
    rest = adviser.get(later).context["page"].items
    assert len(first.context["page"].items) == PAGE_SIZE
    assert len(rest) == 2
    assert not {each.pk for each in rest} & {each.pk for each in first.context["page"].items}


def test_nothing_waits_says_so_kindly(adviser):
    assert "all-done__mark" in text_of(adviser.get(DESK))


def test_organizations_wait_in_the_same_queue_for_staff_only(adviser, elected, bob):
    claim = a_claim(bob)
    page = adviser.get(DESK)
    (row,) = page.context["page"].items
    assert (row.kind, row.title) == ("verification", str(claim.organization))
    assert adviser.get(address(row))["Location"] == f"/desk/organizations/{claim.pk}/"
    browser = just_logged_in(elected)
    assert not browser.get(DESK).context["page"].items
    assert browser.get(DESK).context["waiting"].count == 0
    assert browser.get(address(row)).status_code == 403


@pytest.mark.parametrize("end", ["accepted", "withdrawn", "asked"])
def test_an_organization_leaves_the_queue_when_it_waits_no_longer(adviser, bob, carol, end):
    claim = a_claim(bob)
    if end == "withdrawn":
        account_actions.withdraw_case(member=bob, case=claim)
    else:
        verify(carol, claim, State(end), "Kto to?")
    assert not adviser.get(DESK).context["page"].items
    if end == "asked":
        account_actions.answer(member=bob, case=claim, text="To ja.")
        assert adviser.get(DESK).context["waiting"].count == 1


def test_nothing_is_decided_about_an_organization_here(adviser, bob):
    a_claim(bob)
    row = Case.objects.get()
    assert send(adviser, row, "leave").status_code == 422
    assert row.is_open


# --- The masthead -------------------------------------------------------------------------------
def test_the_masthead_counts_for_moderators_and_costs_others_nothing(
    bob, carol, elected, case, django_assert_num_queries
):
    for moderator in (carol, elected):
        page = text_of(logged_in(moderator).get("/account/"))
        assert re.search(r'data-waiting="(all|texts)" data-hide-zero>1<', page)
        assert 'data-streams="desk.1:' in page
    browser = logged_in(bob)
    # The session, the member, the bell, the mandates, the second factor.
    with django_assert_num_queries(5):
        page = text_of(browser.get("/account/"))
    assert "desk.1" not in page


def test_the_page_of_a_thread_shows_it_to_the_moderator_alone(bob, carol, case, post):
    thread = post.thread.get_absolute_url()
    for _ in range(2):
        assert "desk.1:" in text_of(logged_in(carol).get(thread))
        assert "desk.1:" not in text_of(logged_in(bob).get(thread))


# --- Many at once, undo -------------------------------------------------------------------------
def test_many_are_decided_at_once_and_what_moved_on_is_said(adviser, alice, bob, elected, post):
    others = [a_reply(bob, post.thread, f"Reklama {number}") for number in range(3)]
    for each in [post, *others]:
        a_report(alice, each, Report.Kind.SPAM)
    ticked = [f"{case.pk}-{case.version}" for case in Case.objects.all()]
    decide(elected, others[0], Measure.LEAVE)
    answer = adviser.post(
        "/desk/together/", {"cases": ticked, "measure": "hide", **REASON}, follow=True
    )
    assert Decision.objects.filter(measure="hide").count() == 3
    said = [str(message) for message in answer.context["messages"]]
    assert len(said) == 2
    assert said[1].startswith("Sala we wtorki")


@pytest.mark.parametrize("fields", [{"cases": []}, {"section": ""}, {"measure": "suspend"}])
def test_many_need_a_choice_and_a_reason(adviser, case, fields):
    ticked = {"cases": [f"{case.pk}-{case.version}"], "measure": "hide", **REASON}
    answer = adviser.post("/desk/together/", ticked | fields)
    assert answer.status_code == 422
    assert not Decision.objects.exists()


def test_undo_brings_everything_back_once(adviser, case, post):
    send(adviser, case, "hide")
    undo = "/desk/decisions/1/undo/"
    assert undo in text_of(adviser.get("/desk/decisions/"))
    assert adviser.post(undo)["Location"] == address(case)
    post.refresh_from_db()
    assert post.state == Post.State.PUBLISHED
    assert undo not in text_of(adviser.get("/desk/decisions/"))
    adviser.post(undo)
    assert Decision.objects.count() == 2


def test_a_moderator_opens_a_case_themselves(adviser, post, bob):
    answer = adviser.post(f"/desk/look/post/{post.pk}/")
    assert answer["Location"] == address(Case.objects.get())
    assert logged_in(bob).post(f"/desk/look/post/{post.pk}/").status_code == 403


# --- Private data -------------------------------------------------------------------------------
def test_reading_an_address_is_noted_and_the_member_sees_it(adviser, case, bob):
    assert "bob@example.org" not in text_of(adviser.get(address(case)))
    assert "bob@example.org" not in text_of(adviser.get(address(case, "contact")))
    answer = adviser.post(address(case, "contact", "read"))
    assert "bob@example.org" in text_of(adviser.get(answer["Location"]))
    note = AccessNote.objects.get()
    assert (note.member, note.what) == (bob, AccessNote.What.EMAIL)
    page = text_of(logged_in(bob).get("/account/moderation/"))
    assert "Carol Wójcik" in page
    assert "/account/moderation/" in text_of(logged_in(bob).get("/account/"))


def test_an_address_is_shown_for_ten_minutes_and_to_who_noted_it(adviser, elected, case):
    adviser.post(address(case, "contact", "read"))
    assert "bob@example.org" not in text_of(just_logged_in(elected).get(address(case, "contact")))
    AccessNote.objects.update(at=timezone.now() - timedelta(minutes=11))
    assert "bob@example.org" not in text_of(adviser.get(address(case, "contact")))


def test_reading_a_private_document_is_noted_too(adviser, bob):
    claim = a_claim(bob, document=a_document())
    entry = claim.entries.get()
    logged = just_logged_in(bob)
    logged.get(f"/verification/documents/{entry.pk}/")
    assert not AccessNote.objects.exists()
    adviser.get(f"/verification/documents/{entry.pk}/")
    note = AccessNote.objects.get()
    assert (note.member, note.what) == (bob, AccessNote.What.DOCUMENT)


def test_nobody_sees_the_readings_of_others(client, adviser, case):
    adviser.post(address(case, "contact", "read"))
    assert "/accounts/login/" in client.get("/account/moderation/")["Location"]
    other = a_member("Zofia", "Nowa")
    assert "Carol" not in text_of(logged_in(other).get("/account/moderation/"))
    assert User.objects.filter(pk=other.pk).exists()
