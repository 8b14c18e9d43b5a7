"""What a member may do by one link of a mail: exactly this, for exactly this post, for a while.

The link opens a page with one button. Programs that look into mails follow links, but press no
buttons. Source: docs/decisions/0036-mail-in.md.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.discussions.models import Post
from forum.lib import signed_numbers

SALT = "act"
HOLDS_FOR = timedelta(days=30)


class Act(models.IntegerChoices):
    """What the link does; the numbers stand in mails and never change."""

    THANK = 1, _("Thank")
    SUPPORT = 2, _("Support")
    READ = 3, _("Mark as read")
    ACCEPT = 4, _("This answers my question")


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link says: who does what to which post."""

    act: Act
    member_pk: int
    post_pk: int
    has_ended: bool


def act_url(act: Act, member: User, post: Post, *, now: datetime | None = None) -> str:
    """The full address of the page where the member does this to the post. Queries: none."""
    word = signed_numbers.sign(
        SALT, (act, member.pk, post.pk), now=now or timezone.now(), holds_for=HOLDS_FOR
    )
    return f"{settings.SITE_URL}{reverse('mailbox:act', args=[word])}"


def linked_by(token: str) -> Linked | None:
    """What the link says, also where it has ended; None where it was not made here."""
    signed = signed_numbers.read(SALT, token)
    if signed is None or len(signed.numbers) != 3 or signed.numbers[0] not in Act.values:
        return None
    act, member_pk, post_pk = signed.numbers
    return Linked(Act(act), member_pk, post_pk, signed.has_ended(timezone.now()))
