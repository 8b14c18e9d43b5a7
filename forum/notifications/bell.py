"""The bell in every page's masthead: how much is unread, and which number that was."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Expression, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.rules import Viewer
from forum.lib.prepared import Prepared
from forum.notifications.models import Notification, Preference, Tray


@dataclass(frozen=True, slots=True)
class Bell:
    """What the bell shows of one member's notifications."""

    member_pk: int = 0
    seq: int = 0
    count: int = 0
    has_sound: bool = False

    @property
    def streams(self) -> str:
        """The member's own stream, for the page to follow."""
        return f"member.{self.member_pk}:{self.seq}"


_SEQ = Tray.objects.filter(pk=OuterRef("pk")).values("seq")
_UNREAD = (
    Notification.objects.filter(user=OuterRef("pk"))
    .unread()
    .order_by()
    .values("user")
    .annotate(number=Count("pk"))
    .values("number")
)
_SOUND = Preference.objects.filter(pk=OuterRef("pk")).values("has_sound")
# Columns beside a row of a member, in the order of the fields of a Bell.
BELL: Mapping[str, Expression] = {
    "bell_seq": Coalesce(Subquery(_SEQ), 0),
    "bell_unread": Coalesce(Subquery(_UNREAD), 0),
    "bell_sound": Coalesce(Subquery(_SOUND), False),
}
_BELL = Prepared(lambda viewer: User.objects.filter(pk=viewer).annotate(**BELL).values_list(*BELL))


def bell_of(viewer: Viewer) -> Bell:
    """The viewer's bell; an empty one for a guest. Queries: one for a member."""
    if viewer.pk is None:
        return Bell()
    return Bell(viewer.pk, *(_BELL.first(viewer=viewer.pk) or ()))
