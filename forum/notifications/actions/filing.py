"""The rows of notifications, for one member or for many at once.

Locks: whoever changes notifications holds the trays of their members, in the order of keys.
"""

from collections import Counter
from collections.abc import Collection, Mapping

from django.db.models import Count, F, Max, Q
from django.utils import timezone

from forum.live.announcing import announce_numbers
from forum.notifications import ladder
from forum.notifications.kinds import Filing
from forum.notifications.models import Event, Notification, Tray

ROWS_AT_ONCE = 500


def stream_of(member_pk: int) -> str:
    """The name of the member's own stream."""
    return f"member.{member_pk}"


def hold_trays(members: Collection[int]) -> None:
    """Make the trays that are missing. Locks: all of them, until commit. Queries: two."""
    Tray.objects.bulk_create([Tray(pk=pk) for pk in sorted(members)], ignore_conflicts=True)
    list(Tray.objects.select_for_update().filter(pk__in=members).order_by("pk").values_list("pk"))


def growing(event: Event, kind: str, filing: Filing, members: Collection[int]) -> dict[int, int]:
    """The unread notification of each member, by member; made where there is none.

    Queries: three. Locks: the caller holds the trays, so nobody else makes one.
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


def recount(pks: Collection[int]) -> None:
    """Count anew what these notifications have left to tell, and announce it to their members.

    One whose items are all read is read itself. Each gets a change number of its own.
    Queries: six for each 500 rows. Locks: the caller holds the trays.
    """
    visible = Q(items__is_hidden=False)
    found = Notification.objects.filter(pk__in=pks).annotate(
        new=Count("items", visible & Q(items__is_read=False)),
        seen=Count("items", visible & Q(items__is_read=True)),
        last=Max("items__event", filter=visible),
    )
    rows = list(found.order_by("user", "changed_at", "pk"))
    now = timezone.now()
    numbers = take_numbers(Counter(row.user_id for row in rows))
    for row in reversed(rows):
        row.count = row.new or row.seen
        row.last_event_id = row.last or row.last_event_id
        if row.new == 0 and row.seen and row.read_at is None:
            row.read_at = now
        row.seq = numbers[row.user_id]
        numbers[row.user_id] -= 1
    changed = ["count", "last_event", "read_at", "seq"]
    Notification.objects.bulk_update(rows, changed, batch_size=ROWS_AT_ONCE)
    ladder.stop([row.pk for row in rows if row.read_at is not None or row.count == 0])


def take_numbers(counts: Mapping[int, int]) -> dict[int, int]:
    """Advance the number of each member's tray by so many, announce it and give it.

    Queries: one, and one for each different count. Locks: the caller holds the trays.
    """
    by_count: dict[int, list[int]] = {}
    for member, count in counts.items():
        by_count.setdefault(count, []).append(member)
    for count, members in by_count.items():
        Tray.objects.filter(pk__in=members).update(seq=F("seq") + count)
    numbers = dict(Tray.objects.filter(pk__in=counts).values_list("pk", "seq"))
    announce_numbers({stream_of(pk): seq for pk, seq in numbers.items()})
    return numbers
