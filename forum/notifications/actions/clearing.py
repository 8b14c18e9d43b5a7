"""What is forgotten after its time."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.personal_data import Erasure
from forum.notifications.models import Event, Follow, Item, Notification, Preference, Tray

KEPT = timedelta(days=180)  # after it was read; what is unread waits for ever
ROWS_AT_ONCE = 1_000


def clear() -> None:
    """Remove old notifications that were read or tell of nothing, and events nobody was told of.

    An event stays as long as an item of it: the item keeps its member from being told twice.
    """
    before = timezone.now() - KEPT
    done = Q(read_at__lt=before) | Q(count=0, changed_at__lt=before)
    while pks := list(
        Notification.objects.filter(done).values_list("pk", flat=True)[:ROWS_AT_ONCE]
    ):
        Notification.objects.filter(pk__in=pks).delete()
    spread = Event.objects.filter(spread_at__lt=before, items=None)
    while pks := list(spread.values_list("pk", flat=True)[:ROWS_AT_ONCE]):
        Event.objects.filter(pk__in=pks).delete()


def forget(erasure: Erasure) -> None:
    """Whatever the member was told, followed and chose: seen by nobody else."""
    for model in (Item, Notification, Follow, Preference, Tray):
        model.objects.filter(user=erasure.member).delete()
