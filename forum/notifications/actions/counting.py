"""What notifications count, after something became of their items."""

from collections.abc import Collection

from django.db.models import Count, Max, Q
from django.utils import timezone

from forum.live.announcing import announce
from forum.notifications.models import Notification, Tray


def hold(member_pk: int) -> Tray:
    """The member's tray, made where there is none. Locks: its row, until commit."""
    trays = Tray.objects.select_for_update().filter(pk=member_pk)
    tray = trays.first()
    if tray is None:
        Tray.objects.bulk_create([Tray(pk=member_pk)], ignore_conflicts=True)
        tray = trays.get()
    return tray


def recount(tray: Tray, pks: Collection[int]) -> None:
    """Count anew what these notifications of the member have left to tell, and announce it.

    One whose items are all read is read itself. Each gets a change number of its own.
    Queries: three, and one for each notification that changed. Locks: the caller holds the tray.
    """
    visible = Q(items__is_hidden=False)
    rows = Notification.objects.filter(pk__in=pks, user=tray.pk).annotate(
        new=Count("items", visible & Q(items__is_read=False)),
        read=Count("items", visible & Q(items__is_read=True)),
        last=Max("items__event", visible),
    )
    now = timezone.now()
    for row in rows.order_by("changed_at", "pk"):
        row.count = row.new or row.read
        row.last_event_id = row.last or row.last_event_id
        if row.new == 0 and row.read and row.read_at is None:
            row.read_at = now
        row.seq = tray.take_seq()
        row.save(update_fields=["count", "last_event", "read_at", "seq"])
    announce(stream_of(tray.pk), tray.seq)


def stream_of(member_pk: int) -> str:
    """The name of the member's own stream."""
    return f"member.{member_pk}"
