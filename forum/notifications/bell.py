"""The bell in every page's masthead: how much is unread, and which number that was."""

from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

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


_UNREAD = Subquery(
    Notification.objects.filter(user=OuterRef("pk"))
    .unread()
    .order_by()
    .values("user")
    .annotate(number=Count("pk"))
    .values("number")
)
_SOUND = Subquery(Preference.objects.filter(pk=OuterRef("pk")).values("has_sound"))
_BELL = Prepared(
    lambda viewer: (
        Tray.objects.filter(pk=viewer)
        .annotate(unread=Coalesce(_UNREAD, 0), sound=Coalesce(_SOUND, False), number=F("seq"))
        .values_list("number", "unread", "sound")
    )
)


def bell_of(viewer: Viewer) -> Bell:
    """The viewer's bell; an empty one for a guest. Queries: one for a member."""
    if viewer.pk is None:
        return Bell()
    row = _BELL.first(viewer=viewer.pk)
    return Bell(viewer.pk, *row) if row is not None else Bell(viewer.pk)
