"""What a member has read. Only the member's own tray of notifications is told.

Source: docs/decisions/0013-read-state.md.
"""

from django.db import transaction
from django.db.models import BigIntegerField, CharField, F, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat, Greatest
from django.utils import timezone

from accounts.models import User
from forum.categories.models import Category
from forum.discussions import rules
from forum.discussions.actions.informing import note_reading, note_reading_of
from forum.discussions.actions.visiting import VISIT_GAP, VISIT_STEP, be_here
from forum.discussions.models import ReadMark, Thread, ThreadQuerySet
from forum.lib.answers import demand
from forum.lib.prepared import Prepared, PreparedWrite, updating
from forum.lib.ranges import Ranges
from forum.operation import maintenance

BATCH_SIZE = 500  # rows written at once
_MARK = Prepared(lambda user, thread: ReadMark.objects.filter(user=user, thread=thread))
_LOCKED = Prepared(
    lambda user, thread: ReadMark.objects.select_for_update().filter(user=user, thread=thread)
)
_READ = PreparedWrite(
    lambda pk, ranges, count, visited, at: updating(
        ReadMark.objects.filter(pk=pk),
        ranges=ranges,
        read_count=count,
        visited_number=visited,
        visited_at=at,
    )
)

_ADDED = PreparedWrite(
    lambda user, thread, before, ranges, count, highest, at: updating(
        ReadMark.objects.filter(user=user, thread=thread, ranges=before),
        ranges=ranges,
        read_count=count,
        visited_number=Greatest("visited_number", Value(highest, BigIntegerField())),
        visited_at=at,
    )
)


def mark_read(*, user: User, thread: Thread, numbers: Ranges) -> ReadMark:
    """The member's mark with these posts read too; numbers the thread has not are left out.

    Raises: Refused. Locks: the mark's row, so that two tabs lose nothing.
    """
    demand(rules.may_read(user, thread))
    with transaction.atomic():
        mark = _locked(user, thread)
        read = numbers.up_to(thread.last_number)
        mark = _write(mark, Ranges.parse(mark.ranges).merge(read))
        note_reading(user, thread, read)
    return mark


def mark_unread(*, user: User, thread: Thread, number: int) -> ReadMark:
    """The member's mark with this post and all written after it unread, one's own too.

    Raises: Refused. Locks: the mark's row.
    """
    demand(rules.may_read(user, thread))
    with transaction.atomic():
        mark = _locked(user, thread)
        read = Ranges.parse(mark.ranges)
        return _write(mark, read.remove(number, max(number, read.highest)))


def mark_thread_read(*, user: User, thread: Thread) -> ReadMark:
    """The member's mark with the whole thread read. Raises: Refused. Locks: the mark's row."""
    return mark_read(user=user, thread=thread, numbers=Ranges().add(1, thread.last_number))


def mark_all_read(*, user: User, category: Category | None = None) -> None:
    """Everything the member may read, or everything of one category, is read.

    Queries: a few, and one for each 500 threads never opened. Locks: the member's marks.
    """
    threads = Thread.objects.readable_by(user)
    if category is not None:
        threads = threads.filter(category=category)
    with transaction.atomic():
        _mark_never_opened(user, threads)
        behind = ReadMark.objects.filter(
            user=user, thread__in=threads.values("pk"), read_count__lt=F("thread__last_number")
        )
        # Locked before the count is read: a reply that was just written is not forgotten.
        pks = list(
            behind.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True)
        )
        last = Subquery(Thread.objects.filter(pk=OuterRef("thread")).values("last_number"))
        for start in range(0, len(pks), BATCH_SIZE):
            ReadMark.objects.filter(pk__in=pks[start : start + BATCH_SIZE]).update(
                ranges=Concat(Value("1-"), Cast(last, CharField())),
                read_count=last,
                visited_number=last,
            )
        note_reading_of(user, threads)


def read_own(*, user: User, thread: Thread, number: int, before: str | None = None) -> None:
    """One's own new post is read. `before` are the ranges of the mark, where they are known.

    Queries: one where they are still the same, else two, or four at their first.
    Locks: the mark's row; the caller holds the thread's.
    """
    if before is not None and _add(user, thread, number, before):
        return
    mark = _locked(user, thread)
    _write(mark, Ranges.parse(mark.ranges).add(number, number))


def _add(user: User, thread: Thread, number: int, before: str) -> bool:
    """Write the number to the mark, where its ranges are these; whether they were."""
    read = Ranges.parse(before).add(number, number)
    return bool(
        _ADDED.done(
            user=user.pk,
            thread=thread.pk,
            before=before,
            ranges=str(read),
            count=read.count,
            highest=read.highest,
            at=timezone.now(),
        )
    )


def visit(*, user: User, thread: Thread) -> ReadMark:
    """The member's mark on coming to the thread; a new visit begins after a while away.

    Nothing is kept while the forum is read-only. Queries: one, and up to three more where a visit
    begins or a minute of it has passed.
    """
    mark: ReadMark | None = _MARK.object(user=user.pk, thread=thread.pk)
    if mark is None:
        mark = ReadMark(user=user, thread=thread, visited_number=thread.last_number)
        if not maintenance.current():
            ReadMark.objects.bulk_create([mark], ignore_conflicts=True)
            be_here(user=user)
        return mark
    now = timezone.now()
    away = now - mark.visited_at
    if mark.visited_number >= thread.last_number and away < VISIT_STEP:
        return mark
    if away > VISIT_GAP:
        mark.since_number = mark.visited_number
    if maintenance.current():
        return mark
    be_here(user=user)
    # Only where no other tab came first: it began the same visit.
    ReadMark.objects.filter(user=user, thread=thread, visited_at=mark.visited_at).update(
        since_number=mark.since_number,
        visited_number=Greatest("visited_number", thread.last_number),
        visited_at=now,
    )
    return mark


def _locked(user: User, thread: Thread) -> ReadMark:
    """The member's mark, made where there is none. Locks: its row, until commit."""
    mark: ReadMark | None = _LOCKED.object(user=user.pk, thread=thread.pk)
    if mark is None:
        ReadMark.objects.bulk_create([ReadMark(user=user, thread=thread)], ignore_conflicts=True)
        mark = _LOCKED.object(user=user.pk, thread=thread.pk)
    assert mark is not None
    return mark


def _write(mark: ReadMark, read: Ranges) -> ReadMark:
    if str(read) == mark.ranges:
        return mark
    mark.ranges = str(read)
    mark.read_count = read.count
    # What was read is not new at the next visit, though it came while the page was open.
    mark.visited_number = max(mark.visited_number, read.highest)
    mark.visited_at = timezone.now()
    _READ.done(
        pk=mark.pk,
        ranges=mark.ranges,
        count=mark.read_count,
        visited=mark.visited_number,
        at=mark.visited_at,
    )
    return mark


def _mark_never_opened(user: User, threads: ThreadQuerySet) -> None:
    marked = ReadMark.objects.filter(user=user).values("thread")
    fresh = threads.exclude(pk__in=marked).order_by("pk")
    ReadMark.objects.bulk_create(
        [
            ReadMark(
                user=user,
                thread_id=pk,
                ranges=str(Ranges().add(1, last)),
                read_count=last,
                visited_number=last,
            )
            for pk, last in fresh.filter(last_number__gte=1).values_list("pk", "last_number")
        ],
        batch_size=BATCH_SIZE,
        ignore_conflicts=True,
    )
