"""What a member has read of their notifications; every open page of theirs is told."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from forum.live.announcing import announce
from forum.notifications.actions.counting import hold, recount, stream_of
from forum.notifications.models import Item, Notification


def mark_read(*, member: User, pks: Collection[int]) -> None:
    """These of the member's notifications are read. Locks: the member's tray."""
    with transaction.atomic():
        _read(member, Q(notification__in=pks))


def read_places(*, member: User, places: Collection[str]) -> None:
    """All of the member's notifications of these places are read. Locks: the member's tray."""
    if places:
        with transaction.atomic():
            _read(member, Q(notification__place__in=places))


def read_events(*, member: User, abouts: Collection[str]) -> None:
    """What the member was told of these rows ("post.77") is read: they have seen the rows.

    Locks: the member's tray.
    """
    if abouts:
        with transaction.atomic():
            _read(member, Q(event__about__in=abouts))


def read_all(*, member: User) -> None:
    """Everything the member was told is read. Queries: five. Locks: the member's tray."""
    with transaction.atomic():
        tray = hold(member.pk)
        unread = Notification.objects.filter(user=member, read_at=None, count__gt=0)
        pks = list(unread.values_list("pk", flat=True))
        if not pks:
            return
        Item.objects.filter(notification__in=pks).update(is_read=True)
        Notification.objects.filter(pk__in=pks).update(read_at=timezone.now(), seq=tray.take_seq())
        announce(stream_of(tray.pk), tray.seq)


def mark_unread(*, member: User, pk: int) -> None:
    """This notification of the member waits again, unless a newer one of its subject does.

    Locks: the member's tray.
    """
    with transaction.atomic():
        tray = hold(member.pk)
        row = Notification.objects.filter(user=member, pk=pk).exclude(read_at=None).first()
        if row is None:
            return
        waiting = Notification.objects.filter(
            user=member, kind=row.kind, subject=row.subject, read_at=None
        )
        if waiting.exists():
            return
        row.items.update(is_read=False)
        Notification.objects.filter(pk=row.pk).update(read_at=None)
        recount(tray, [row.pk])


def unread_abouts(member: User, place: str) -> list[str]:
    """The rows that the member was told of in this place and has not read. Queries: one."""
    items = Item.objects.filter(
        user=member, is_read=False, notification__place=place, notification__read_at=None
    )
    return list(items.values_list("event__about", flat=True))


def unread_places(member: User) -> list[str]:
    """The places with something unread for the member. Queries: one."""
    unread = Notification.objects.filter(user=member).unread()
    return list(unread.values_list("place", flat=True).distinct())


def _read(member: User, chosen: Q) -> None:
    tray = hold(member.pk)
    items = Item.objects.filter(chosen, user=member, is_read=False, notification__read_at=None)
    rows = list(items.only("pk", "notification_id"))
    if rows:
        Item.objects.filter(pk__in=[item.pk for item in rows]).update(is_read=True)
        recount(tray, {item.notification_id for item in rows})
