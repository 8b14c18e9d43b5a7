"""A post that its author is to correct: hidden, edited, looked at again."""

import pytest

from forum.discussions import actions as discussing
from forum.discussions import rules
from forum.discussions.models import Post
from forum.lib.answers import Refused
from forum.moderation import actions
from forum.moderation.measures import Measure
from forum.moderation.models import Case
from tests.cast import logged_in
from tests.factories import a_reply
from tests.moderation.world import a_report, case_of, decide, found, fresh, state_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(carol, post):
    found(carol, post, Measure.ASK_CORRECTION)
    return fresh(post)


def correct(author, post, body="Sąsiedzi są mili."):
    return discussing.edit(author=author, post=post, body=body, body_format="markdown")


def test_it_is_hidden_until_it_is_looked_at_again(asked, bob, carol):
    assert not case_of(asked).is_open
    correct(bob, asked)
    assert state_of(asked) == Post.State.CORRECTION
    case = case_of(asked)
    assert case.reason_list == [Case.Reason.CORRECTED]
    assert case.excerpt.startswith("Sąsiedzi są mili")
    decide(carol, asked, Measure.PUBLISH)
    assert state_of(asked) == Post.State.PUBLISHED


def test_an_edit_that_changes_nothing_does_not_bring_it_back(asked, bob):
    correct(bob, asked, asked.source)
    assert not case_of(asked).is_open


def test_each_further_edit_is_a_new_version(asked, bob, carol):
    correct(bob, asked)
    version = case_of(asked).version
    correct(bob, fresh(asked), "Sąsiedzi są bardzo mili.")
    with pytest.raises(actions.Conflict):
        decide(carol, asked, Measure.PUBLISH, version=version)


def test_it_may_be_asked_again_or_hidden_for_good(asked, bob, carol):
    correct(bob, asked)
    decide(carol, asked, Measure.ASK_CORRECTION)
    correct(bob, fresh(asked), "Sąsiedzi są dobrzy.")
    decide(carol, asked, Measure.HIDE)
    assert state_of(asked) == Post.State.HIDDEN
    with pytest.raises(Refused):
        correct(bob, fresh(asked))


def test_it_is_not_left_hidden_without_a_word(asked, bob, carol):
    correct(bob, asked)
    with pytest.raises(Refused):
        decide(carol, asked, Measure.LEAVE)


def test_only_its_author_corrects_it(asked, dana, carol):
    for each in (dana, carol):
        assert not rules.may_edit(each, asked)


def test_the_author_may_withdraw_it_instead(asked, bob):
    discussing.withdraw(author=bob, post=asked)
    assert state_of(asked) == Post.State.WITHDRAWN


def test_the_page_of_the_post_asks_for_it(asked, bob, dana):
    page = logged_in(bob).get(f"/posts/{asked.pk}/").content.decode()
    assert f'href="/posts/{asked.pk}/edit/"' in page
    assert (
        f'href="/posts/{asked.pk}/edit/"'
        not in logged_in(dana).get(f"/posts/{asked.pk}/").content.decode()
    )


def test_undoing_the_request_shows_it_as_it_is(carol, post, bob):
    decision = found(carol, post, Measure.ASK_CORRECTION)
    correct(bob, fresh(post))
    actions.undo(moderator=carol, decision=decision)
    assert state_of(post) == Post.State.PUBLISHED


def test_withdrawing_while_a_case_is_open_leaves_it_at_the_desk(dana, bob, thread):
    own = a_reply(bob, thread)
    a_report(dana, own)
    version = case_of(own).version
    discussing.withdraw(author=bob, post=own)
    case = case_of(own)
    assert case.is_open
    assert case.version == version + 1
