"""Appeals: once per decision, in time, answered by somebody who took no part."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.rules import may_speak
from forum.discussions.models import Post
from forum.lib.answers import Refused
from forum.moderation import actions, rules
from forum.moderation.measures import Measure
from forum.moderation.models import Appeal, Case, Decision, Report
from tests.moderation.world import a_clerk, a_report, case_of, decide, found, fresh, state_of

pytestmark = pytest.mark.django_db


def appeal_of(member, decision, words="To była krytyka."):
    return actions.appeal(member=member, decision=decision, words=words)


def answer(moderator, appeal, *, upheld, **fields):
    return actions.answer_appeal(
        moderator=moderator, appeal=appeal, upheld=upheld, own_words="Po namyśle.", **fields
    )


def test_an_appeal_waits_at_the_desk(carol, post, bob):
    appeal = appeal_of(bob, found(carol, post))
    case = case_of(post)
    assert case.is_open
    assert case.reason_list == [Case.Reason.APPEAL]
    assert appeal.is_open


def test_granting_it_restores_everything(carol, frank, dana, post, bob):
    a_report(dana, post)
    decision = decide(carol, post)
    restored = answer(frank, appeal_of(bob, decision), upheld=True)
    assert state_of(post) == Post.State.PUBLISHED
    assert (restored.measure, restored.undoes) == (Measure.RESTORE, decision)
    assert Appeal.objects.get().outcome == Appeal.Outcome.UPHELD
    assert Report.objects.get().outcome == Report.Outcome.DISMISSED
    assert not case_of(post).is_open


def test_a_suspended_member_appeals_and_speaks_again(carol, frank, post, bob):
    decision = found(carol, post, Measure.SUSPEND)
    bob.refresh_from_db()
    assert not may_speak(bob, None)
    answer(frank, appeal_of(bob, decision), upheld=True)
    bob.refresh_from_db()
    assert may_speak(bob, None)


def test_not_granting_it_is_a_decision_too(carol, frank, post, bob):
    appeal = appeal_of(bob, found(carol, post))
    stands = answer(frank, appeal, upheld=False)
    assert state_of(post) == Post.State.HIDDEN
    assert (stands.number, stands.measure) == (2, Measure.STAND)
    assert fresh(appeal).answer == stands
    assert not case_of(post).is_open


def test_there_is_one_appeal_per_decision(carol, frank, post, bob):
    decision = found(carol, post)
    answer(frank, appeal_of(bob, decision), upheld=False)
    with pytest.raises(Refused):
        appeal_of(bob, decision)


def test_the_time_for_it_passes(carol, post, bob, settings):
    decision = found(carol, post)
    settings.APPEAL_DAYS = 0
    with pytest.raises(Refused):
        appeal_of(bob, decision)
    settings.APPEAL_DAYS = 183
    assert decision.appeal_until - timezone.now() > timedelta(days=182)
    assert rules.may_appeal(bob, decision)


def test_who_is_not_concerned_does_not_appeal(carol, alice, dana, post):
    decision = found(carol, post)
    for each in (alice, dana):
        assert not rules.may_appeal(each, decision)


def test_what_was_undone_is_appealed_no_more(carol, post, bob):
    decision = found(carol, post)
    actions.undo(moderator=carol, decision=decision)
    with pytest.raises(Refused):
        appeal_of(bob, decision)


def test_the_decider_and_the_seconder_do_not_answer(carol, frank, dana, post, bob):
    a_report(dana, post, says_about_office=True)
    decision = actions.confirm(moderator=frank, proposal=decide(carol, post))
    appeal = appeal_of(bob, decision)
    for each in (carol, frank, bob):
        with pytest.raises(Refused):
            answer(each, appeal, upheld=False)
    answer(a_clerk(), appeal, upheld=True)
    assert state_of(post) == Post.State.PUBLISHED


def test_who_reported_in_vain_appeals_and_the_report_waits_again(carol, frank, dana, post):
    a_report(dana, post)
    decision = decide(carol, post, Measure.LEAVE)
    answer(frank, appeal_of(dana, decision), upheld=True)
    case = case_of(post)
    assert case.is_open
    assert Report.objects.get().outcome == Report.Outcome.OPEN
    decide(frank, post, Measure.HIDE)
    assert state_of(post) == Post.State.HIDDEN


def test_deciding_on_the_case_does_not_lose_the_appeal(carol, frank, dana, post, bob):
    decision = found(carol, post, Measure.WARN)
    appeal_of(bob, decision)
    a_report(dana, post)
    decide(carol, post, Measure.LEAVE)
    case = case_of(post)
    assert case.reason_list == [Case.Reason.APPEAL]
    assert case.is_open


def test_an_answer_on_another_version_is_a_conflict(carol, frank, post, bob):
    appeal = appeal_of(bob, found(carol, post))
    with pytest.raises(actions.Conflict):
        answer(frank, appeal, upheld=True, case_version=1)
    answer(frank, appeal, upheld=True, case_version=case_of(post).version)


def test_a_decision_undone_while_the_appeal_waited_stays_undone(carol, frank, post, bob):
    decision = found(carol, post)
    appeal = appeal_of(bob, decision)
    actions.undo(moderator=carol, decision=decision)
    answer(frank, appeal, upheld=True)
    assert state_of(post) == Post.State.PUBLISHED
    assert Decision.objects.filter(undoes=decision).count() == 1
