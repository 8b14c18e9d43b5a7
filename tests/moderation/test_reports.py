"""Reports and notices: who may, what they make, and how they weigh."""

import pytest
from django.contrib.auth.models import AnonymousUser

from forum.categories.models import Category
from forum.discussions import actions as discussing
from forum.lib.answers import Refused
from forum.moderation import actions, rules
from forum.moderation.measures import Measure
from forum.moderation.models import Case, Report
from tests.factories import a_category, a_reply, a_thread
from tests.moderation.world import a_report, case_of, decide, found

pytestmark = pytest.mark.django_db
Kind = Report.Kind


def test_a_report_opens_the_case_of_the_post(dana, post, bob):
    report = a_report(dana, post)
    case = case_of(post)
    assert report.case == case
    assert case.state == Case.State.WAITING
    assert case.reason_list == [Case.Reason.REPORTED]
    assert case.author == bob
    assert case.title == "Lokal na spotkania"
    assert case.excerpt.startswith("Sąsiedzi")


def test_reporting_again_gives_the_first_report(dana, post):
    first = a_report(dana, post)
    version = case_of(post).version
    assert a_report(dana, post, Kind.SPAM) == first
    assert case_of(post).version == version


def test_several_reports_make_one_case(alice, dana, carol, post):
    for each in (alice, dana, carol):
        a_report(each, post)
    assert Case.objects.count() == 1
    assert case_of(post).reports.count() == 3


def test_a_report_after_a_decision_opens_the_case_again(dana, alice, carol, post):
    a_report(dana, post)
    decide(carol, post, Measure.LEAVE)
    a_report(alice, post)
    case = case_of(post)
    assert case.is_open
    assert case.closed_at is None
    assert case.reports.open().count() == 1


def test_who_says_that_it_is_about_the_office_marks_the_case(dana, alice, post):
    a_report(dana, post, says_about_office=True)
    a_report(alice, post)
    assert case_of(post).is_about_office


def test_nobody_reports_their_own_text(bob, post):
    with pytest.raises(Refused, match="własny|own"):
        a_report(bob, post)
    assert not Case.objects.exists()


def test_a_guest_and_a_suspended_member_do_not_report(erin, post):
    assert not rules.may_report(AnonymousUser(), "post", post.pk)
    assert not rules.may_report(erin, "post", post.pk)


def test_what_one_may_not_read_is_as_what_there_is_not(bob, carol):
    closed = a_thread(carol, a_category(readers=Category.Readers.STAFF))
    hidden = a_reply(carol, closed)
    answers = [rules.may_report(bob, "post", pk) for pk in (hidden.pk, 10**9)]
    assert [bool(each) for each in answers] == [False, False]
    assert answers[0].sentence == answers[1].sentence
    with pytest.raises(Refused):
        a_report(bob, hidden)
    assert not Case.objects.exists()


def test_what_is_gone_or_hidden_is_not_reported(dana, bob, carol, post, thread):
    withdrawn = a_reply(bob, thread)
    discussing.withdraw(author=bob, post=withdrawn)
    found(carol, post)
    for each in (withdrawn, post):
        with pytest.raises(Refused):
            a_report(dana, each)


def test_an_unknown_kind_of_thing_is_refused(dana):
    assert not rules.may_report(dana, "meeting", 1)


def test_a_flood_of_reports_is_stopped(settings, dana, bob, thread):
    settings.REPORTS_PER_DAY = 3
    posts = [a_reply(bob, thread, f"wpis {n}") for n in range(5)]
    for each in posts[:3]:
        a_report(dana, each)
    with pytest.raises(Refused):
        a_report(dana, posts[3])
    a_report(dana, posts[0])  # the one that is there already is no new one
    assert Report.objects.count() == 3
    assert Case.objects.count() == 3


def test_a_notice_has_a_receipt_and_no_reporter(post):
    notice = actions.give_notice(
        kind="post",
        subject_pk=post.pk,
        reason=Kind.UNLAWFUL,
        words="To zniesławienie.",
        name="Jan Obcy",
        email="Jan@Example.org ",
    )
    assert notice.is_notice
    assert len(notice.receipt) == 12
    assert notice.email == "jan@example.org"
    assert notice.in_good_faith
    assert case_of(post).reason_list == [Case.Reason.NOTICE]


def test_notices_from_several_strangers_stand_beside_each_other(post):
    for n in range(3):
        actions.give_notice(
            kind="post",
            subject_pk=post.pk,
            reason=Kind.SPAM,
            words=f"{n}",
            email=f"{n}@example.org",
        )
    assert case_of(post).reports.open().count() == 3


def test_a_notice_about_nothing_is_refused(db):
    with pytest.raises(Refused):
        actions.give_notice(kind="post", subject_pk=10**9, reason=Kind.SPAM, words="x")


def test_a_moderator_looks_into_what_nobody_reported(carol, post, bob):
    case = actions.look_into(moderator=carol, kind="post", subject_pk=post.pk)
    assert case.reason_list == [Case.Reason.OWN_MOTION]
    with pytest.raises(Refused):
        actions.look_into(moderator=bob, kind="post", subject_pk=post.pk)
