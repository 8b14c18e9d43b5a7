"""Taking deliveries so that nobody else does."""

from django.db.models import F, Max
from django.utils import timezone

from forum.notifications.models import Bundle, Delivery, DeliveryQuerySet, Item


def claim(waiting: DeliveryQuerySet, bundle: Bundle | None = None) -> int:
    """Take those that nobody has taken, in the caller's transaction. Gives how many.

    One update whose condition is asked again under the row's lock. How far each tells is set
    now, so that a repetition says the same.
    """
    keys = list(waiting.values_list("pk", flat=True))
    claimed = (
        Delivery.objects.waiting()
        .filter(pk__in=keys)
        .update(
            state=Delivery.State.SENDING,
            bundle=bundle,
            claimed_at=timezone.now(),
            attempts=F("attempts") + 1,
        )
    )
    if not claimed:
        return 0
    held = Delivery.objects.held().filter(pk__in=keys, bundle=bundle)
    last = Item.objects.filter(notification__in=held.values("notification"))
    for pk, item in last.order_by().values_list("notification").annotate(last=Max("pk")):
        held.filter(notification=pk).update(through=item)
    return claimed
