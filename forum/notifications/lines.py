"""What waiting deliveries still have to tell: asked again at the moment of sending."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from accounts.models import User
from forum.notifications import kinds
from forum.notifications.kinds import Kind, Told
from forum.notifications.models import Delivery, Event, Follow, Item, Notification

SAID_MAX_CHARS = 8_000  # the rest is behind the link


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened, in the words of the active language."""

    told: Told
    said: str  # the whole of it, as plain words
    kind: Kind
    notification: Notification
    event: Event


def lines_of(member: User, deliveries: Iterable[Delivery]) -> list[Line]:
    """What these deliveries of the member tell, each event as a line of its own, the oldest first.

    Left out is what was read since, what may not be seen any more, what was muted since, and what
    an earlier delivery over the same channel has told.
    Queries: three, and two or three for each kind among them.
    """
    open_ones = _unmuted(member, [each for each in deliveries if each.notification.is_unread])
    items = _items(open_ones)
    by_kind: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_kind[item.notification.kind].append(item)
    lines = []
    for name, of_kind in by_kind.items():
        lines += _lines(member, kinds.get(name), of_kind)
    return sorted(lines, key=lambda line: (line.event.at, line.event.pk))


def summed(lines: Iterable[Line]) -> list[Line]:
    """One line for each notification, counted in its title, with the last words; the oldest first.

    Queries: two or three for each notification of more than one line.
    """
    by_row: dict[int, list[Line]] = {}
    for line in lines:
        by_row.setdefault(line.notification.pk, []).append(line)
    return [_sum(of_row) for of_row in by_row.values()]


def _sum(lines: Sequence[Line]) -> Line:
    last = lines[-1]
    if len(lines) == 1:
        return last
    row = last.notification
    row.count, row.last_event = len(lines), last.event
    told = last.kind.words([row]).get(row.pk, last.told)
    return replace(last, told=told)


def _unmuted(member: User, deliveries: Sequence[Delivery]) -> list[Delivery]:
    known = [
        (each, kind.mutes(each.notification))
        for each in deliveries
        if (kind := kinds.find(each.notification.kind)) is not None
    ]
    places = {place for _, place in known}
    muted = Follow.objects.filter(user=member, level=Follow.Level.MUTED, place__in=places)
    deaf = set(muted.values_list("place", flat=True))
    return [each for each, place in known if place not in deaf]


def _items(deliveries: Sequence[Delivery]) -> list[Item]:
    """The items that these deliveries tell and no earlier one has told, with their events."""
    if not deliveries:
        return []
    rows = {each.notification_id: each for each in deliveries}
    told = _told_before(deliveries)
    items = Item.objects.filter(notification__in=rows, is_read=False, is_hidden=False)
    found = []
    for item in items.select_related("event").order_by("pk"):
        delivery = rows[item.notification_id]
        if told.get(item.notification_id, 0) < item.pk <= (delivery.through or item.pk):
            item.notification = delivery.notification
            found.append(item)
    return found


def _told_before(deliveries: Sequence[Delivery]) -> dict[int, int]:
    """How far earlier deliveries over the same channel have told, by notification."""
    sent = Delivery.objects.filter(
        notification__in=[each.notification_id for each in deliveries],
        channel=deliveries[0].channel,
        state=Delivery.State.SENT,
    )
    furthest: dict[int, int] = {}
    for pk, through in sent.values_list("notification", "through"):
        furthest[pk] = max(through, furthest.get(pk, 0))
    return furthest


def _lines(member: User, kind: Kind, items: Sequence[Item]) -> list[Line]:
    seen = kind.seen_by(member, [item.event for item in items])
    alone = {-item.pk: item for item in items if item.event_id in seen}
    words = kind.words([_of_one(item, pk) for pk, item in alone.items()])
    said = kind.said([item.event for item in alone.values()])
    return [
        Line(
            words[pk],
            said.get(item.event_id, words[pk].text)[:SAID_MAX_CHARS],
            kind,
            item.notification,
            item.event,
        )
        for pk, item in alone.items()
        if pk in words
    ]


def _of_one(item: Item, pk: int) -> Notification:
    """The notification as if it told of this item only; never saved."""
    row = item.notification
    return Notification(
        pk=pk,
        user_id=row.user_id,
        kind=row.kind,
        place=row.place,
        subject=row.subject,
        count=1,
        last_event=item.event,
        changed_at=item.event.at,
        created_at=row.created_at,
    )
