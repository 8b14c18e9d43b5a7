"""Several at once: what is decided, undone, confirmed, moved and erased in the same moment."""

import pytest

from accounts import erasing
from accounts.models import User
from accounts.personal_data import Texts
from forum.discussions import actions as discussing
from forum.discussions.models import Post
from forum.moderation import actions, chain
from forum.moderation.measures import Measure
from forum.moderation.models import Appeal, Case, Decision, Proposal, Report
from tests.cast import a_member
from tests.factories import a_reply, a_thread
from tests.moderation.world import (
    a_clerk,
    a_report,
    a_verdict,
    at_once,
    case_of,
    decide,
    found,
    fresh,
    numbers,
    state_of,
)

pytestmark = pytest.mark.django_db(transaction=True)


def assert_sealed():
    assert numbers() == list(range(1, Decision.objects.count() + 1))
    assert chain.first_broken() is None


def test_two_moderators_decide_one_version(dana, carol, frank, post):
    a_report(dana, post)
    version = case_of(post).version
    outcomes = at_once(
        lambda: decide(carol, post, Measure.HIDE, version=version),
        lambda: decide(frank, post, Measure.LEAVE, version=version),
    )
    assert outcomes.count("refused") == 1
    assert Decision.objects.count() == 1
    assert_sealed()


def test_two_moderators_and_one_undo(carol, frank, post):
    decision = found(carol, post)
    outcomes = at_once(
        lambda: actions.undo(moderator=carol, decision=fresh(decision)),
        lambda: actions.undo(moderator=frank, decision=fresh(decision)),
    )
    assert outcomes.count("refused") == 1
    assert Decision.objects.filter(undoes=decision).count() == 1
    assert state_of(post) == Post.State.PUBLISHED
    assert_sealed()


def test_an_undo_and_an_answer_to_the_appeal(carol, frank, post, bob):
    decision = found(carol, post)
    appeal = actions.appeal(member=bob, decision=decision, words="x")
    at_once(
        lambda: actions.undo(moderator=carol, decision=fresh(decision)),
        lambda: actions.answer_appeal(
            moderator=frank, appeal=fresh(appeal), upheld=True, own_words="x"
        ),
    )
    assert Decision.objects.filter(undoes=decision).count() == 1
    assert fresh(appeal).outcome == Appeal.Outcome.UPHELD
    assert_sealed()


def test_a_proposal_confirmed_twice(carol, dana, post, frank):
    other = a_clerk()
    a_report(dana, post, says_about_office=True)
    proposal = decide(frank, post)
    outcomes = at_once(
        lambda: actions.confirm(moderator=carol, proposal=fresh(proposal)),
        lambda: actions.confirm(moderator=other, proposal=fresh(proposal)),
        lambda: actions.decline(moderator=carol, proposal=fresh(proposal)),
    )
    assert outcomes.count("refused") == 2
    assert Decision.objects.count() <= 1
    confirmed = fresh(proposal).state == Proposal.State.CONFIRMED
    assert (state_of(post) == Post.State.HIDDEN) == confirmed
    assert_sealed()


def test_two_proposals_at_once(carol, frank, dana, post):
    a_report(dana, post, says_about_office=True)
    version = case_of(post).version
    outcomes = at_once(
        lambda: decide(carol, post, version=version),
        lambda: decide(frank, post, version=version),
    )
    assert outcomes.count("refused") == 1
    assert Proposal.objects.count() == 1


def test_two_appeals_against_one_decision(carol, dana, alice, post):
    for each in (dana, alice):
        a_report(each, post)
    decision = decide(carol, post, Measure.LEAVE)
    outcomes = at_once(
        *[
            lambda member=member: actions.appeal(member=member, decision=decision, words="x")
            for member in (dana, alice)
        ]
    )
    assert outcomes.count("refused") == 1
    assert Appeal.objects.count() == 1


def test_a_decision_on_a_thread_that_is_just_merged(dana, carol, frank, alice, post, thread):
    into = a_thread(alice)
    a_report(dana, post)
    at_once(
        lambda: discussing.merge(staff=carol, thread=fresh(thread), into=fresh(into)),
        lambda: decide(frank, post),
    )
    moved = fresh(post)
    assert moved.thread == into
    # Hidden before it moved, or afterwards by a second look; never half of either.
    if moved.state == Post.State.PUBLISHED:
        decide(frank, post)
    assert state_of(post) == Post.State.HIDDEN
    assert Post.objects.filter(thread=thread).exclude(state=Post.State.MOVED).count() == 0
    assert_sealed()


def test_merging_from_the_desk_while_others_reply_and_decide(dana, carol, frank, alice, bob, post):
    thread, into = post.thread, a_thread(alice)
    second = a_reply(bob, thread, "drugi")
    for each in (post, second):
        a_report(dana, each)
    at_once(
        lambda: decide(carol, post, Measure.MERGE, place={"into": into.pk}),
        lambda: decide(frank, second),
        lambda: a_reply(alice, fresh(thread)),
        lambda: a_reply(dana, fresh(into)),
    )
    assert fresh(thread).merged_into == into
    assert_sealed()


