"""Editing, withdrawing and reacting."""

import pytest
from django.utils import timezone

from forum.discussions import actions
from forum.discussions.models import Post, Reaction
from forum.lib.answers import Refused
from tests.factories import a_reaction, a_reply, a_thread

pytestmark = pytest.mark.django_db
THANK = Reaction.Kind.THANK


def edit(author, post, body="Poprawka."):
    return actions.edit(author=author, post=post, body=body, body_format="markdown")


def test_an_edit_changes_the_text_and_says_so(bob):
    post = a_reply(bob, a_thread(bob))
    assert post.edited_at is None

    changed = edit(bob, post, "Wtorki *i* czwartki.")

    assert "<em>i</em>" in changed.html
    assert changed.edited_at is not None
    assert changed.seq == changed.thread.seq == 3


def test_nobody_edits_anothers_post(alice, bob, carol):
    post = a_reply(bob, a_thread(bob))
    for other in (alice, carol):
        with pytest.raises(Refused):
            edit(other, post)
    post.refresh_from_db()
    assert post.edited_at is None


def test_an_organizations_words_need_a_mandate_to_be_changed(alice, fundacja):
    post = a_reply(alice, a_thread(alice), voice=fundacja)
    edit(alice, post)
    alice.mandates.update(revoked_at=timezone.now())

    with pytest.raises(Refused):
        edit(alice, post)
    with pytest.raises(Refused):
        actions.withdraw(author=alice, post=post)


def test_an_own_post_is_withdrawn_where_one_may_write_no_more(bob):
    post = a_reply(bob, a_thread(bob))
    category = post.thread.category
    category.writers = category.Writers.STAFF
    category.save()
    with pytest.raises(Refused):
        edit(bob, post)
    assert actions.withdraw(author=bob, post=post).is_withdrawn


def test_the_mark_of_the_office_goes_with_its_last_answer(bob, carol, starostwo):
    thread = a_thread(bob)
    first, last = (a_reply(carol, thread, voice=starostwo) for _ in range(2))
    actions.withdraw(author=carol, post=first)
    thread.refresh_from_db()
    assert thread.has_official_answer
    before = thread.listing_seq

    actions.withdraw(author=carol, post=last)
    thread.refresh_from_db()
    assert not thread.has_official_answer
    assert thread.listing_seq > before


def test_a_withdrawn_post_keeps_its_place(bob):
    thread = a_thread(bob)
    post = a_reply(bob, thread)
    answer = a_reply(bob, thread, parent=post)

    withdrawn = actions.withdraw(author=bob, post=post)

    assert withdrawn.state == Post.State.WITHDRAWN
    assert withdrawn.seq == 4
    assert list(thread.posts.order_by("path"))[1:] == [post, answer]


def test_a_withdrawn_post_is_edited_no_more(bob):
    post = actions.withdraw(author=bob, post=a_reply(bob, a_thread(bob)))
    with pytest.raises(Refused):
        edit(bob, post)


def test_an_edit_that_meets_a_withdrawal_is_refused(bob):
    stale = a_reply(bob, a_thread(bob))
    actions.withdraw(author=bob, post=Post.objects.get(pk=stale.pk))

    with pytest.raises(Refused):
        edit(bob, stale)
    stale.refresh_from_db()
    assert (stale.state, stale.thread.seq) == (Post.State.WITHDRAWN, 3)


def test_thanks_are_counted_once_for_each_member(alice, bob, fundacja):
    post = a_reply(bob, a_thread(bob))
    a_reaction(alice, post, voice=fundacja)
    a_reaction(alice, post, voice=fundacja)

    post = Post.objects.for_display().get(pk=post.pk)
    thanks, support = post.reactions_by_kind
    assert (thanks.count, thanks.user_ids, support.count) == (1, [alice.pk], 0)
    assert [(group.name, group.people) for group in thanks.groups] == [
        (fundacja.called, [alice.display_name])
    ]
    assert post.seq == 3


def test_thanks_are_taken_back(alice, bob):
    post = a_reaction(alice, a_reply(bob, a_thread(bob)))
    for _ in range(2):
        post = actions.react(author=alice, voice=None, post=post, kind=THANK, on=False)
    assert not post.reactions.exists()
    assert post.seq == 4


def test_nobody_thanks_themselves(bob):
    post = a_reply(bob, a_thread(bob))
    with pytest.raises(Refused):
        a_reaction(bob, post)


def test_a_withdrawn_post_gets_no_thanks(alice, bob):
    post = actions.withdraw(author=bob, post=a_reply(bob, a_thread(bob)))
    with pytest.raises(Refused):
        a_reaction(alice, post)


def test_nobody_supports_in_the_name_of_others(bob, alice, fundacja):
    post = a_reply(alice, a_thread(alice))
    with pytest.raises(Refused):
        a_reaction(bob, post, voice=fundacja)
    assert not post.reactions.exists()
