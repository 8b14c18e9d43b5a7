"""The worker's part: an event becomes notifications, in batches, each member once.

Source: docs/decisions/0032-notifications.md.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import User
from forum.jobs.tasks import task
from forum.notifications import kinds, ladder
from forum.notifications.actions.filing import growing, hold_trays, take_numbers
from forum.notifications.kinds import Filing, Kind
from forum.notifications.models import Event, Item, Notification, Tray

BATCH = 500  # members told in one transaction


@task("notifications.spread")
def spread(event: int) -> None:
    """Tell everybody whom the event concerns. Done again, it goes on where it was left."""
    while spread_batch(event):
        pass


def spread_batch(pk: int) -> bool:
    """Tell the next members of the event; whether there may be more.

    Queries: about fifteen, however many members the batch has; three and one for each kind that may
    be meant for somebody where nobody is told.
    Locks: the event's row, then the trays of the members, in the order of keys.
    """
    with transaction.atomic():
        event = Event.objects.select_for_update(no_key=True).filter(pk=pk).first()
        if event is None or event.spread_at is not None:
            return False
        while event.step < len(event.kinds) and not _tell_next(event):
            pass
        if event.step >= len(event.kinds):
            event.spread_at = timezone.now()
        event.save(update_fields=["step", "reached", "spread_at"])
    return event.spread_at is None


def _tell_next(event: Event) -> bool:
    """Tell the next members of one kind; whether there were any. The event is past them, unsaved.

    One transaction tells those of one kind only: it locks their trays in the order of keys.
    """
    kind = kinds.get(event.kinds[event.step])
    filing = kind.filing(event)
    members = _next_members(event, kind) if filing is not None else []
    if filing is not None and members:
        _tell(event, kind, filing, members)
    if len(members) == BATCH:
        event.reached = members[-1]
    else:
        event.step, event.reached = event.step + 1, 0
    return bool(members)


def _next_members(event: Event, kind: Kind) -> list[int]:
    """The next who are meant by this kind and may see it, by key."""
    meant = kind.recipients(event).order_by().values("pk")
    if meant.query.is_empty():
        return []
    able = kind.who_may_see(event).order_by().values("pk")
    members = User.objects.filter(pk__in=meant, is_active=True, pk__gt=event.reached)
    members = members.filter(pk__in=able).exclude(pk=event.actor_id or 0)
    return list(members.order_by("pk").values_list("pk", flat=True)[:BATCH])


def _tell(event: Event, kind: Kind, filing: Filing, members: Sequence[int]) -> None:
    hold_trays(members)
    know = _told_of(event, members) | kind.have_seen(event, members)
    fresh = [pk for pk in members if pk not in know]
    if not fresh:
        return
    rows = growing(event, kind.name, filing, fresh)
    Item.objects.bulk_create(
        Item(notification_id=row, event=event, user_id=member) for member, row in rows.items()
    )
    take_numbers(dict.fromkeys(fresh, 1))
    number = Subquery(Tray.objects.filter(pk=OuterRef("user")).values("seq"))
    Notification.objects.filter(pk__in=rows.values()).update(
        count=F("count") + 1,
        last_event=event,
        place=filing.place,
        changed_at=event.at,
        seq=number,
    )
    ladder.climb(rows.values())


def _told_of(event: Event, members: Sequence[int]) -> set[int]:
    """Who of them heard of it already: of this event, or of what is told once only."""
    same = Q(event=event)
    if event.once:
        same |= Q(event__about=event.about, notification__kind__in=event.kinds)
    heard = Item.objects.filter(same, user__in=members)
    return set(heard.values_list("user", flat=True))
