"""The way of a notification out of the forum: screen, push, e-mail, weekly letter.

A rung is tried only where the ones before it were not *seen*: whatever is read on a page stops the
rest. Source: docs/decisions/0033-delivering.md.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from forum.notifications import kinds
from forum.notifications.kinds import Kind
from forum.notifications.models import Channels, Delivery, Device, Notification, Preference
from forum.notifications.quiet_hours import QuietHours
from forum.notifications.sweeping import sweep_at

Channel = Delivery.Channel
State = Delivery.State

ON_SCREEN = timedelta(seconds=20)  # so long a page that is open has, before a telephone rings


@dataclass(frozen=True, slots=True)
class Wishes:
    """How one member wants to be reached."""

    user_id: int
    preset: str
    channels: Channels
    has_device: bool

    def rungs(self, kind: Kind) -> list[Channel]:
        """The rungs for this kind, in their order. Whether mail arrives is asked at sending."""
        rungs = [Channel.PUSH] if self.has_device else []
        if self._is_mailed(kind):
            rungs.append(Channel.MAIL)
        if self.channels.by_letter:
            rungs.append(Channel.LETTER)
        return rungs

    def due(self, channel: str, kind: Kind, now: datetime) -> datetime:
        """When the rung may be tried at the earliest."""
        if kind.is_urgent:
            return now + ON_SCREEN
        if channel == Channel.MAIL:
            now += timedelta(seconds=settings.MAIL_BUNDLE_SECONDS)
        else:
            now += ON_SCREEN
        return self.quiet_hours.next_open(now)

    @property
    def quiet_hours(self) -> QuietHours:
        return self.channels.quiet_hours

    def _is_mailed(self, kind: Kind) -> bool:
        if kind.has_own_mail or not self.channels.by_mail:
            return False
        if kind.name in self.channels.unmailed_kinds:
            return False
        return kind.is_urgent or self.preset != Preference.Preset.LETTER


def climb(pks: Collection[int]) -> None:
    """Put these notifications on their first rung, in the caller's transaction.

    To be called for each that was made or has grown. One that waits there already goes on waiting.
    Queries: six, however many they are.
    """
    given = Notification.objects.filter(pk__in=pks).only("pk", "user_id", "kind")
    rows = [(row, kind) for row in given if (kind := kinds.find(row.kind)) is not None]
    wishes = wishes_of({row.user_id for row, _ in rows})
    now = timezone.now()
    first = []
    for row, kind in rows:
        if rungs := wishes[row.user_id].rungs(kind):
            first.append(_delivery(row, rungs[0], wishes[row.user_id], kind, now))
    _put(first)


def climb_on(deliveries: Iterable[Delivery]) -> None:
    """Put the notifications of these deliveries on the rung above, in the caller's transaction.

    Queries: seven, or thirteen.
    """
    given = list(deliveries)
    wishes = wishes_of({delivery.user_id for delivery in given})
    now = timezone.now()
    above = []
    for delivery in given:
        kind = kinds.find(delivery.notification.kind)
        if kind is None or not delivery.notification.is_unread:
            continue
        if rung := _above(delivery.channel, wishes[delivery.user_id].rungs(kind)):
            row = delivery.notification
            above.append(_delivery(row, rung, wishes[row.user_id], kind, now))
    _put(above)
    climb_again(given)


def climb_again(deliveries: Sequence[Delivery]) -> None:
    """What came to these notifications while they were being sent begins below again.

    Queries: one, or seven.
    """
    if grown := _grown(deliveries):
        climb(grown)


def stop(pks: Collection[int]) -> None:
    """Seen: whatever of these notifications waits on some rung is not needed. Queries: one."""
    Delivery.objects.waiting().filter(notification__in=pks).update(state=State.DROPPED)


def wishes_of(users: Collection[int]) -> dict[int, Wishes]:
    """How each of the members wants to be reached. Queries: three."""
    presets = dict(Preference.objects.filter(user__in=users).values_list("user", "preset"))
    channels = Channels.objects.in_bulk(users)
    devices = Device.objects.usable().filter(user__in=users)
    with_device = set(devices.values_list("user", flat=True))
    return {
        pk: Wishes(
            user_id=pk,
            preset=presets.get(pk, Preference.Preset.CONCERNING),
            channels=channels.get(pk) or Channels(user_id=pk),
            has_device=pk in with_device,
        )
        for pk in users
    }


def _delivery(
    row: Notification, rung: Channel, wishes: Wishes, kind: Kind, now: datetime
) -> Delivery:
    due_at = wishes.due(rung, kind, now)
    return Delivery(user_id=row.user_id, notification=row, channel=rung, due_at=due_at)


def _put(deliveries: Sequence[Delivery]) -> None:
    # One that is on its way already is let be: the database lets no second one in.
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True, batch_size=500)
    sweep_at({each.due_at for each in deliveries if each.channel != Channel.LETTER})


def _above(channel: str, rungs: Sequence[Channel]) -> Channel | None:
    """The next rung after the channel; a channel given up meanwhile has its place nevertheless."""
    later = list(Channel)[list(Channel).index(Channel(channel)) + 1 :]
    return next((rung for rung in later if rung in rungs), None)


def _grown(deliveries: Sequence[Delivery]) -> list[int]:
    """Those of the notifications to which something came that these deliveries do not tell."""
    if not deliveries:
        return []
    through = {each.notification_id: each.through for each in deliveries if each.through}
    unread = Notification.objects.unread().filter(pk__in=through)
    last = unread.order_by().values_list("pk", "items__pk")
    return list({pk for pk, item in last if (item or 0) > through[pk]})
