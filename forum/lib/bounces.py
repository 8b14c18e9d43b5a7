"""What a mail server says of a mail that it could not deliver. Source: RFC 3464."""

import re
from dataclasses import dataclass
from email.message import Message

from forum.lib.mails import Part, header

REPORT = "multipart/report"
MAX_RECIPIENTS = 20  # of one report
MAX_PARTS = 10


@dataclass(frozen=True, slots=True)
class Bounce:
    """One address that a mail did not reach.

    `is_permanent` is false while the server goes on trying, or a mailbox is only full.
    `message_id` names the mail that was sent, with its angle brackets; empty where nobody says.
    """

    address: str
    is_permanent: bool
    status: str  # as 5.1.1
    diagnostic: str
    message_id: str


def bounces_in(message: Part) -> list[Bounce]:
    """The addresses that the report says were not reached; none in any other mail."""
    if message.get_content_type() != REPORT:
        return []
    parts = _parts(message)
    sent = next(filter(None, map(_message_id_in, parts)), "")
    return [
        bounce
        for part in parts
        if part.get_content_type() == "message/delivery-status"
        for bounce in (_bounce(group, sent) for group in _groups(part))
        if bounce is not None
    ][:MAX_RECIPIENTS]


def _parts(message: Part) -> list[Part]:
    payload = message.get_payload()
    return (
        [part for part in payload if isinstance(part, Message)][:MAX_PARTS]
        if (isinstance(payload, list))
        else []
    )


def _groups(part: Part) -> list[Part]:
    """The groups of fields of a status: one of the mail, then one for each address."""
    payload = part.get_payload()
    return (
        [each for each in payload if isinstance(each, Message)][: MAX_RECIPIENTS + 1]
        if (isinstance(payload, list))
        else []
    )


def _bounce(group: Part, message_id: str) -> Bounce | None:
    action = header(group, "action").lower()
    address = header(group, "original-recipient") or header(group, "final-recipient")
    address = address.rpartition(";")[2].strip().strip("<>").lower()
    if action not in ("failed", "delayed") or "@" not in address:
        return None
    found = re.search(r"[245]\.\d{1,3}\.\d{1,3}", header(group, "status"))
    status = found[0] if found else ""
    return Bounce(
        address=address,
        is_permanent=action == "failed" and not status.startswith(("4", "5.2.2")),
        status=status,
        diagnostic=header(group, "diagnostic-code")[:500],
        message_id=message_id,
    )


def _message_id_in(part: Part) -> str:
    """Of the mail, or its head, that the report gives back."""
    if part.get_content_type() not in ("message/rfc822", "text/rfc822-headers"):
        return ""
    payload = part.get_payload()
    text = str(payload[0]) if isinstance(payload, list) and payload else str(payload)
    found = re.search(r"^message-id:\s*(<[^<>\s]{1,500}>)", text, re.IGNORECASE | re.MULTILINE)
    return found[1] if found else ""
