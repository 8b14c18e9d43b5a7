"""What mail servers answer: trouble is borne, refusals end a mail, dead addresses are dropped."""

import smtplib
from datetime import timedelta

import pytest
from django.core.mail.backends.base import BaseEmailBackend

from forum.jobs.models import Job
from forum.notifications import delivering
from forum.notifications.actions import reaching
from forum.notifications.models import Bundle, Channels, Delivery
from tests.factories import a_reply
from tests.notifications.deliveries import deliveries

pytestmark = pytest.mark.django_db


class Server(BaseEmailBackend):
    """Answers each mail with the next of its replies, and keeps the mails that it takes."""

    replies: list = []
    message_ids: list = []

    def send_messages(self, messages):
        for message in messages:
            self.message_ids.append(message.message()["Message-ID"])
            reply = self.replies.pop(0) if self.replies else None
            if reply is not None:
                raise reply
        return len(messages)


@pytest.fixture
def server(settings, thread):
    settings.MAIL_DELIVERY_BACKEND = f"{__name__}.Server"
    Server.replies, Server.message_ids = [], []
    return Server


def refused(code, text):
    return smtplib.SMTPRecipientsRefused({"alice@example.org": (code, text)})


@pytest.mark.parametrize(
    "trouble",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        smtplib.SMTPServerDisconnected("gone"),
        smtplib.SMTPAuthenticationError(535, b"wrong password"),
        smtplib.SMTPDataError(451, b"come back"),
        refused(450, b"4.2.1 greylisted"),
    ],
    ids=lambda trouble: type(trouble).__name__,
)
def test_trouble_is_tried_again_with_the_same_message_id(server, thread, bob, later, trouble):
    server.replies = [trouble]
    a_reply(bob, thread)
    later()
    assert Bundle.objects.get().state == "sending"
    later(timedelta(minutes=1))
    assert len(server.message_ids) == 2
    assert len(set(server.message_ids)) == 1
    assert Bundle.objects.get().state == "sent"


def test_what_comes_while_a_mail_is_tried_comes_after_it(server, thread, alice, bob, later, outbox):
    server.replies = [TimeoutError()]
    a_reply(bob, thread, "Jeden.")
    later()
    a_reply(bob, thread, "Dwa.")
    later(timedelta(minutes=1))
    assert len(server.message_ids) == 2  # the first one, again
    later()
    assert len(set(server.message_ids)) == 2  # then the second
    first, second = Delivery.objects.filter(user=alice, channel="mail").order_by("pk")
    assert first.through < second.through


@pytest.mark.parametrize(
    ("reply", "is_dead"),
    [
        (refused(550, b"5.1.1 no such user"), True),
        (refused(550, b"no such user"), True),
        (refused(553, b"5.1.3 bad address"), True),
        (refused(550, b"5.2.1 mailbox disabled"), True),
        (refused(552, b"5.2.2 mailbox full"), False),
        (refused(550, b"5.7.1 blocked by policy"), False),
        (smtplib.SMTPDataError(554, b"5.7.1 spam"), False),
    ],
    ids=["unknown", "bare 550", "bad", "disabled", "full", "policy", "spam"],
)
def test_a_refusal_for_good_ends_the_mail_and_only_a_dead_address_is_dropped(
    server, thread, alice, bob, later, client, reply, is_dead
):
    server.replies = [reply]
    a_reply(bob, thread)
    later()
    assert Bundle.objects.get().state == "failed"
    assert deliveries(alice) == [("mail", "failed"), ("letter", "waiting")]
    channels = Channels.objects.filter(user=alice).first()
    assert bool(channels and channels.is_dead(alice.email)) is is_dead
    a_reply(bob, thread, "Jeszcze.")
    later()
    assert len(server.message_ids) == (1 if is_dead else 2)


def test_a_dead_address_lives_again_when_the_member_says_so_or_changes_it(
    server, thread, alice, bob, later
):
    server.replies = [refused(550, b"5.1.1 no such user")]
    a_reply(bob, thread)
    later()
    assert Channels.objects.get(user=alice).dead_reason == "550 5.1.1 no such user"
    reaching.revive_address(member=alice)
    reaching.revive_address(member=alice)
    a_reply(bob, thread, "Jeszcze.")
    later()
    assert Bundle.objects.latest("pk").state == "sent"


def test_a_mail_that_nobody_takes_is_given_up(server, thread, alice, bob, clock, work):
    server.replies = [TimeoutError()] * 30
    a_reply(bob, thread)
    work()
    for _ in range(30):
        clock.shift(timedelta(hours=7))
        work()
    assert Bundle.objects.get().state == "failed"
    assert len(server.message_ids) == 12
    assert deliveries(alice) == [("mail", "failed"), ("letter", "waiting")]


def test_a_delivery_without_its_job_goes_on(server, thread, alice, bob, later, clock):
    server.replies = [TimeoutError()]
    a_reply(bob, thread)
    later()
    Job.objects.filter(kind="notifications.mail").delete()
    clock.shift(timedelta(days=4))
    delivering.find_lost.call()
    assert deliveries(alice) == [("mail", "failed"), ("letter", "waiting")]
    assert Bundle.objects.get().state == "failed"
