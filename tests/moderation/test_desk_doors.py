"""Every door of the desk, tried by those who may not come in; and by those who may."""

import pytest
from django.urls import reverse

from forum.categories.models import Category
from forum.moderation import actions
from forum.moderation.models import AccessNote, Case, Decision, StaffNote
from tests.cast import just_logged_in, logged_in
from tests.factories import a_category, a_thread
from tests.moderation.desk_doors import CASE_DOORS, DESK_DOORS, SUBJECT
from tests.moderation.world import an_elected

pytestmark = pytest.mark.django_db

SECRET = "Tajne-sprawozdanie"
FORM = {"version": 1, "words": "x", "facts": "x", "law": "art. 1"}


@pytest.fixture
def case(carol):
    """About a text that only staff may read."""
    closed = a_category(readers=Category.Readers.STAFF)
    thread = a_thread(carol, closed, title=SECRET, body=SECRET)
    opening = thread.posts.get(number=1)
    return actions.look_into(moderator=carol, kind="post", subject_pk=opening.pk)


def doors(case):
    for name, (method, args) in DESK_DOORS.items():
        given = [case.subject_pk if each == SUBJECT else each for each in args]
        yield name, method, reverse(f"moderation:{name}", args=given)
    for name, (method, args) in CASE_DOORS.items():
        yield name, method, reverse(f"moderation:{name}", args=[case.pk, *args])


def ask(browser, method, address):
    return getattr(browser, method)(address, FORM if method == "post" else {})


def nothing_happened():
    return not (
        Decision.objects.exists()
        or AccessNote.objects.exists()
        or StaffNote.objects.exists()
        or Case.objects.exclude(lease_by=None).exists()
    )


def test_guests_and_the_suspended_are_asked_to_log_in(client, erin, case):
    suspended = logged_in(erin)
    for name, method, address in doors(case):
        for browser in (client, suspended):
            assert "/accounts/login/" in ask(browser, method, address)["Location"], name
    assert nothing_happened()


def test_members_are_refused(bob, case):
    for name, method, address in doors(case):
        answer = ask(just_logged_in(bob), method, address)
        assert answer.status_code == 403, name
        assert SECRET not in answer.content.decode()
    assert nothing_happened()


def test_an_elected_moderator_does_not_get_to_what_they_may_not_read(case):
    browser = just_logged_in(an_elected())
    for name, method, address in doors(case):
        answer = ask(browser, method, address)
        assert SECRET not in answer.content.decode(), name
        if name in CASE_DOORS:
            assert answer.status_code == 403, name
    assert nothing_happened()


def test_without_a_fresh_proof_nobody_gets_in(carol, case):
    browser = logged_in(carol)
    for name, method, address in doors(case):
        assert "/account/confirm/" in ask(browser, method, address)["Location"], name
    assert nothing_happened()


def test_staff_gets_to_all_of_them(carol, case):
    """Proves that the walks above could fail."""
    browser = just_logged_in(carol)
    for name, method, address in doors(case):
        answer = ask(browser, method, address)
        assert answer.status_code in (200, 303, 404, 409, 422), name
    assert SECRET in browser.get(reverse("moderation:case", args=[case.pk])).content.decode()


def test_who_stopped_moderating_hears_of_the_desk_no_more(bob, carol, case):
    moderator = an_elected()
    stream = "/live/desk.1/changes/?since=0"
    assert logged_in(moderator).get(stream).status_code == 200
    assert SECRET not in logged_in(moderator).get(stream).content.decode()
    term = moderator.moderator_terms.get()
    actions.end_term(staff=carol, term=term, last_day=term.since)
    assert logged_in(moderator).get(stream).status_code == 404
    assert logged_in(bob).get(stream).status_code == 404
