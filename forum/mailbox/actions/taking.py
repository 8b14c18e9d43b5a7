"""Taking a mail in: one interface for every door, quick, and without reading what it says.

What is taken in is kept before the door says yes, and read by a worker afterwards: a letter that
takes long, or takes its reader down, holds no mail server up and is not lost.
Source: docs/decisions/0036-mail-in.md.
"""

import hashlib
from datetime import timedelta
from enum import StrEnum

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from accounts.models import User
from forum.lib import mails
from forum.lib.bounces import bounces_in
from forum.lib.limits import allow
from forum.lib.mails import Unreadable
from forum.mailbox.actions.settling import settle
from forum.mailbox.addresses import named_by, takes_bounces
from forum.mailbox.models import ADDRESS_MAX_CHARS, Inbound
from forum.notifications.bounces import note_bounce

HOUR = timedelta(hours=1)
TAKEN_PER_HOUR = 120  # of one member, also of what will be refused: originals fill the disk
BOUNCE_MAX_BYTES = 1024 * 1024


class Fate(StrEnum):
    """What a door is told of a mail."""

    TAKEN = "taken"
    REPEATED = "repeated"  # the same mail was taken before
    BOUNCE = "bounce"
    UNKNOWN = "unknown"  # nobody here has this address
    LATER = "later"  # one member sends too much: the door may bring it again


def take_in(raw: bytes, recipient: str, *, is_whole: bool = True) -> Fate:
    """Keep the mail that came to the address, to be read by a worker.

    `is_whole` is false for the beginning of a mail that is larger than the forum takes.
    Raises: django.db.Error where the database is away; then nothing was kept.
    """
    named = named_by(recipient)
    if named is None:
        return _bounce(raw) if takes_bounces(recipient) or not recipient else Fate.UNKNOWN
    if mails.is_report(raw) and _bounce(raw) is Fate.BOUNCE:
        return Fate.BOUNCE
    member = User.objects.filter(pk=named.member_pk, erased_at=None).first()
    if member is None:
        return Fate.UNKNOWN
    key = key_of(raw, recipient)
    if Inbound.objects.filter(key=key).exists():
        return Fate.REPEATED
    if not allow(f"inbound:{member.pk}", TAKEN_PER_HOUR, HOUR):
        return Fate.LATER
    return _keep(key, member, raw, recipient, is_whole=is_whole)


def key_of(raw: bytes, recipient: str) -> str:
    """The name of the mail's way to this address: of its Message-ID, else of all it says.

    Units: 64 hexadecimal digits.
    """
    message_id = mails.message_id_in(raw)
    told = message_id.encode("utf-8", "replace") if message_id else hashlib.sha256(raw).digest()
    return hashlib.sha256(told + b"\n" + recipient.strip().lower().encode()).hexdigest()


def _keep(key: str, member: User, raw: bytes, recipient: str, *, is_whole: bool) -> Fate:
    row = Inbound(
        key=key,
        member=member,
        recipient=recipient.strip().lower()[:ADDRESS_MAX_CHARS],
        size_bytes=len(raw),
        is_whole=is_whole,
    )
    row.original.save("mail", ContentFile(raw), save=False)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            settle.enqueue(pk=row.pk)
    except IntegrityError:
        # Two doors brought the same mail in the same moment.
        row.original.delete(save=False)
        if not Inbound.objects.filter(key=key).exists():
            raise
        return Fate.REPEATED
    return Fate.TAKEN


def _bounce(raw: bytes) -> Fate:
    """Hand a report of a mail server on; whatever else comes to such an address is nobody's."""
    try:
        bounces = bounces_in(mails.parse(raw[:BOUNCE_MAX_BYTES]))
    except Unreadable:
        return Fate.UNKNOWN
    for bounce in bounces:
        note_bounce(
            message_id=bounce.message_id,
            address=bounce.address,
            reason=f"{bounce.status} {bounce.diagnostic}".strip(),
            is_permanent=bounce.is_permanent and bool(bounce.message_id),
        )
    return Fate.BOUNCE if bounces else Fate.UNKNOWN
