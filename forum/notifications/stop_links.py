"""The one link of a mail that stops exactly such mails: signed for its member, without a login.

Opened it is a page with one button. The mail program's own button posts to the same address, and
then nothing is asked (RFC 8058).
"""

from dataclasses import dataclass
from enum import StrEnum

from django.core import signing
from django.urls import reverse

from accounts.models import User
from forum.notifications import kinds
from forum.notifications.models import Notification

SALT = "forum.notifications.stop"


class What(StrEnum):
    """What a link stops."""

    PLACE = "place"
    KIND = "kind"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class Stop:
    """What a link, signed by us, is for."""

    member: User
    what: What
    name: str  # of the place or the kind


def url_of(notification: Notification) -> str:
    """The address that stops what this notification came from. Queries: 0 or 1."""
    kind = kinds.find(notification.kind)
    place = kind.mutes(notification) if kind is not None else ""
    if place:
        return _url(notification.user_id, What.PLACE, place)
    return _url(notification.user_id, What.KIND, notification.kind)


def letter_url(member: User) -> str:
    """The address that stops the member's weekly letters."""
    return _url(member.pk, What.LETTER, "")


def read(token: str) -> Stop | None:
    """What the link is for; None for one that was not made here. Queries: 0 or 1."""
    try:
        member_pk, what, name = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    member = User.objects.filter(pk=member_pk, erased_at=None).first()
    return Stop(member, What(what), name) if member is not None else None


def _url(member_pk: int, what: What, name: str) -> str:
    token = signing.dumps([member_pk, what.value, name], salt=SALT)
    return reverse("notifications:stop", args=[token])
