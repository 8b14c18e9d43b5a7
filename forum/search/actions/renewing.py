"""The index made anew, while the forum goes on: what is old, what is missing, what is too much.

What has been done is in the index itself, so whoever begins again goes on where it was left.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TypeVar

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from forum.jobs.models import Job
from forum.jobs.tasks import periodic, task
from forum.lib.word_forms import VERSION
from forum.search import sources
from forum.search.actions.indexing import analyse, forget, take_apart, write
from forum.search.models import Entry
from forum.search.sources import Source

logger = logging.getLogger(__name__)
T = TypeVar("T")

# Whoever writes in one of their threads waits so long, on SQLite whoever writes at all: some 20 ms.
AT_ONCE = 40  # things
# Of the time that a transaction took: others come in between.
PAUSE_SHARE = 0.25
SLICE_SECONDS = 20  # of a worker's time at once: mails wait behind it
LOOK_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of the work. Units: `after` is the pk of the last thing looked at, the others count
    things: looked at, made anew, and taken out since they are gone."""

    after: int
    is_last: bool
    seen: int
    made: int
    removed: int


def steps(kind: str, after: int = 0, *, is_all: bool = False) -> Iterator[Step]:
    """Renew the entries of one kind, step by step; those of the present analyser are left alone
    unless all are wanted. Entries of things that are gone are taken out. A thing that cannot be
    made ready or taken apart is logged and stays as it is: the others do not wait for it.

    Locks: the things of 40 entries at a time. Queries: a step costs two where nothing is to do.
    """
    source = sources.find(kind)
    is_last = False
    while not is_last:
        pks = list(source.pks_after(after, source.looked_at))
        is_last = len(pks) < source.looked_at
        there = _entries(kind, after, None if is_last else pks[-1])
        for pk in sorted(source.unready(pks)):
            _spared(kind, [pk], partial(source.make_ready, pk))
        stale = [pk for pk in pks if is_all or there.get(pk, 0) < VERSION]
        made = _renew(source, stale, is_anew=is_all)
        gone = sorted(set(there) - set(pks))
        # Things may have come in between: the source is asked for each.
        removed = len(gone) - _renew(source, gone)
        after = pks[-1] if pks else after
        yield Step(after, is_last, len(pks), made, removed)


def catch_up() -> None:
    """Bring the entries of every kind up to date; for data that was written in bulk."""
    for kind in sources.kinds():
        for _step in steps(kind):
            pass


def _entries(kind: str, after: int, last: int | None) -> dict[int, int]:
    """By which analyser the entries were made that stand between these pks."""
    found = Entry.objects.filter(kind=kind, object_pk__gt=after)
    if last is not None:
        found = found.filter(object_pk__lte=last)
    return dict(found.values_list("object_pk", "analyser"))


def _renew(source: Source, pks: Sequence[int], *, is_anew: bool = False) -> int:
    """Make the entries of these things anew; how many of them are found."""
    made = 0
    for first in range(0, len(pks), AT_ONCE):
        begin = time.monotonic()
        made += _some_renewed(source, pks[first : first + AT_ONCE], is_anew=is_anew)
        time.sleep((time.monotonic() - begin) * PAUSE_SHARE)
    return made


def _some_renewed(source: Source, pks: Sequence[int], *, is_anew: bool) -> int:
    written = _spared(source.kind, pks, partial(_written, source, pks, is_anew=is_anew))
    if written is None:
        alone = ([pk] for pk in pks if len(pks) > 1)
        return sum(_some_renewed(source, each, is_anew=is_anew) for each in alone)
    found, waiting = written
    for pk in sorted(waiting):
        _spared(source.kind, [pk], partial(analyse, source.kind, pk))
    return found


def _spared(kind: str, pks: Sequence[int], work: Callable[[], T]) -> T | None:
    """What the work on these things returns; None where one of them made it fail. Raises: what
    a database says that cannot be asked: then no thing is at fault."""
    try:
        return work()
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("Of the kind %s these could not be made anew: %s", kind, pks)
        return None


def _written(source: Source, pks: Collection[int], *, is_anew: bool) -> tuple[int, set[int]]:
    while True:
        with transaction.atomic():
            if not source.hold(pks):
                continue
            found = source.words(pks)
            forget(source.kind, set(pks) - {words.pk for words in found})
            return len(found), write(source.kind, found, is_anew=is_anew)


@periodic("search.look", every=LOOK_EVERY)
def look() -> None:
    """Begin to renew the index where a new version of the forum takes words apart in another way,
    or knows of things that the older one did not find."""
    if Job.objects.unfinished().filter(kind=renew.kind).exists():
        return
    for kind in _waiting_kinds(sources.kinds()):
        # Should two workers come here at once, there is one job nevertheless.
        period = timezone.now().strftime("%Y-%m-%dT%H")
        renew.using(unique_key=f"{renew.kind}@{kind}@{VERSION}@{period}").enqueue(kind, 0)


def _waiting_kinds(kinds: Iterable[str]) -> list[str]:
    """Those with entries of an older analyser, or whose terms nobody is about to make, or with
    none at all though there are things."""
    waiting = []
    for kind in kinds:
        entries = Entry.objects.filter(kind=kind)
        is_old = entries.filter(analyser__gt=0, analyser__lt=VERSION).exists()
        is_new = not entries.exists() and bool(sources.find(kind).pks_after(0, 1))
        if is_old or is_new or _has_forgotten(kind):
            waiting.append(kind)
    return waiting


def _has_forgotten(kind: str) -> bool:
    """Whether terms have still to be made, and no job will: it was given up, or never written."""
    without = set(Entry.objects.filter(kind=kind, analyser=0).values_list("object_pk", flat=True))
    if not without:
        return False
    jobs = Job.objects.unfinished().filter(kind=take_apart.kind, args__kind=kind)
    return not without <= set(jobs.values_list("args__pk", flat=True))


@task("search.renew")
def renew(kind: str, after: int) -> None:
    """A slice of the work; the next one is another job, so that others come in between."""
    end = time.monotonic() + SLICE_SECONDS
    for step in steps(kind, after):
        if time.monotonic() > end and not step.is_last:
            renew.enqueue(kind, step.after)
            return
