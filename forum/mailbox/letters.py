"""What the forum answers to a mail, in the member's language.

Mails are queued in the caller's transaction. They say that a machine wrote them, so that no other
machine answers (RFC 3834).
"""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from forum.mailbox.models import Inbound

SUBJECT_SHOWN_CHARS = 120


def answer(row: Inbound, address: str, *, is_member: bool) -> None:
    """Queue the answer to the mail; a stranger is told why, and nothing of the member's."""
    context = {
        "mail": row,
        "is_member": is_member,
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
    }
    subject = f"Re: {row.subject[:SUBJECT_SHOWN_CHARS]}" if row.subject else settings.SITE_NAME
    headers = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
    if row.message_id:
        headers |= {"In-Reply-To": row.message_id, "References": row.message_id}
    EmailMessage(
        subject=" ".join(subject.split()),
        body=render_to_string("mailbox/mail/answer.txt", context).strip() + "\n",
        to=[address],
        headers=headers,
    ).send()
