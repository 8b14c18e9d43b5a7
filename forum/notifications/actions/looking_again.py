"""When what was told of changes: hidden, withdrawn, shown again, moved."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q, QuerySet

from forum.jobs.tasks import task
from forum.notifications import kinds
from forum.notifications.actions.filing import growing, hold_trays, recount
from forum.notifications.kinds import Filing, Kind
from forum.notifications.models import Event, Item, Notification

ROWS_A_JOB = 100
BATCH = 500  # members in one transaction


def look_again(*, abouts: Sequence[str]) -> None:
    """Have the worker judge anew what members were told of these rows ("post.77").

    To be called by whatever hides, shows again or moves them, in its transaction. What a member may
    not see leaves lists and counts; what moved follows. Queries: one for each 100 rows.
    """
    for start in range(0, len(abouts), ROWS_A_JOB):
        look.enqueue(list(abouts[start : start + ROWS_A_JOB]))


def look_again_in(*, place: str) -> None:
    """The same for everything that was told of a place, as when a thread got other readers."""
    look_in.enqueue(place)


@task("notifications.look_again")
def look(abouts: list[str]) -> None:
    """Judge the events of these rows anew. Done again it changes nothing."""
    for event in Event.objects.filter(about__in=abouts).order_by("pk"):
        _judge(event)


@task("notifications.look_again_in")
def look_in(place: str, after: int = 0) -> None:
    """Judge anew what was told of the place, a part at a time. Done again it changes nothing."""
    told = Item.objects.filter(notification__place=place).values("event")
    events = list(Event.objects.filter(pk__in=told, pk__gt=after).order_by("pk")[:ROWS_A_JOB])
    for event in events:
        _judge(event)
    if len(events) == ROWS_A_JOB:
        look_in.enqueue(place, events[-1].pk)


def _judge(event: Event) -> None:
    """See what each item of the event is by now. Queries: some for each kind and 500 members."""
    told = event.items.order_by().values_list("notification__kind", flat=True).distinct()
    for name in list(told):
        event.read.clear()  # no lock holds what it tells of: each kind looks anew
        kind = kinds.get(name)
        filing = kind.filing(event)
        items = event.items.filter(notification__kind=name)
        _rejudge(items, _wrongly_shown(items, event, kind, filing), is_hidden=True)
        if filing is not None:
            _rejudge(items, _wrongly_hidden(items, event, kind), is_hidden=False)
            _follow(event, name, filing, items)


def _wrongly_shown(
    items: QuerySet[Item], event: Event, kind: Kind, filing: Filing | None
) -> QuerySet[Item]:
    shown = items.filter(is_hidden=False)
    if filing is None:
        return shown
    return shown.exclude(user__in=kind.who_may_see(event).order_by().values("pk"))


def _wrongly_hidden(items: QuerySet[Item], event: Event, kind: Kind) -> QuerySet[Item]:
    able = kind.who_may_see(event).order_by().values("pk")
    return items.filter(is_hidden=True, user__in=able)


def _rejudge(items: QuerySet[Item], wrong: QuerySet[Item], *, is_hidden: bool) -> None:
    while members := _members_of(wrong):
        with transaction.atomic():
            hold_trays(members)
            found = items.filter(user__in=members)
            pks = list(found.values_list("notification", flat=True))
            found.update(is_hidden=is_hidden)
            recount(pks)


def _follow(event: Event, kind: str, filing: Filing, items: QuerySet[Item]) -> None:
    """Items whose row moved go to the notification of where it is now."""
    here = Q(notification__place=filing.place, notification__subject=filing.subject)
    while members := _members_of(items.exclude(here)):
        with transaction.atomic():
            hold_trays(members)
            moved = Item.objects.filter(event=event, user__in=members).exclude(here)
            unread = moved.filter(notification__read_at=None, notification__kind=kind)
            _move_unread(event, kind, filing, unread)
            # What was read is history: it is only listed under another heading.
            read = Notification.objects.filter(items__in=list(moved), kind=kind)
            left = list(read.values_list("pk", flat=True))
            Notification.objects.filter(pk__in=left).update(
                place=filing.place, subject=filing.subject
            )
            recount(left)


def _move_unread(event: Event, kind: str, filing: Filing, items: QuerySet[Item]) -> None:
    rows = list(items.values_list("pk", "user", "notification"))
    if not rows:
        return
    targets = growing(event, kind, filing, {user for _, user, _ in rows})
    for pk, user, _ in rows:
        Item.objects.filter(pk=pk).update(notification=targets[user])
    recount({*targets.values(), *(notification for *_, notification in rows)})


def _members_of(items: QuerySet[Item]) -> list[int]:
    return list(items.order_by("user").values_list("user", flat=True)[:BATCH])
