"""The one link of a notification that changes exactly that which it came from.

It is signed for its member and needs no login: it stands in mails, which are read anywhere. What it
opens is a page; only its button changes something.
"""

from django.core import signing
from django.urls import reverse

from accounts.models import User
from forum.notifications import kinds
from forum.notifications.models import Notification

SALT = "forum.notifications.change"


def change_url(notification: Notification) -> str:
    """The address, from the root of the site, that changes what this came from. Queries: 0 or 1."""
    kind = kinds.find(notification.kind)
    place = kind.mutes(notification) if kind is not None else ""
    if not place:
        return reverse("notifications:settings")
    return change_url_of(notification.user_id, place)


def change_url_of(member_pk: int, place: str) -> str:
    """The address at which this member changes the level of this place."""
    token = signing.dumps([member_pk, place], salt=SALT, compress=True)
    return reverse("notifications:change", args=[token])


def read_token(token: str) -> tuple[User, str] | None:
    """The member and the place that the link was made for; None where it was not made here."""
    try:
        member_pk, place = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    member = User.objects.filter(pk=member_pk, is_active=True).first()
    return (member, place) if member is not None else None
