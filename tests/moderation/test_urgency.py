"""What presses more stands higher; who was right before weighs more; nobody is forgotten."""

from datetime import timedelta

import pytest
from django.utils import timezone

from forum.moderation.measures import Measure
from forum.moderation.models import Case, Report
from forum.moderation.urgency import MAX_POINTS, accuracies, accuracy, points
from tests.factories import a_reply
from tests.moderation.world import a_report, case_of, decide

Kind = Report.Kind


@pytest.mark.parametrize(
    ("upheld", "dismissed", "expected"),
    [(0, 0, 0.5), (1, 0, 2 / 3), (0, 1, 1 / 3), (8, 0, 0.9), (0, 8, 0.1), (4, 4, 0.5)],
)
def test_accuracy_is_smoothed(upheld, dismissed, expected):
    assert accuracy(upheld, dismissed) == pytest.approx(expected)


def reports(*kinds, reporter_id=1):
    return [Report(kind=kind, reporter_id=reporter_id) for kind in kinds]


def test_the_gravest_kind_counts_most():
    assert points(reports(Kind.UNLAWFUL), [], {}) > points(reports(Kind.SPAM), [], {})
    assert points(reports(Kind.CHILD_ABUSE), [], {}) == MAX_POINTS


def test_who_was_right_weighs_more_than_who_was_not():
    one = reports(Kind.OFFENSIVE)
    assert points(one, [], {1: 0.9}) > points(one, [], {}) > points(one, [], {1: 0.1})


def test_a_flood_of_reports_does_not_grow_without_end():
    assert points(reports(*[Kind.OFF_TOPIC] * 500), [], {}) == MAX_POINTS
    few = points(reports(Kind.OFF_TOPIC, Kind.OFF_TOPIC), [], {})
    assert few < 2 * points(reports(Kind.OFF_TOPIC), [], {})


@pytest.mark.django_db
def test_accuracy_comes_from_outcomes(dana, alice, bob, carol, thread):
    for measure in (Measure.HIDE, Measure.HIDE, Measure.LEAVE):
        post = a_reply(bob, thread)
        a_report(dana, post)
        decide(carol, post, measure)
    assert accuracies([dana.pk, alice.pk]) == {dana.pk: pytest.approx(3 / 5)}


@pytest.mark.django_db
def test_the_queue_is_sorted_by_urgency_and_age(dana, bob, thread):
    spam, unlawful, old = (a_reply(bob, thread, f"wpis {n}") for n in range(3))
    a_report(dana, spam, Kind.SPAM)
    a_report(dana, unlawful, Kind.UNLAWFUL)
    a_report(dana, old, Kind.OFF_TOPIC)
    long_ago = timezone.now() - timedelta(days=10)
    Case.objects.filter(pk=case_of(old).pk).update(
        waiting_since=long_ago, due_at=long_ago - timedelta(hours=case_of(old).urgency)
    )
    queue = [case.subject_pk for case in Case.objects.open().most_urgent_first()]
    assert queue == [old.pk, unlawful.pk, spam.pk]


@pytest.mark.django_db
def test_a_case_waits_from_when_it_was_opened_again(dana, alice, carol, post):
    a_report(dana, post)
    before = case_of(post).waiting_since
    a_report(alice, post)
    assert case_of(post).waiting_since == before
    decide(carol, post, Measure.LEAVE)
    a_report(alice, post)
    assert case_of(post).waiting_since > before
