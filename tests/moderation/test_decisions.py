"""Decisions: what each does, who may take it, and what refuses it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.rules import may_speak
from forum.categories.models import Category
from forum.discussions import actions as discussing
from forum.discussions.models import Post
from forum.lib.answers import Refused
from forum.moderation import actions, rules
from forum.moderation.measures import RESTRICTIONS, Measure
from forum.moderation.models import Case, Decision, Report
from tests.factories import a_category, a_reply, a_thread
from tests.moderation.world import (
    FACTS,
    a_report,
    a_verdict,
    case_of,
    decide,
    found,
    fresh,
    state_of,
)

pytestmark = pytest.mark.django_db


def test_hiding_closes_the_case_and_settles_the_reports(dana, alice, carol, post, bob):
    a_report(dana, post)
    a_report(alice, post, Report.Kind.SPAM)
    decision = decide(carol, post)
    assert state_of(post) == Post.State.HIDDEN
    assert not case_of(post).is_open
    assert {report.outcome for report in Report.objects.all()} == {Report.Outcome.UPHELD}
    assert {report.decision for report in Report.objects.all()} == {decision}
    assert (decision.number, decision.member, decision.decided_by) == (1, bob, carol)
    assert decision.on_report
    assert decision.statement.facts == FACTS


def test_leaving_it_dismisses_the_reports_and_changes_nothing(dana, carol, post):
    a_report(dana, post)
    seq = fresh(post).seq
    decide(carol, post, Measure.LEAVE)
    assert state_of(post) == Post.State.PUBLISHED
    assert fresh(post).seq == seq
    assert Report.objects.get().outcome == Report.Outcome.DISMISSED


def test_own_motion_is_told_from_a_report(dana, carol, post):
    a_report(dana, post)
    decide(carol, post, Measure.LEAVE)
    assert not found(carol, post).on_report


def test_hidden_text_can_be_published_again(carol, post):
    found(carol, post)
    case = actions.open_case(kind="post", subject_pk=post.pk, reason=Case.Reason.OWN_MOTION)
    assert case.is_open
    decide(carol, post, Measure.PUBLISH)
    assert state_of(post) == Post.State.PUBLISHED


def test_the_second_of_two_decisions_on_one_version_is_a_conflict(dana, carol, frank, post):
    a_report(dana, post)
    version = case_of(post).version
    decide(carol, post, Measure.LEAVE, version=version)
    a_report(dana, post)
    with pytest.raises(actions.Conflict):
        decide(frank, post, Measure.HIDE, version=version)
    assert state_of(post) == Post.State.PUBLISHED
    assert Decision.objects.count() == 1


def test_a_closed_case_is_decided_no_more(dana, carol, frank, post):
    a_report(dana, post)
    decide(carol, post, Measure.LEAVE)
    with pytest.raises(Refused):
        decide(frank, post)


def test_the_authors_edit_in_between_is_a_conflict(dana, carol, post, bob):
    a_report(dana, post)
    version = case_of(post).version
    discussing.edit(author=bob, post=post, body="Przepraszam.", body_format="markdown")
    with pytest.raises(actions.Conflict):
        decide(carol, post, version=version)


def test_what_the_author_withdrew_cannot_be_hidden_but_warned_about(dana, carol, post, bob):
    a_report(dana, post)
    discussing.withdraw(author=bob, post=post)
    with pytest.raises(Refused):
        decide(carol, post)
    decide(carol, post, Measure.WARN)
    assert state_of(post) == Post.State.WITHDRAWN
    assert Report.objects.get().outcome == Report.Outcome.UPHELD


def test_who_may_not_decide(alice, bob, dana, erin, carol, frank, post):
    a_report(dana, post)
    for each in (alice, bob, dana, erin):
        with pytest.raises(Refused):
            decide(each, post)
    assert rules.may_decide(carol, case_of(post), Measure.HIDE)
    assert rules.may_decide(frank, case_of(post), Measure.HIDE)


def test_nobody_decides_about_their_own_text(carol, dana, thread):
    own = a_reply(carol, thread)
    a_report(dana, own)
    with pytest.raises(Refused):
        decide(carol, own, Measure.LEAVE)


def test_an_elected_moderator_decides_only_where_they_may_read(carol, frank):
    closed = a_thread(carol, a_category(readers=Category.Readers.STAFF))
    reply = a_reply(carol, closed)
    case = actions.open_case(kind="post", subject_pk=reply.pk, reason=Case.Reason.OWN_MOTION)
    assert case not in Case.objects.readable_by(frank)
    assert not rules.may_see_case(frank, case)
    assert rules.may_see_case(carol, case)
    assert (case.title, case.excerpt) == ("", "")  # rows are the same for every moderator


def test_an_elected_moderators_term_ends(frank, dana, carol, post):
    a_report(dana, post)
    term = frank.moderator_terms.get()
    yesterday = timezone.localdate() - timedelta(days=1)
    actions.end_term(staff=carol, term=term, last_day=yesterday)
    frank.refresh_from_db()
    assert not rules.may_moderate(frank)
    assert frank not in rules.who_moderates()


def test_only_staff_appoints(bob, frank):
    with pytest.raises(Refused):
        actions.appoint(
            staff=frank,
            member=bob,
            since=timezone.localdate(),
            until=timezone.localdate(),
            elected_by="ja",
        )


@pytest.mark.parametrize("measure", sorted(RESTRICTIONS - {Measure.REFUSE_HELD}))
def test_a_restriction_needs_a_rule_or_a_law_and_facts(measure, carol, dana, post):
    a_report(dana, post)
    for missing in ({"section": ""}, {"rule_version": None}, {"facts": ""}):
        with pytest.raises(Refused):
            decide(carol, post, measure, **missing)
    decide(carol, post, measure, section="", rule_version=None, law="art. 212 k.k.")
    assert Decision.objects.get().measure == measure


@pytest.mark.parametrize("measure", [Measure.SLOW, Measure.SUSPEND])
def test_what_ends_by_itself_needs_a_moment_to_come(measure, carol, dana, post):
    a_report(dana, post)
    for until in (None, timezone.now() - timedelta(seconds=1)):
        with pytest.raises(Refused):
            decide(carol, post, measure, until=until)


def test_suspending_stops_the_author_until_the_day(carol, dana, post, bob):
    a_report(dana, post)
    decide(carol, post, Measure.SUSPEND)
    bob.refresh_from_db()
    answer = may_speak(bob, None)
    assert not answer
    assert state_of(post) == Post.State.PUBLISHED
    bob.suspended_until = timezone.now() - timedelta(seconds=1)
    assert may_speak(bob, None)


def test_a_newer_suspension_counts_and_undoing_it_brings_the_older_back(carol, post, bob):
    first = found(carol, post, Measure.SUSPEND)
    second = found(carol, post, Measure.SUSPEND, until=timezone.now() + timedelta(days=1))
    assert fresh(bob).suspended_until == second.until
    actions.undo(moderator=carol, decision=second)
    assert fresh(bob).suspended_until == first.until
    actions.undo(moderator=carol, decision=first)
    assert fresh(bob).suspended_until is None


def test_accounts_of_staff_are_not_suspended_here(carol, dana, frank, thread):
    reply = a_reply(carol, thread)
    a_report(dana, reply)
    with pytest.raises(Refused):
        decide(frank, reply, Measure.SUSPEND)


def test_many_at_once_each_for_itself(dana, carol, bob, thread):
    posts = [a_reply(bob, thread, f"spam {n}") for n in range(3)]
    for each in posts:
        a_report(dana, each, Report.Kind.SPAM)
    choices = [(case_of(each), case_of(each).version) for each in posts]
    discussing.edit(author=bob, post=posts[1], body="nie spam", body_format="markdown")
    outcomes = actions.decide_many(moderator=carol, choices=choices, verdict=a_verdict())
    assert [bool(each.done) for each in outcomes] == [True, False, True]
    assert outcomes[1].refusal is not None
    assert [state_of(each) for each in posts] == ["hidden", "published", "hidden"]
    assert list(Decision.objects.values_list("number", flat=True)) == [1, 2]


def test_too_many_at_once_are_refused(carol, dana, post):
    a_report(dana, post)
    choice = (case_of(post), 1)
    with pytest.raises(Refused):
        actions.decide_many(moderator=carol, choices=[choice] * 51, verdict=a_verdict())


def test_how_long_it_waited_is_kept(carol, dana, post):
    a_report(dana, post)
    ago = timezone.now() - timedelta(hours=3)
    Case.objects.update(waiting_since=ago)
    decision = decide(carol, post)
    assert 3 * 3600 <= decision.waited_seconds < 3 * 3600 + 60
