"""A letter whose text a moderator reads first waits as on the page, and its writer is told."""

import pytest
from django.core import mail

from forum.mailbox.models import Inbound
from forum.moderation.actions.guarding import list_word
from tests.cast import logged_in
from tests.factories import a_thread
from tests.mailbox.letters import sent

pytestmark = pytest.mark.django_db


def test_a_letter_that_waits_is_no_post_and_its_writer_is_told(alice, bob, carol):
    thread = a_thread(bob)
    list_word(staff=carol, words="klucze")
    letter = sent(alice, thread)
    assert thread.posts.count() == 1
    assert (letter.state, letter.post, letter.draft_context) == (Inbound.State.HELD, None, "")
    assert letter.held.author == alice
    assert letter.remarks == letter.held.why != []
    [answer] = mail.outbox
    assert answer.to == [alice.email]
    assert letter.sentence in answer.body
    assert letter.held.get_absolute_url() in answer.body
    page = logged_in(alice).get(letter.get_absolute_url())
    assert letter.held.get_absolute_url() in page.content.decode()