def test_two_mergings_from_the_desk_that_cross(dana, carol, alice, bob, post):
    other = a_reply(bob, a_thread(alice), "tam")
    for each in (post, other):
        a_report(dana, each)
    clerk = a_clerk()
    at_once(
        lambda: decide(carol, post, Measure.MERGE, place={"into": other.thread_id}),
        lambda: decide(clerk, other, Measure.MERGE, place={"into": post.thread_id}),
    )
    threads = [fresh(post.thread), fresh(other.thread)]
    assert sum(each.merged_into_id is not None for each in threads) == 1
    assert Decision.objects.count() == 1
    assert_sealed()


def test_the_author_is_erased_meanwhile(dana, carol, post, bob):
    a_report(dana, post)
    at_once(
        lambda: decide(carol, post),
        lambda: erasing.erase_account(member=fresh(bob), texts=Texts.KEEP),
    )
    assert fresh(bob).erased_at is not None
    # Hidden first, and emptied by the erasure; or erased first, and nothing decided on what the
    # moderator had seen before.
    was_decided = Decision.objects.exists()
    assert state_of(post) == (Post.State.WITHDRAWN if was_decided else Post.State.PUBLISHED)
    assert_sealed()


def test_the_author_is_erased_while_being_suspended(dana, carol, post, bob):
    a_report(dana, post)
    at_once(
        lambda: decide(carol, post, Measure.SUSPEND),
        lambda: erasing.erase_account(member=fresh(bob), texts=Texts.WITHDRAW),
    )
    erased = fresh(bob)
    assert erased.erased_at is not None
    assert erased.suspended_until is None
    assert_sealed()


def test_the_author_writes_while_being_suspended_and_hidden(dana, carol, frank, post, bob, alice):
    other = a_reply(bob, a_thread(alice), "gdzie indziej")
    for each in (post, other):
        a_report(dana, each)
    at_once(
        lambda: decide(carol, post, Measure.SUSPEND),
        lambda: decide(frank, other),
        lambda: a_reply(User.objects.get(pk=bob.pk), fresh(post.thread), "jeszcze"),
        lambda: a_reply(User.objects.get(pk=bob.pk), fresh(other.thread), "i tu"),
    )
    assert fresh(bob).is_suspended
    assert state_of(other) == Post.State.HIDDEN
    assert_sealed()


def test_the_author_edits_and_withdraws_while_it_is_decided(dana, carol, post, bob):
    a_report(dana, post)
    at_once(
        lambda: decide(carol, post, Measure.ASK_CORRECTION),
        lambda: discussing.edit(
            author=bob, post=fresh(post), body="inaczej", body_format="markdown"
        ),
    )
    case = case_of(post)
    if state_of(post) == Post.State.CORRECTION and fresh(post).edited_at is not None:
        assert case.is_open
    assert_sealed()


def test_the_office_withdraws_an_answer_while_another_is_hidden(carol, frank, dana, starostwo):
    thread = a_thread(dana)
    answers = [a_reply(carol, thread, f"stanowisko {n}", voice=starostwo) for n in range(2)]
    elsewhere = a_reply(carol, a_thread(dana, thread.category), "inne", voice=starostwo)
    for each in (*answers, elsewhere):
        a_report(dana, each)
    at_once(
        lambda: discussing.withdraw(author=carol, post=fresh(answers[0])),
        lambda: decide(frank, answers[1]),
        lambda: decide(frank, elsewhere),
    )
    assert not fresh(thread).has_official_answer
    assert not fresh(elsewhere.thread).has_official_answer
    assert_sealed()


def test_a_flood_of_reports(post):
    members = [a_member(f"Osoba{n}", "Testowa") for n in range(6)]
    at_once(*[lambda member=member: a_report(member, post) for member in members * 2])
    case = case_of(post)
    assert Case.objects.count() == 1
    assert Report.objects.open().filter(case=case).count() == 6
    assert case.seq == 6


def test_reports_while_it_is_hidden(dana, alice, carol, post):
    a_report(dana, post)
    at_once(lambda: decide(carol, post), lambda: a_report(alice, post))
    if state_of(post) == Post.State.HIDDEN:
        # A report that came too late opened nothing again.
        assert not case_of(post).is_open
    assert_sealed()


def test_one_leases_it_and_the_other_sees_that(dana, carol, frank, post):
    a_report(dana, post)
    case = case_of(post)
    shown = at_once(
        lambda: actions.take_lease(moderator=carol, case=case).lease_by_id,
        lambda: actions.take_lease(moderator=frank, case=case).lease_by_id,
    )
    assert len(set(shown)) == 1


def test_many_decisions_at_once_leave_no_gap(carol, frank, bob, thread):
    posts = [a_reply(bob, thread, f"wpis {n}") for n in range(6)]
    for each in posts:
        actions.look_into(moderator=carol, kind="post", subject_pk=each.pk)
    choices = [(case_of(each), case_of(each).version) for each in posts]
    at_once(
        lambda: actions.decide_many(moderator=carol, choices=choices[:4], verdict=a_verdict()),
        lambda: actions.decide_many(moderator=frank, choices=choices[2:], verdict=a_verdict()),
    )
    assert Decision.objects.count() == 6
    assert_sealed()
