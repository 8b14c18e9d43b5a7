"""Members are told of decisions about them, reporters of outcomes, moderators of what waits."""

import pytest

from forum.moderation import actions
from forum.moderation.measures import Measure
from forum.notifications import kinds
from forum.notifications.models import Notification
from tests.cast import logged_in
from tests.moderation.world import a_report, case_of, decide
from tests.notifications.world import told

pytestmark = pytest.mark.django_db


def of_moderation(member):
    names = {"decision", "appeal_answered", "report_answered", "desk"}
    return [(kind, count) for kind, count in told(member) if kind in names]


def words_for(member, kind):
    row = Notification.objects.select_related("last_event").get(user=member, kind=kind)
    return kinds.get(kind).words([row])[row.pk]


def test_the_author_and_the_reporter_are_told_and_nobody_else(alice, bob, carol, dana, post):
    a_report(dana, post)
    assert of_moderation(bob) == of_moderation(dana) == []
    decision = decide(carol, post)
    assert of_moderation(bob) == [("decision", 1)]
    assert of_moderation(dana) == [("report_answered", 1)]
    assert of_moderation(alice) == []
    for member, kind in ((bob, "decision"), (dana, "report_answered")):
        told_of = words_for(member, kind)
        assert told_of.url == decision.get_absolute_url()
        assert logged_in(member).get(told_of.url).status_code == 200


def test_the_author_is_not_told_where_nothing_changes_for_them(bob, carol, dana, post):
    a_report(dana, post)
    decide(carol, post, Measure.LEAVE)
    assert of_moderation(bob) == []
    assert of_moderation(dana) == [("report_answered", 1)]


def test_a_decision_taken_back_is_told(bob, carol, dana, post):
    a_report(dana, post)
    first = decide(carol, post)
    actions.undo(moderator=carol, decision=first, own_words="Pomyłka.")
    assert of_moderation(bob) == [("decision", 1), ("decision", 1)]


def test_an_appeal_of_a_reporter_is_told_to_them_alone(bob, carol, dana, frank, post):
    a_report(dana, post)
    left = decide(carol, post, Measure.LEAVE)
    appeal = actions.appeal(member=dana, decision=left, words="To obraża mnie.")
    actions.answer_appeal(moderator=frank, appeal=appeal, upheld=True, own_words="Racja.")
    # The report waits again: the earlier answer to it tells of nothing any more.
    assert of_moderation(dana) == [("appeal_answered", 1)]
    assert logged_in(dana).get(words_for(dana, "appeal_answered").url).status_code == 200
    assert of_moderation(bob) == []  # nothing has changed for them yet


def test_an_appeal_that_is_not_granted_is_told(bob, carol, dana, frank, post):
    a_report(dana, post)
    appeal = actions.appeal(member=bob, decision=decide(carol, post), words="To był cytat.")
    actions.answer_appeal(moderator=frank, appeal=appeal, upheld=False, own_words="Nie.")
    assert of_moderation(bob) == [("decision", 1), ("appeal_answered", 1)]


def test_whoever_moderates_is_told_that_something_waits_until_it_is_decided(
    bob, carol, dana, frank, post
):
    a_report(dana, post)
    for moderator in (carol, frank):
        assert of_moderation(moderator) == [("desk", 1)]
        assert logged_in(moderator).get(words_for(moderator, "desk").url).status_code in (200, 302)
    assert of_moderation(bob) == of_moderation(dana) == []
    decide(carol, post, Measure.LEAVE)
    assert not case_of(post).is_open
    assert of_moderation(frank) == []


def test_two_cases_are_one_notification(alice, carol, dana, post, thread):
    a_report(dana, post)
    a_report(dana, thread.posts.get(number=1))
    assert of_moderation(carol) == [("desk", 2)]
    assert "2" in words_for(carol, "desk").title
