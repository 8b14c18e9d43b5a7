"""Mails as they come over the wire to a real mail server."""

import pytest

from forum.notifications.models import Bundle, Channels
from tests.factories import a_reply, a_thread
from tests.notifications.deliveries import WINDOW
from tests.notifications.smtp_sink import Sink

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(settings):
    with Sink(lambda address: "550 5.1.1 no such user" if "alice" in address else "250 OK") as sink:
        settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.EMAIL_USE_TLS = False
        yield sink


def test_a_mail_arrives_whole_and_readable(sink, clock, work, alice, bob):
    thread = a_thread(bob, title="Zażółć gęślą jaźń")
    a_reply(alice, thread, "Łąka, ćma, źdźbło – „cudzysłów”.")
    work()
    clock.shift(WINDOW)
    work()
    (mail,) = sink.mails
    assert mail.recipients == ["bob@example.org"]
    assert mail.sender == "forum@localhost"
    message = mail.message
    assert message["Subject"] == "Zażółć gęślą jaźń"
    assert message["List-Unsubscribe"].strip().startswith("<http")
    assert message["Message-ID"] == Bundle.objects.get(user=bob).message_id
    assert message.get_content_type() == "multipart/alternative"
    text, html = (part.get_content() for part in message.iter_parts())
    assert "„cudzysłów”" in text
    assert "„cudzysłów”" in html
    assert max(map(len, text.splitlines())) < 998  # RFC 5322, 2.1.1


def test_a_refused_recipient_is_told_on_their_page(sink, clock, work, alice, bob):
    a_reply(bob, a_thread(alice))
    work()
    clock.shift(WINDOW)
    work()
    assert all(mail.recipients != [alice.email] for mail in sink.mails)
    assert Channels.objects.get(user=alice).dead_reason == "550 5.1.1 no such user"
    assert Bundle.objects.get(user=alice).state == "failed"
