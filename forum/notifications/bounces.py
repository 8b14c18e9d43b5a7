"""Mail that comes back: what is done with the address, and who is told.

Source: RFC 3463 (codes), RFC 3464 (reports); docs/decisions/0033-delivering.md.
"""

import re
import smtplib

from django.db import transaction
from django.utils import timezone

from accounts.actions import mark_bounced
from accounts.models import User
from forum.notifications.models import Bundle, Channels

REASON_MAX_CHARS = 300
ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
# Of the replies without an enhanced code: no such mailbox, not here, name not allowed.
DEAD_CODES = (550, 551, 553)


def note_bounce(
    *, message_id: str = "", address: str = "", reason: str = "", is_permanent: bool = True
) -> int:
    """Note that a mail of the forum came back. Gives how many members and invitations it touched.

    A report that came by mail is believed by its Message-ID only, which nobody can guess: anybody
    may send a letter that says an address is dead. An address alone is for what our own mail server
    answered. What comes back for a while only is left to the mail server. The member is told on
    their pages, the representative in the list of invitations.
    """
    if not is_permanent or not (message_id or address):
        return 0
    with transaction.atomic():
        touched = mark_bounced(message_id=message_id, email="" if message_id else address)
        if message_id:
            bundle = Bundle.objects.filter(message_id=message_id).first()
            address = bundle.email if bundle is not None else ""
        return touched + (_mark_dead(address, reason) if address else 0)


def note_refused(refused: smtplib.SMTPRecipientsRefused) -> int:
    """Our own mail server says of these addresses that they do not exist. Gives how many it
    touched."""
    dead = dead_among(refused)
    return sum(note_bounce(address=address, reason=reason) for address, reason in dead.items())


def is_dead(code: int, reply: str) -> bool:
    """Whether the mail server's refusal says that the address does not exist.

    A full mailbox, a policy or a mail taken for spam say nothing about it.
    """
    if code < 500:
        return False
    found = ENHANCED.search(reply)
    if found is None:
        return code in DEAD_CODES
    return found[2] == "1" or (found[2], found[3]) == ("2", "1")  # addressing; mailbox disabled


def dead_among(refused: smtplib.SMTPRecipientsRefused) -> dict[str, str]:
    """The addresses that do not exist, each with what the server said."""
    replies = {
        address: (code, _text(reply)) for address, (code, reply) in refused.recipients.items()
    }
    return {
        address: f"{code} {reply}"
        for address, (code, reply) in replies.items()
        if is_dead(code, reply)
    }


def _mark_dead(address: str, reason: str) -> int:
    member = User.objects.filter(email=address.strip().lower(), is_active=True).first()
    if member is None:
        return 0
    Channels.objects.get_or_create(user=member)
    mark = Channels.objects.filter(user=member).exclude(dead_address=member.email)
    return mark.update(
        dead_address=member.email,
        dead_since=timezone.now(),
        dead_reason=" ".join(reason.split())[:REASON_MAX_CHARS],
    )


def _text(reply: bytes | str) -> str:
    return reply.decode(errors="replace") if isinstance(reply, bytes) else reply
