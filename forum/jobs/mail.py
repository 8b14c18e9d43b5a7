"""Mails are jobs: written in the caller's transaction, handed to the mail server by a worker."""

import base64
import smtplib
from collections.abc import Callable, Iterable, Sequence
from email.mime.base import MIMEBase
from email.utils import make_msgid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from forum.jobs.tasks import GiveUp, task
from forum.lib.metrics import counting_mail

Parts = dict[str, Any]  # a message as JSON

# With the delays of leases.py a mail is tried for more than half a day: longer than greylisting
# and most repairs of a mail server take.
MAIL_ATTEMPTS = 12

# Higher rooms that want to hear of recipients refused for good; plugged in by their apps.py.
recipients_refused: list[Callable[[smtplib.SMTPRecipientsRefused], object]] = []


class QueuedBackend(BaseEmailBackend):
    """Writes a job for each message; `MAIL_DELIVERY_BACKEND` does the sending, in a worker."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        messages = [message for message in email_messages if message.recipients()]
        for message in messages:
            # Built once here, so that a bad header fails where it was written.
            message.message()
            send.enqueue(parts_of(message))
        return len(messages)


@task("mail.send", attempts=MAIL_ATTEMPTS)
def send(parts: Parts) -> None:
    """Hand one message to the mail server.

    A repetition carries the same Message-ID, by which receivers know it again.
    Raises: GiveUp where the server refuses the message or every recipient for good (5xx).
    """
    try:
        with counting_mail():
            message_of(parts).send()
    except smtplib.SMTPRecipientsRefused as refused:
        for plug in recipients_refused:
            plug(refused)
        if all(code >= 500 for code, _reply in refused.recipients.values()):
            raise GiveUp(f"The mail server refuses the recipients: {refused}") from refused
        raise
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refused:
        # Refused logins and greetings have such codes too, but are about us: the mail may wait.
        if refused.smtp_code >= 500:
            raise GiveUp(f"The mail server refuses the mail: {refused}") from refused
        raise


def parts_of(message: EmailMessage) -> Parts:
    """The message as JSON. Raises: TypeError for attachments that are ready-made MIME parts."""
    headers = {name: str(value) for name, value in message.extra_headers.items()}
    if not any(name.lower() == "message-id" for name in headers):
        headers["Message-ID"] = make_msgid(domain=urlsplit(settings.SITE_URL).hostname)
    return {
        "subject": str(message.subject),
        "body": str(message.body),
        "subtype": message.content_subtype,
        "from": str(message.from_email),
        "to": _addresses(message.to),
        "cc": _addresses(message.cc),
        "bcc": _addresses(message.bcc),
        "reply_to": _addresses(message.reply_to),
        "headers": headers,
        "alternatives": [
            [str(content), str(mimetype)]
            for content, mimetype in getattr(message, "alternatives", [])
        ],
        "attachments": [_packed(attachment) for attachment in message.attachments],
    }


def message_of(parts: Parts) -> EmailMessage:
    """The message that `parts_of` took apart, to be sent by the delivery backend."""
    message = EmailMultiAlternatives(
        subject=parts["subject"],
        body=parts["body"],
        from_email=parts["from"],
        to=parts["to"],
        cc=parts["cc"],
        bcc=parts["bcc"],
        reply_to=parts["reply_to"],
        headers=parts["headers"],
        alternatives=[(content, mimetype) for content, mimetype in parts["alternatives"]],
        connection=get_connection(settings.MAIL_DELIVERY_BACKEND),
    )
    message.content_subtype = parts["subtype"]
    for packed in parts["attachments"]:
        message.attach(packed["name"], _unpacked(packed), packed["type"])
    return message


def _addresses(addresses: Iterable[object]) -> list[str]:
    return [str(address) for address in addresses]


def _packed(attachment: Any) -> Parts:
    if isinstance(attachment, MIMEBase):
        raise TypeError("attach files by name, content and type: a MIME part cannot be queued")
    name, content, mimetype = attachment
    if isinstance(content, str):
        return {"name": name, "type": mimetype, "text": content}
    return {"name": name, "type": mimetype, "base64": base64.b64encode(content).decode()}


def _unpacked(packed: Parts) -> str | bytes:
    if "text" in packed:
        return str(packed["text"])
    return base64.b64decode(packed["base64"])
