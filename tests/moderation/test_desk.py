"""The live queue: leases that expire by themselves, and a stream that only moderators hear."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from forum.categories.models import Category
from forum.discussions import actions as discussing
from forum.lib.answers import Refused
from forum.live import streams
from forum.live.streams import CHANGES_LIMIT
from forum.moderation import actions
from forum.moderation.actions.leasing import LEASE
from forum.moderation.live import STREAM, DeskStream
from forum.moderation.measures import Measure
from forum.moderation.models import DESK_PK, Case, Desk
from tests.factories import a_category, a_reply, a_thread
from tests.moderation.world import SECRET, a_report, case_of, decide, fresh

pytestmark = pytest.mark.django_db


def lease(moderator, post):
    return actions.take_lease(moderator=moderator, case=case_of(post))


def test_who_opens_a_case_first_is_shown_to_the_others(dana, carol, frank, post):
    a_report(dana, post)
    assert lease(carol, post).lease_by == carol
    assert lease(frank, post).lease_by == carol
    row = DeskStream().changes(DESK_PK, 0).html
    assert carol.display_name in row


def test_a_lease_expires_by_itself(dana, carol, frank, post):
    a_report(dana, post)
    lease(carol, post)
    with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1)):
        assert not case_of(post).is_leased
        assert lease(frank, post).lease_by == frank


def test_renewing_prolongs_it_and_writes_only_when_it_must(dana, carol, post):
    a_report(dana, post)
    first = lease(carol, post)
    seq = Desk.objects.get().seq
    assert actions.renew_lease(moderator=carol, case=first).lease_until == first.lease_until
    assert Desk.objects.get().seq == seq
    with time_machine.travel(timezone.now() + timedelta(seconds=90)):
        assert actions.renew_lease(moderator=carol, case=first).lease_until > first.lease_until
    assert Desk.objects.get().seq == seq + 1


def test_it_is_released_by_who_has_it(dana, carol, frank, post):
    a_report(dana, post)
    case = lease(carol, post)
    actions.release_lease(moderator=frank, case=case)
    assert fresh(case).lease_by == carol
    actions.release_lease(moderator=carol, case=case)
    assert fresh(case).lease_by is None


def test_a_lease_raises_no_version_and_keeps_nobody_from_deciding(dana, carol, frank, post):
    a_report(dana, post)
    version = case_of(post).version
    lease(carol, post)
    decide(frank, post, Measure.LEAVE, version=version)
    assert case_of(post).lease_by is None


def test_others_take_no_lease(dana, bob, post):
    a_report(dana, post)
    with pytest.raises(Refused):
        lease(bob, post)


def test_only_moderators_listen(alice, bob, carol, dana, erin, frank):
    listening = [
        each
        for each in (AnonymousUser(), alice, bob, carol, dana, erin, frank)
        if DeskStream().may_listen(each, DESK_PK)
    ]
    assert listening == [carol, frank]
    assert not DeskStream().may_listen(carol, 2)


def test_the_stream_is_known_by_its_name(dana, post):
    assert streams.numbers([STREAM]) == {STREAM: 0}
    a_report(dana, post)
    assert streams.numbers([STREAM]) == {STREAM: 1}


def test_each_change_has_a_number_and_its_row(dana, alice, carol, post, thread, bob):
    a_report(dana, post)
    other = a_reply(bob, thread)
    a_report(alice, other)
    seen = Desk.objects.get().seq
    decide(carol, post)
    changes = DeskStream().changes(DESK_PK, seen)
    assert changes.seq == seen + 1
    assert f'id="case-{case_of(post).pk}"' in changes.html
    assert f'id="case-{case_of(other).pk}"' not in changes.html
    assert DeskStream().changes(DESK_PK, changes.seq).html == ""


def test_many_changes_come_in_parts(dana, post, bob, thread):
    a_report(dana, post)
    cases = [Case(kind="post", subject_pk=10**6 + n, seq=n + 2) for n in range(CHANGES_LIMIT + 5)]
    Case.objects.bulk_create(cases)
    Desk.objects.update(seq=CHANGES_LIMIT + 10)
    first = DeskStream().changes(DESK_PK, 0)
    assert first.more
    rest = DeskStream().changes(DESK_PK, first.seq)
    assert not rest.more
    assert rest.seq == CHANGES_LIMIT + 10


def test_a_row_names_nothing_that_some_moderator_may_not_read(carol, frank):
    closed = a_category(readers=Category.Readers.STAFF)
    thread = a_thread(carol, closed, title=f"Tytuł {SECRET}")
    reply = a_reply(carol, thread, SECRET)
    actions.open_case(kind="post", subject_pk=reply.pk, reason=Case.Reason.OWN_MOTION)
    assert SECRET not in DeskStream().changes(DESK_PK, 0).html


def test_a_row_forgets_what_moved_to_where_some_may_not_read(carol, dana, post, thread):
    a_report(dana, post)
    assert thread.title in DeskStream().changes(DESK_PK, 0).html
    discussing.move(staff=carol, thread=thread, category=a_category(readers="staff"))
    assert thread.title not in DeskStream().changes(DESK_PK, 0).html


def test_the_counts(dana, alice, carol, post, bob, thread):
    a_report(dana, post)
    other = a_reply(bob, thread)
    a_report(alice, other, says_about_office=True)
    decide(carol, other)
    counts = Case.objects.counts()
    assert (counts["all"], counts["reported"], counts["second"]) == (2, 2, 1)
    assert counts["oldest"] == case_of(post).waiting_since
    assert list(Case.objects.waiting_for(Case.Reason.HELD)) == []


def test_a_list_costs_one_query(dana, alice, bob, thread, django_assert_num_queries):
    for n in range(4):
        a_report(dana, a_reply(bob, thread, f"wpis {n}"))
    with django_assert_num_queries(1):
        for case in Case.objects.open().for_listing().most_urgent_first():
            assert (case.reports_count, case.reports_kind) == (1, "offensive")
            assert case.author.display_name
