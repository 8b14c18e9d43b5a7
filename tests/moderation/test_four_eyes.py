"""Content about the office: two people, one of them elected by the organizations."""

import pytest

from forum.discussions import actions as discussing
from forum.discussions.models import Post
from forum.lib.answers import Refused
from forum.moderation import actions, rules
from forum.moderation.measures import GUARDED, Measure
from forum.moderation.models import Case, Decision, Proposal
from tests.cast import a_mandate
from tests.factories import a_category, a_reply, a_thread
from tests.moderation.world import a_clerk, a_report, an_elected, case_of, decide, fresh, state_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def reported(dana, post):
    a_report(dana, post, says_about_office=True)
    return post


def test_the_office_alone_only_proposes(carol, reported):
    proposal = decide(carol, reported)
    assert isinstance(proposal, Proposal)
    assert state_of(reported) == Post.State.PUBLISHED
    assert case_of(reported).state == Case.State.SECOND_OPINION
    assert not Decision.objects.exists()


def test_an_elected_moderator_confirms(carol, frank, reported):
    proposal = decide(carol, reported)
    decision = actions.confirm(moderator=frank, proposal=proposal)
    assert state_of(reported) == Post.State.HIDDEN
    assert (decision.decided_by, decision.second) == (carol, frank)
    assert decision.is_about_office
    assert fresh(proposal).state == Proposal.State.CONFIRMED
    assert not case_of(reported).is_open


def test_an_elected_moderator_needs_a_second_person_too(carol, frank, reported):
    proposal = decide(frank, reported)
    assert isinstance(proposal, Proposal)
    actions.confirm(moderator=carol, proposal=proposal)
    assert state_of(reported) == Post.State.HIDDEN


def test_nobody_confirms_their_own_proposal(carol, frank, reported):
    for each in (carol, frank):
        proposal = decide(each, reported)
        with pytest.raises(Refused):
            actions.confirm(moderator=each, proposal=proposal)
        actions.withdraw_proposal(moderator=each, proposal=proposal)
    assert state_of(reported) == Post.State.PUBLISHED


def test_two_of_the_office_are_not_enough(carol, reported):
    proposal = decide(carol, reported)
    with pytest.raises(Refused):
        actions.confirm(moderator=a_clerk(), proposal=proposal)
    assert not rules.may_confirm(a_clerk(), proposal)


def test_an_elected_moderator_of_the_office_counts_as_the_office(carol, reported, starostwo):
    clerk = an_elected("Zofia", "Urzędowa")
    a_mandate(clerk, starostwo)
    assert rules.may_moderate(clerk)
    assert not rules.is_elected(clerk)
    proposal = decide(carol, reported)
    with pytest.raises(Refused):
        actions.confirm(moderator=clerk, proposal=proposal)


def test_declining_lets_the_case_wait_again(carol, frank, reported):
    proposal = decide(carol, reported)
    actions.decline(moderator=frank, proposal=proposal, answer="To krytyka, nie obraza.")
    assert case_of(reported).state == Case.State.WAITING
    assert fresh(proposal).answer == "To krytyka, nie obraza."
    with pytest.raises(Refused):
        actions.confirm(moderator=frank, proposal=proposal)


def test_while_a_proposal_waits_nobody_decides(carol, frank, reported):
    decide(carol, reported)
    with pytest.raises(Refused):
        decide(frank, reported, Measure.LEAVE)


def test_leaving_it_needs_nobody_else(carol, reported):
    assert isinstance(decide(carol, reported, Measure.LEAVE), Decision)


@pytest.mark.parametrize("measure", sorted(GUARDED))
def test_what_takes_something_needs_two(measure):
    assert rules.needs_second(Case(is_about_office=True), measure)
    assert not rules.needs_second(Case(is_about_office=False), measure)


def test_what_was_withdrawn_meanwhile_cannot_be_confirmed(carol, frank, reported, bob):
    proposal = decide(carol, reported)
    discussing.withdraw(author=bob, post=reported)
    with pytest.raises(Refused):
        actions.confirm(moderator=frank, proposal=proposal)
    assert fresh(proposal).state == Proposal.State.OPEN
    actions.decline(moderator=frank, proposal=proposal)


def test_who_may_confirm_is_told_by_mail_and_nobody_else(carol, frank, reported, mailoutbox):
    a_clerk()
    decide(carol, reported)
    assert [each.to for each in mailoutbox] == [[frank.email]]


def test_the_author_who_moderates_confirms_nothing(carol, dana, thread):
    author = an_elected("Henryk", "Sowa")
    own = a_reply(author, thread)
    a_report(dana, own, says_about_office=True)
    proposal = decide(carol, own)
    with pytest.raises(Refused):
        actions.confirm(moderator=author, proposal=proposal)


def test_staff_alone_does_not_move_it_where_few_read(carol, frank, reported, thread, category):
    staff_only = a_category(readers="staff")
    hidden_away = a_thread(carol, staff_only)
    with pytest.raises(Refused):
        discussing.move(staff=carol, thread=thread, category=staff_only)
    with pytest.raises(Refused):
        discussing.merge(staff=carol, thread=thread, into=hidden_away)
    with pytest.raises(Refused):
        discussing.split(
            staff=carol,
            thread=thread,
            numbers=[reported.number],
            title="Osobno",
            category=staff_only,
        )
    assert fresh(thread).category == category


def test_staff_alone_moves_it_where_as_many_read(carol, reported, thread):
    other = a_category("Inne")
    discussing.move(staff=carol, thread=thread, category=other)
    assert fresh(thread).category == other


def test_two_may_move_it_where_few_read(carol, frank, reported, thread):
    staff_only = a_category(readers="staff")
    proposal = decide(carol, reported, Measure.MOVE, place={"category": staff_only.pk})
    actions.confirm(moderator=frank, proposal=proposal)
    assert fresh(thread).category == staff_only
