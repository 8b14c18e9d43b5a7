"""The door of a mailbox: once a minute whatever lies in it is taken in, and set aside there."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import Error as DatabaseAway
from django.utils import timezone

from forum.jobs.tasks import periodic
from forum.lib import mails
from forum.lib.mails import Unreadable
from forum.mailbox.actions.taking import Fate, take_in
from forum.mailbox.addresses import named_by
from forum.mailbox.imap import Failures, Mailbox, Opened, opened

MAILS_AT_ONCE = 50
BEGINNING_BYTES = 256 * 1024  # read of a mail that is too large: its text stands first
POLL_LEASE = timedelta(minutes=15)

logger = logging.getLogger(__name__)


@periodic("mailbox.poll", every=timedelta(minutes=1), attempts=1, lease=POLL_LEASE)
def poll() -> None:
    """Take in what lies in the mailbox. A server that is away is asked again in a minute."""
    try:
        with opened(Mailbox.at(settings.IMAP_URL)) as box:
            take_all(box)
    except Failures as error:
        logger.warning("The mailbox cannot be read: %s", error)


@periodic("mailbox.clear_taken", every=timedelta(days=1), attempts=4)
def clear_taken() -> None:
    """Delete on the mail server what was set aside there long enough."""
    before = timezone.localdate() - timedelta(days=settings.MAIL_ORIGINAL_DAYS)
    with opened(Mailbox.at(settings.IMAP_URL)) as box:
        box.clear_taken(before)


def take_all(box: Opened) -> int:
    """Take in the mails of the open folder; how many there were.

    One that fails stays where it is, and the others are taken. Raises: one of imap.Failures,
    django.db.Error.
    """
    count = 0
    for uid in box.uids(MAILS_AT_ONCE):
        try:
            is_done = _take(box, uid)
        except (DatabaseAway, *Failures):
            raise
        except Exception:
            logger.exception("A mail cannot be taken in and stays in the mailbox: UID %s", uid)
            continue
        if is_done:
            box.set_aside(uid)
            count += 1
    return count


def _take(box: Opened, uid: str) -> bool:
    """Whether the mail has come in, for each of its addresses that are ours."""
    is_whole = box.size_of(uid) <= settings.INBOUND_MAX_BYTES
    raw = box.fetched(uid, settings.INBOUND_MAX_BYTES if is_whole else BEGINNING_BYTES)
    if not raw:
        return False  # it was taken away meanwhile
    fates = [take_in(raw, address, is_whole=is_whole) for address in addresses_of(raw)]
    return Fate.LATER not in fates


def addresses_of(raw: bytes) -> list[str]:
    """The reply addresses that the mail was sent to; an empty one where there is none.

    A mailbox tells no recipient of the envelope: the head says it.
    """
    try:
        named = mails.recipients_of(mails.parse_head(raw))
    except Unreadable:
        named = ()
    return [address for address in named if named_by(address)] or [""]
