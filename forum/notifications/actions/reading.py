"""What a member has read of their notifications; every open page of theirs is told.

Locks: the member's tray, each of them.
"""

from collections import defaultdict
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from forum.notifications import kinds, ladder, plugs
from forum.notifications.actions.filing import hold_trays, recount, take_numbers
from forum.notifications.models import Item, Notification


def mark_read(*, member: User, pks: Collection[int]) -> None:
    """These of the member's notifications are read. Repeating it changes nothing."""
    _read(member, Q(notification__in=pks))


def read_places(*, member: User, places: Collection[str]) -> None:
    """All of the member's notifications of these places are read. Queries: none without places."""
    if places:
        _read(member, Q(notification__place__in=places))


def read_events(*, member: User, abouts: Collection[str]) -> None:
    """What the member was told of these rows ("post.77") is read: they have seen the rows.

    Queries: none without rows.
    """
    if abouts:
        _read(member, Q(event__about__in=abouts))


def read_all(*, member: User) -> None:
    """Everything the member was told is read. Queries: at most seven."""
    with transaction.atomic():
        hold_trays([member.pk])
        unread = Notification.objects.filter(user=member).unread()
        pks = list(unread.values_list("pk", flat=True))
        if not pks:
            return
        Item.objects.filter(notification__in=pks).update(is_read=True)
        number = take_numbers({member.pk: 1})[member.pk]
        Notification.objects.filter(pk__in=pks).update(read_at=timezone.now(), seq=number)
        ladder.stop(pks)


def mark_unread(*, member: User, pk: int) -> None:
    """This notification of the member waits again, unless a newer one of its subject does."""
    with transaction.atomic():
        hold_trays([member.pk])
        row = Notification.objects.filter(user=member, pk=pk).exclude(read_at=None).first()
        if row is None:
            return
        waiting = Notification.objects.filter(
            user=member, kind=row.kind, subject=row.subject, read_at=None
        )
        if not waiting.exists():
            row.items.update(is_read=False)
            Notification.objects.filter(pk=row.pk).update(read_at=None)
            recount([row.pk])


def hide(*, member: User, notifications: Collection[int]) -> None:
    """Count anew what these tell of: items of what the member may see no longer count no more.

    Queries: some for each kind.
    """
    with transaction.atomic():
        hold_trays([member.pk])
        items = Item.objects.filter(notification__in=notifications, user=member, is_hidden=False)
        found = list(items.select_related("event", "notification"))
        lost = _lost_to(member, found)
        if lost:
            Item.objects.filter(pk__in=lost).update(is_hidden=True)
            recount({item.notification_id for item in found if item.pk in lost})


def unread_abouts(member: User, places: Collection[str]) -> list[str]:
    """The rows that the member was told of in these places, or where rows from anywhere are
    gathered, and has not read.

    Queries: three. Locks: the member's tray, in the caller's transaction: what is being spread to
    them now is waited for, and what is spread later finds what the caller noted as read.
    """
    hold_trays([member.pk])
    here = [*places, *plugs.gathering_places]
    items = Item.objects.filter(
        user=member, is_read=False, notification__place__in=here, notification__read_at=None
    )
    return list(items.values_list("event__about", flat=True))


def unread_places(member: User) -> list[str]:
    """The places with something unread for the member. Queries and locks: as above."""
    hold_trays([member.pk])
    unread = Notification.objects.filter(user=member).unread()
    return list(unread.values_list("place", flat=True).distinct())


def _read(member: User, chosen: Q) -> None:
    items = Item.objects.filter(chosen, user=member, is_read=False, notification__read_at=None)
    if not items.exists():  # mostly: and then no lock is taken
        return
    with transaction.atomic():
        hold_trays([member.pk])
        rows = list(items.values_list("pk", "notification"))
        if rows:
            Item.objects.filter(pk__in=[item for item, _ in rows]).update(is_read=True)
            recount({notification for _, notification in rows})


def _lost_to(member: User, items: Collection[Item]) -> set[int]:
    """Those of the items (by key) whose event the member may not see; unknown kinds are let be."""
    by_kind: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_kind[item.notification.kind].append(item)
    lost: set[int] = set()
    for name, of_kind in by_kind.items():
        if (kind := kinds.find(name)) is not None:
            seen = kind.seen_by(member, [item.event for item in of_kind])
            lost |= {item.pk for item in of_kind if item.event_id not in seen}
    return lost
