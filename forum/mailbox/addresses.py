"""The addresses that mails of the forum are answered to: one for each member and place.

The address is the key: whoever writes to it must also write from the member's own address.
Source: docs/decisions/0036-mail-in.md.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from forum.discussions.models import Post, Thread
from forum.lib import signed_numbers

SALT = "reply"
TOKEN = "{token}"  # noqa: S105  # the place of the token in the setting
HOLDS_FOR = timedelta(days=90)  # a board member comes once a month
LOCAL_PART_MAX_CHARS = 64  # RFC 5321, 4.5.3.1.1
TOKEN_MAX_CHARS = 42  # of keys up to a million million
THREAD, POST = 1, 2


@dataclass(frozen=True, slots=True)
class Named:
    """What a reply address says: whose it is, and what the mail answers."""

    member_pk: int
    thread_pk: int | None
    post_pk: int | None
    has_ended: bool


def reply_address(member: User, place: Thread | Post, *, now: datetime | None = None) -> str:
    """The address at which the member answers the post, or the thread as a whole.

    Empty where the forum takes no mails. Queries: none.
    """
    if not settings.REPLY_ADDRESS:
        return ""
    kind = POST if isinstance(place, Post) else THREAD
    word = signed_numbers.sign(
        SALT, (member.pk, kind, place.pk), now=now or timezone.now(), holds_for=HOLDS_FOR
    )
    address: str = settings.REPLY_ADDRESS.replace(TOKEN, word)
    return address


def named_by(address: str) -> Named | None:
    """What the address says, also where it has ended; None where it is not one of ours."""
    token = _token_in(address)
    signed = signed_numbers.read(SALT, token) if token else None
    if signed is None or len(signed.numbers) != 3:
        return None
    member_pk, kind, pk = signed.numbers
    if kind not in (THREAD, POST):
        return None
    return Named(
        member_pk,
        pk if kind == THREAD else None,
        pk if kind == POST else None,
        signed.has_ended(timezone.now()),
    )


def takes_bounces(address: str) -> bool:
    """Whether reports of mail servers come to this address: the forum's own, or a reply address
    without its token."""
    prefix, suffix = _around_token()
    bare = f"{prefix.rstrip('+-_.')}{suffix}"
    _name, own = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return address.strip().lower() in {bare, own.lower()}


def _token_in(address: str) -> str:
    prefix, suffix = _around_token()
    address = address.strip().lower()
    fits = len(address) > len(prefix) + len(suffix)
    if not (suffix and fits and address.startswith(prefix) and address.endswith(suffix)):
        return ""
    return address[len(prefix) : len(address) - len(suffix)]


def _around_token() -> tuple[str, str]:
    prefix, _, suffix = settings.REPLY_ADDRESS.lower().partition(TOKEN)
    return prefix, suffix
