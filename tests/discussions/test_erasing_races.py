"""Others hold threads while an account is erased: whoever waits keeps nobody else waiting."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts import erasing, staying
from accounts.personal_data import Texts
from forum.discussions import actions, guards
from forum.discussions.models import Post, Reaction, Thread
from tests.blocking import elsewhere, wait_until_blocked
from tests.cast import a_mandate
from tests.factories import a_reaction, a_reply, a_thread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


@contextmanager
def erased_behind(member, thread, *, is_kept=False):
    """Within it this thread of talk is held here, and the erasure of the member waits for it; where
    the member is kept, as for a text of theirs, it has not begun."""
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            if is_kept:
                staying.keep(member.pk)
            Thread.objects.select_for_update(no_key=True).get(pk=thread.pk)
            outcome = elsewhere(other, lambda: erase(member))
            wait_until_blocked(outcome)
            yield
        outcome.result()


def erase(member):
    erasing.erase_account(member=member, texts=Texts.WITHDRAW)


def test_no_thread_is_held_while_an_earlier_one_is_waited_for(bob, alice):
    first, second = a_thread(alice), a_thread(alice)
    a_reply(bob, first)
    a_reaction(bob, second.posts.get())
    with erased_behind(bob, first):
        Thread.objects.select_for_update(no_key=True, nowait=True).get(pk=second.pk)
    assert not Reaction.objects.exists()
    assert Post.objects.get(author=bob).state == Post.State.WITHDRAWN


def test_whoever_holds_the_thread_may_refer_to_the_member(bob, alice):
    thread = a_thread(alice)
    a_reply(bob, thread)
    with erased_behind(bob, thread, is_kept=True), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '500ms'")
        a_reply(bob, thread)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as the commit does it
    assert {post.state for post in Post.objects.filter(author=bob)} == {Post.State.WITHDRAWN}


def test_a_reply_in_their_name_with_another_voice_is_withdrawn_with_the_rest(bob, alice, fundacja):
    """It writes on their row, of which voice they used last."""
    a_mandate(bob, fundacja)
    thread = a_thread(alice)
    a_reply(bob, thread, voice=fundacja)
    a_reply(bob, thread)
    bob.last_voice = fundacja
    bob.save()
    with erased_behind(bob, thread, is_kept=True):
        actions.reply(author=bob, voice=None, thread=thread, body="Tak", body_format="markdown")
    own = Post.objects.filter(author=bob, organization=None)
    assert [post.state for post in own] == [Post.State.WITHDRAWN] * 2


def test_a_post_that_goes_to_another_thread_meanwhile_is_numbered_there(bob, alice, carol):
    thread = a_thread(alice)
    post = a_reply(bob, thread)
    with erased_behind(bob, thread):
        actions.split(
            staff=carol, thread=thread, numbers=[2], title="Osobno", category=thread.category
        )
        seq = Thread.objects.get(pk=thread.pk).seq
    post.refresh_from_db()
    assert (post.state, post.seq) == (Post.State.WITHDRAWN, post.thread.seq)
    assert Thread.objects.get(pk=thread.pk).seq == seq


def test_a_merging_that_takes_their_follow_along_is_done_and_so_is_the_erasure(bob, alice, carol):
    source, target = a_thread(alice), a_thread(alice)
    a_reply(bob, source)
    with erased_behind(bob, source):
        actions.merge(staff=carol, thread=source, into=target)
    assert Thread.objects.get(pk=source.pk).merged_into == target
    moved = Post.objects.exclude(state=Post.State.MOVED).get(author=bob)
    assert (moved.thread, moved.state) == (target, Post.State.WITHDRAWN)


def test_a_text_of_somebody_slowed_down_comes_first(bob, alice):
    """It holds its author's row before its thread, the erasure the other way round."""
    bob.slowed_until = timezone.now() + timedelta(days=1)
    bob.save()
    thread = a_thread(alice)
    a_reply(bob, thread)
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            staying.keep(bob.pk)
            guards.hold_slowed(bob)
            outcome = elsewhere(other, lambda: erase(bob))
            wait_until_blocked(outcome)
            Thread.objects.select_for_update(no_key=True, nowait=True).get(pk=thread.pk)
        outcome.result()
    assert {post.state for post in Post.objects.filter(author=bob)} == {Post.State.WITHDRAWN}


def test_a_text_on_its_way_is_erased_too_where_the_member_never_wrote_before(bob, alice):
    """The erasure holds the threads where the member wrote: this one it would not have found."""
    thread = a_thread(alice)
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            a_reply(bob, thread)
            outcome = elsewhere(other, lambda: erase(bob))
            wait_until_blocked(outcome)
        outcome.result()
    assert [post.state for post in Post.objects.filter(author=bob)] == [Post.State.WITHDRAWN]
