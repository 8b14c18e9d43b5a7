"""The worker's part: an event becomes notifications, in batches, each member once.

Source: docs/decisions/0032-notifications.md.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from accounts.models import User
from forum.jobs.tasks import task
from forum.live.announcing import announce_numbers
from forum.notifications import kinds
from forum.notifications.actions.counting import stream_of
from forum.notifications.kinds import Filing
from forum.notifications.models import Event, Item, Notification, Tray

BATCH = 500  # members told in one transaction


@task("notifications.spread")
def spread(event: int) -> None:
    """Tell everybody whom the event concerns. Done again, it goes on where it was left."""
    while spread_batch(event):
        pass


def spread_batch(pk: int) -> bool:
    """Tell the next members of the event; whether there may be more.

    Queries: about fifteen, however many members the batch has.
    Locks: the event's row, then the trays of the members, in the order of keys.
    """
    with transaction.atomic():
        event = Event.objects.select_for_update().get(pk=pk)
        if event.spread_at is not None:
            return False
        if event.step >= len(event.kinds):
            Event.objects.filter(pk=pk).update(spread_at=timezone.now())
            return False
        kind = kinds.get(event.kinds[event.step])
        filing = kind.filing(event)
        members = _next_members(event, kind) if filing is not None else []
        if filing is not None and members:
            _tell(event, kind.name, filing, members)
        if len(members) == BATCH:
            Event.objects.filter(pk=pk).update(reached=members[-1])
        else:
            Event.objects.filter(pk=pk).update(step=event.step + 1, reached=0)
    return True


def _next_members(event: Event, kind: kinds.Kind) -> list[int]:
    """The next who are meant by this kind and may see it, by key."""
    meant = kind.recipients(event).order_by().values("pk")
    able = kind.who_may_see(event).order_by().values("pk")
    members = User.objects.filter(pk__in=meant, is_active=True, pk__gt=event.reached)
    members = members.filter(pk__in=able).exclude(pk=event.actor_id or 0)
    return list(members.order_by("pk").values_list("pk", flat=True)[:BATCH])


def _tell(event: Event, kind: str, filing: Filing, members: Sequence[int]) -> None:
    Tray.objects.bulk_create([Tray(pk=pk) for pk in members], ignore_conflicts=True)
    list(Tray.objects.select_for_update().filter(pk__in=members).order_by("pk").values_list("pk"))
    told = set(Item.objects.filter(event=event, user__in=members).values_list("user", flat=True))
    fresh = [pk for pk in members if pk not in told]
    if not fresh:
        return
    rows = _growing(event, kind, filing, fresh)
    Item.objects.bulk_create(
        Item(notification_id=row, event=event, user_id=member) for member, row in rows.items()
    )
    Tray.objects.filter(pk__in=fresh).update(seq=F("seq") + 1)
    number = Subquery(Tray.objects.filter(pk=OuterRef("user")).values("seq"))
    Notification.objects.filter(pk__in=rows.values()).update(
        count=F("count") + 1,
        last_event=event,
        place=filing.place,
        changed_at=event.at,
        seq=number,
    )
    numbers = Tray.objects.filter(pk__in=fresh).values_list("pk", "seq")
    announce_numbers({stream_of(pk): seq for pk, seq in numbers})


def _growing(event: Event, kind: str, filing: Filing, members: Sequence[int]) -> dict[int, int]:
    """The unread notification of each member, by member; made where there is none.

    Locks: the caller holds the trays, so nobody else makes one.
    """
    unread = Notification.objects.filter(
        user__in=members, kind=kind, subject=filing.subject, read_at=None
    )
    known = set(unread.values_list("user", flat=True))
    Notification.objects.bulk_create(
        Notification(
            user_id=pk,
            kind=kind,
            place=filing.place,
            subject=filing.subject,
            last_event=event,
            changed_at=event.at,
        )
        for pk in members
        if pk not in known
    )
    return dict(unread.values_list("user", "pk"))
