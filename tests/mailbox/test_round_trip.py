"""The whole way: a post, the mail about it, the answer from a mail program, the post that it is."""

import smtplib
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from forum.discussions.models import Reaction, Thread
from forum.mailbox.addresses import named_by
from forum.notifications.models import Notification
from tests.factories import a_reply, a_thread
from tests.mailbox.letters import settle_all
from tests.mailbox.test_door import HOST, standing_open

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told(alice, bob):
    """The mail that Alice got about Bob's reply in her thread."""
    thread = a_thread(alice)
    a_reply(bob, thread, "Kto ma klucze do sali?")
    settle_all()
    tuesday = timezone.localtime().replace(hour=11) + timedelta(days=7)
    tuesday += timedelta(days=(1 - tuesday.weekday()) % 7)
    with time_machine.travel(tuesday, tick=False):
        settle_all()
        settle_all()
        yield next(each for each in mail.outbox if each.to == [alice.email])


def answer_to(told, text: str) -> bytes:
    """What Gmail makes of it when somebody presses "reply" and writes above."""
    received = told.message()
    quoted = "\n".join(f"> {line}" for line in told.body.split("\n"))
    head = (
        "From: Alice Nowak <ALICE@example.org>\n"
        f"To: {received['Reply-To']}\n"
        f"Subject: Re: {told.subject}\n"
        f"In-Reply-To: {received['Message-ID']}\n"
        "Message-ID: <CAF-1@mail.gmail.com>\n"
        'MIME-Version: 1.0\nContent-Type: text/plain; charset="UTF-8"\n'
        "Content-Transfer-Encoding: 8bit\n\n"
    )
    letter = (
        f"{text}\n\nwt., 1 gru 2026 o 11:02 Forum <forum@example.org>\nnapisał(a):\n\n{quoted}\n"
    )
    return (head + letter).replace("\n", "\r\n").encode()


def test_a_mail_is_answered_from_the_mail_program(alice, bob, told):
    [address] = [each.partition("<")[2].rstrip(">") for each in told.reply_to]
    assert named_by(address).member_pk == alice.pk
    with standing_open() as port, smtplib.LMTP(HOST, port) as server:
        server.sendmail(alice.email, [address], answer_to(told, "Klucze mam ja."))
    settle_all()
    thread = alice_thread(alice)
    [asked, post] = thread.posts.filter(number__gt=1).order_by("number")
    assert (post.author, post.source, post.parent) == (alice, "Klucze mam ja.", asked)
    # Bob follows the thread, since he wrote in it: he hears of the answer as of any other.
    settle_all()
    assert Notification.objects.filter(user=bob, place=f"thread.{thread.pk}").exists()


def test_a_link_of_the_mail_thanks_with_one_button(client, alice, told):
    line = next(line for line in told.body.split("\n") if "/mailbox/acts/" in line)
    path = "/" + line.rpartition("://")[2].partition("/")[2]
    assert client.get(path).status_code == 200
    assert client.post(path).status_code == 303
    thread = alice_thread(alice)
    assert thread.accepted_id or Reaction.objects.filter(user=alice).exists()


def alice_thread(alice):
    return Thread.objects.get(author=alice)
