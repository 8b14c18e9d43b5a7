"""Rules, verbs and the stream say the same, for everybody."""

import pytest
from django.contrib.auth.models import AnonymousUser

from forum.categories.models import Category
from forum.moderation import actions, rules
from forum.moderation.live import DeskStream
from forum.moderation.models import DESK_PK, Case, Decision
from tests.factories import a_category, a_reply, a_thread
from tests.moderation.world import a_report, decide

pytestmark = pytest.mark.django_db


@pytest.fixture
def everybody(alice, bob, carol, dana, erin, frank):
    return [AnonymousUser(), alice, bob, carol, dana, erin, frank]


def test_who_moderates(everybody):
    moderating = {viewer for viewer in everybody if rules.may_moderate(viewer)}
    assert moderating <= set(rules.who_moderates())
    assert moderating == {v for v in everybody if DeskStream().may_listen(v, DESK_PK)}
    assert len(moderating) == 2


def test_which_cases(everybody, carol):
    cases = []
    for readers in Category.Readers.values:
        reply = a_reply(carol, a_thread(carol, a_category(readers=readers)))
        reason = Case.Reason.OWN_MOTION
        cases.append(actions.open_case(kind="post", subject_pk=reply.pk, reason=reason))
    seen = 0
    for viewer in everybody:
        listed = Case.objects.readable_by(viewer) if rules.may_moderate(viewer) else []
        for case in cases:
            answer = bool(rules.may_see_case(viewer, case))
            assert answer == (case in listed)
            seen += answer
    assert 0 < seen < len(cases) * 2


def test_which_decisions(everybody, carol, dana, alice, bob, thread):
    for reporter in (dana, alice):
        reply = a_reply(bob, thread)
        a_report(reporter, reply)
        decide(carol, reply)
    for viewer in everybody:
        own = Decision.objects.readable_by(viewer)
        for decision in Decision.objects.all():
            answer = bool(rules.may_read_outcome(viewer, decision))
            assert answer == (decision in own or bool(rules.may_moderate(viewer)))
