"""A letter waits for its thread: its writer may be referred to, and erased, meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from accounts import erasing
from accounts.personal_data import Texts
from forum.discussions.models import Thread
from forum.mailbox.actions import settling
from forum.mailbox.actions.taking import take_in
from forum.mailbox.addresses import reply_address
from forum.mailbox.models import Inbound
from tests.blocking import BY_ANYBODY, elsewhere, wait_until_blocked
from tests.factories import a_reply, a_thread
from tests.mailbox.letters import a_letter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


@contextmanager
def letter_behind(member, thread, others):
    """Within it this thread of talk is held here, and a letter of the member waits for it."""
    address = reply_address(member, thread)
    take_in(a_letter(member, address), address)
    letter = Inbound.objects.get()
    with transaction.atomic():
        Thread.objects.select_for_update(no_key=True).get(pk=thread.pk)
        settled = elsewhere(others, lambda: settling.settle.call(pk=letter.pk))
        wait_until_blocked(settled)
        yield
    settled.result()


def test_whoever_holds_the_thread_may_refer_to_the_writer(alice, bob):
    thread = a_thread(alice)
    with (
        ThreadPoolExecutor(1) as others,
        letter_behind(bob, thread, others),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET LOCAL lock_timeout = '500ms'")
        a_reply(bob, thread)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as the commit does it
    assert thread.posts.filter(author=bob).count() == 2


def test_a_letter_that_was_begun_is_withdrawn_with_the_rest(alice, bob):
    thread = a_thread(alice)
    with ThreadPoolExecutor(2) as others:
        with letter_behind(bob, thread, others):
            erased = elsewhere(
                others, lambda: erasing.erase_account(member=bob, texts=Texts.WITHDRAW)
            )
            wait_until_blocked(erased, by=BY_ANYBODY, waiting=2)
        erased.result()
    assert [post.state for post in thread.posts.filter(author=bob)] == ["withdrawn"]
    assert not Inbound.objects.exists()
