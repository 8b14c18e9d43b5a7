"""What is written down after an attempt to send, in one transaction with what follows from it."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from forum.notifications import ladder
from forum.notifications.ladder import State
from forum.notifications.models import Delivery

ERROR_MAX_CHARS = 500


def settle(deliveries: Sequence[Delivery], state: State, why: str = "") -> None:
    """Note how these ended; what is still unread goes on to the next rung.

    What was dropped, since it may not be seen or is not wanted any more, goes nowhere. Only those
    still held are touched, so that a repetition changes nothing.
    """
    with transaction.atomic():
        keys = [each.pk for each in deliveries]
        held = Delivery.objects.held().filter(pk__in=keys).select_for_update(of=("self",))
        rows = list(held.select_related("notification"))
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=state,
            sent_at=timezone.now() if state == State.SENT else None,
            last_error=why[-ERROR_MAX_CHARS:],
        )
        if state == State.DROPPED:
            ladder.climb_again(rows)
        else:
            ladder.climb_on(rows)
