"""Plain letters about mandates, invitations and requests, each in its reader's language.

Mails are queued in the caller's transaction: what is rolled back sends nothing.
"""

from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import User


def write(letter: str, reader: User, **facts: object) -> None:
    """Queue the letter of that name to a member. The facts are what its templates name."""
    write_to(letter, reader.email, reader.language, **facts)


def write_to(letter: str, email: str, language: str, **facts: object) -> str:
    """Queue the letter to an address that may have no account. Gives the Message-ID."""
    message_id = make_msgid(domain=urlsplit(settings.SITE_URL).hostname)
    context = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, **facts}
    with translation.override(language):
        subject = render_to_string(f"accounts/mail/{letter}_subject.txt", context)
        body = render_to_string(f"accounts/mail/{letter}.txt", context)
    EmailMessage(
        subject=" ".join(subject.split()),
        body=body.strip() + "\n",
        to=[email],
        headers={"Message-ID": message_id},
    ).send()
    return message_id
