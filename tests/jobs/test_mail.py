"""Mails travel as jobs and arrive as they were written; refusals for good end at once."""

import smtplib
from collections.abc import Callable, Sequence
from email import message_from_bytes, policy
from email.mime.image import MIMEImage
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.mail import BadHeaderError, EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils.translation import gettext_lazy

from forum.jobs.mail import QueuedBackend
from forum.jobs.models import Job

Work = Callable[[], int]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _memory_delivery(settings: LazySettings) -> None:
    settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def letter(**fields: object) -> EmailMultiAlternatives:
    given: dict[str, object] = {"subject": "Nowa odpowiedź", "body": "Zażółć", "to": ["a@x.pl"]}
    return EmailMultiAlternatives(**{**given, **fields}, connection=QueuedBackend())


def test_a_mail_arrives_as_it_was_written(work_until_idle: Work) -> None:
    message = letter(
        subject=gettext_lazy("Nowa odpowiedź"),
        from_email="Forum <forum@powiat.pl>",
        cc=["b@x.pl"],
        bcc=["c@x.pl"],
        reply_to=["odpowiedz+1@powiat.pl"],
        headers={"List-Id": "<watek.42>", "Message-ID": "<wpis-7@powiat.pl>"},
    )
    message.attach_alternative("<p>Zażółć</p>", "text/html")
    message.attach("plan.pdf", b"%PDF\x00\xff", "application/pdf")
    message.attach("notatka.txt", "gęśl", "text/plain")
    expected = message_from_bytes(message.message().as_bytes(), policy=policy.default)
    assert message.send() == 1
    assert mail.outbox == []
    work_until_idle()
    (sent,) = mail.outbox
    assert sent.recipients() == ["a@x.pl", "b@x.pl", "c@x.pl"]
    arrived = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
    for name in ("Subject", "From", "To", "Cc", "Reply-To", "List-Id", "Message-ID"):
        assert arrived[name] == expected[name]
    assert [(part.get_content_type(), part.get_content()) for part in _leaves(arrived)] == [
        (part.get_content_type(), part.get_content()) for part in _leaves(expected)
    ]
    assert len(_leaves(arrived)) == 4


def _leaves(message: object) -> list[object]:
    return [part for part in message.walk() if not part.is_multipart()]  # type: ignore[attr-defined]


def test_an_html_only_mail_stays_html(work_until_idle: Work) -> None:
    message = EmailMessage("S", "<b>B</b>", to=["a@x.pl"], connection=QueuedBackend())
    message.content_subtype = "html"
    message.send()
    work_until_idle()
    assert mail.outbox[0].message().get_content_type() == "text/html"


def test_a_rolled_back_transaction_sends_no_mail(work_until_idle: Work) -> None:
    with transaction.atomic():
        letter().send()
        assert Job.objects.filter(kind="mail.send").count() == 1
        transaction.set_rollback(True)
    work_until_idle()
    assert mail.outbox == []


def test_every_message_is_a_job_of_its_own(work_until_idle: Work) -> None:
    sent = QueuedBackend().send_messages([letter(), letter(to=[]), letter(to=["b@x.pl"])])
    assert sent == Job.objects.filter(kind="mail.send").count() == 2


def test_a_bad_header_fails_where_it_was_written() -> None:
    with pytest.raises(BadHeaderError):
        letter(subject="One\nBcc: everybody@x.pl").send()
    assert not Job.objects.exists()


def test_a_ready_made_mime_part_is_refused() -> None:
    message = letter()
    message.attach(MIMEImage(b"GIF89a", "gif"))
    with pytest.raises(TypeError, match="MIME part"):
        message.send()


class Server(BaseEmailBackend):
    """A mail server that answers every message with the next of its replies."""

    replies: list[Exception | None] = []
    message_ids: list[str] = []

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            self.message_ids.append(message.message()["Message-ID"])
            reply = self.replies.pop(0)
            if reply is not None:
                raise reply
        return len(email_messages)


@pytest.fixture
def server(settings: LazySettings) -> type[Server]:
    settings.MAIL_DELIVERY_BACKEND = f"{__name__}.Server"
    Server.replies, Server.message_ids = [], []
    return Server


def refused(*codes: int) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused(
        {f"{number}@x.pl": (code, b"no") for number, code in enumerate(codes)}
    )


@pytest.mark.parametrize(
    ("reply", "is_for_good"),
    [
        (refused(550), True),
        (refused(550, 554), True),
        (refused(550, 451), False),
        (smtplib.SMTPDataError(552, b"too big"), True),
        (smtplib.SMTPDataError(451, b"come back"), False),
        (smtplib.SMTPSenderRefused(553, b"no", "forum@x.pl"), True),
        (smtplib.SMTPAuthenticationError(535, b"wrong password"), False),
        (smtplib.SMTPConnectError(554, b"go away"), False),
        (smtplib.SMTPServerDisconnected("gone"), False),
        (ConnectionRefusedError(), False),
        (TimeoutError(), False),
    ],
)
def test_only_a_refusal_for_good_ends_a_mail(
    server: type[Server], work_until_idle: Work, reply: Exception, is_for_good: bool
) -> None:
    server.replies = [reply]
    letter().send()
    work_until_idle()
    job = Job.objects.get(kind="mail.send")
    assert (job.failed_at is not None) is is_for_good
    assert job.attempts == 1
    assert job.args["parts"]["subject"] == "Nowa odpowiedź"


def test_a_repeated_mail_has_the_same_message_id(
    server: type[Server], work_until_idle: Work
) -> None:
    server.replies = [TimeoutError(), None]
    letter().send()
    work_until_idle()
    Job.objects.update(run_at=Job.objects.get(kind="mail.send").created_at)
    work_until_idle()
    first, second = server.message_ids
    assert first == second
    assert first.endswith("@localhost>")
    assert Job.objects.get(kind="mail.send").done_at is not None


def test_without_a_mail_server_mails_become_files(
    settings: LazySettings, tmp_path: Path, work_until_idle: Work
) -> None:
    settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    letter().send()
    work_until_idle()
    (written,) = (tmp_path / "mail").iterdir()
    assert b"To: a@x.pl" in written.read_bytes()
