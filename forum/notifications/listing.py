"""A member's notifications as a list: grouped by place, the one that changed last first."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import F, Max, Q, Window
from django.db.models.functions import RowNumber

from accounts.models import User
from forum.lib.pages import Page, key_of, parse_key
from forum.notifications import kinds
from forum.notifications.actions.reading import hide
from forum.notifications.kinds import Told
from forum.notifications.models import Notification, NotificationQuerySet

PAGE_SIZE = 20  # groups
TRAY_SIZE = 8
ROWS_OF_A_GROUP = 6  # the newest of a place; the rest waits behind them


@dataclass(frozen=True, slots=True)
class Row:
    """One notification with its words."""

    notification: Notification
    told: Told


@dataclass(frozen=True, slots=True)
class Group:
    """What one place tells, the newest first; without rows it is gone from the list.

    `seq` is the tray's number from before the rows were read: those of the rows do not do, since
    one that is gone takes its number along.
    """

    place: str
    seq: int
    rows: Sequence[Row] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"notifications-{self.place.replace('.', '-')}"

    @property
    def first(self) -> Row:
        return self.rows[0]

    @property
    def key(self) -> str:
        """What the list is sorted by, the greatest first; fragments are put in by it."""
        newest = self.first.notification.changed_at
        return f"{newest.timestamp():017.6f}"

    @property
    def is_unread(self) -> bool:
        return any(row.notification.is_unread for row in self.rows)


@dataclass(frozen=True, slots=True)
class ChangedRows:
    """The places whose rows changed after a number; complete up to seq."""

    places: list[str]
    seq: int
    more: bool


def page_of(
    member: User, seq: int, before: str, address: str, *, is_unread_only: bool
) -> Page[Group]:
    """One page of the member's list. Queries: two, and some for each kind on it."""
    rows = _shown(member)
    if is_unread_only:
        rows = rows.filter(place__in=_shown(member).unread().values("place"))
    places = _places(rows, before)
    shown, has_later = places[:PAGE_SIZE], len(places) > PAGE_SIZE
    chosen = {"filter": "unread"} if is_unread_only else {}
    later = {**chosen, "before": key_of(*shown[-1][1:])} if has_later else {}
    first = f"{address}?{urlencode(chosen)}" if chosen else address
    return Page(
        groups_changed(member, [place for place, *_ in shown], seq),
        later_url=f"{address}?{urlencode(later)}" if later else "",
        first_url=first if parse_key(before) else "",
    )


def tray_of(member: User, seq: int) -> list[Group]:
    """The places that told something last. Queries: as a page."""
    places = [place for place, *_ in _places(_shown(member), "")[:TRAY_SIZE]]
    return groups_changed(member, places, seq)


def groups_changed(member: User, places: Collection[str], seq: int) -> list[Group]:
    """The groups of these places as they are now, the newest first.

    What the member may not see any more is left out, and counts no longer.
    """
    rows = _newest_of(member, places)
    seen = _seen(member, rows)
    if len(seen) < len(rows):
        hide(member=member, notifications=[row.pk for row in rows if row not in seen])
        # What one tells of beside the lost is still to be told.
        seen = _seen(member, _newest_of(member, places))
    told = _words(seen)
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in seen:
        if row.pk in told:
            groups[row.place].append(Row(row, told[row.pk]))
    made = [Group(place, seq, shown) for place, shown in groups.items()]
    return sorted(made, key=lambda group: group.key, reverse=True)


def rows_changed(member: User, since: int, limit: int) -> ChangedRows:
    """Where something changed after the number: at least `limit` rows, if there are so many."""
    changed = Notification.objects.filter(user=member, seq__gt=since).order_by("seq")
    rows = list(changed.values_list("place", "seq")[: limit + 1])
    if len(rows) <= limit:
        return ChangedRows(list(dict.fromkeys(place for place, _ in rows)), since, more=False)
    # Rows that were read at once have one number: all of it, or none.
    last = rows[limit - 1][1]
    same = changed.filter(seq__lte=last).values_list("place", flat=True)
    return ChangedRows(list(dict.fromkeys(same)), last, more=True)


def _shown(member: User) -> NotificationQuerySet:
    return Notification.objects.readable_by(member).standing()


def _places(rows: NotificationQuerySet, before: str) -> list[tuple[str, datetime, int]]:
    """The places of the next page and one more, each with what it is sorted by."""
    groups = rows.order_by().values("place").annotate(at=Max("changed_at"), newest=Max("pk"))
    if key := parse_key(before):
        at, newest = key
        groups = groups.filter(Q(at__lt=at) | Q(at=at, newest__lt=newest))
    ordered = groups.order_by("-at", "-newest")[: PAGE_SIZE + 1]
    return [(each["place"], each["at"], each["newest"]) for each in ordered]


def _newest_of(member: User, places: Collection[str]) -> list[Notification]:
    """The newest rows of each of the places, the newest of all first. Queries: one."""
    rank = Window(
        RowNumber(), partition_by="place", order_by=[F("changed_at").desc(), F("pk").desc()]
    )
    found = _shown(member).filter(place__in=places).annotate(rank=rank)
    rows = found.filter(rank__lte=ROWS_OF_A_GROUP).select_related("last_event")
    return sorted(rows, key=lambda each: (each.changed_at, each.pk), reverse=True)


def _seen(member: User, rows: Sequence[Notification]) -> list[Notification]:
    """Those of the rows whose last event the member may see. Queries: one for each kind."""
    visible = {
        event
        for name, of_kind in _by_kind(rows).items()
        for event in kinds.get(name).seen_by(member, [row.last_event for row in of_kind])
    }
    return [row for row in rows if row.last_event_id in visible]


def _words(rows: Iterable[Notification]) -> dict[int, Told]:
    told: dict[int, Told] = {}
    for name, of_kind in _by_kind(rows).items():
        told |= kinds.get(name).words(of_kind)
    return told


def _by_kind(rows: Iterable[Notification]) -> dict[str, list[Notification]]:
    by_kind: defaultdict[str, list[Notification]] = defaultdict(list)
    for row in rows:
        if kinds.find(row.kind) is not None:  # else of a newer version, or of a room now closed
            by_kind[row.kind].append(row)
    return by_kind
