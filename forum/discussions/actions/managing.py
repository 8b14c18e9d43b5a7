"""What staff do with a whole thread: pin, close, retitle, move to another category."""

from datetime import time

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.categories.models import Category
from forum.categories.rules import may_read
from forum.discussions import rules
from forum.discussions.actions.indexing import find_in_category, find_title_anew
from forum.discussions.actions.informing import look_again_in
from forum.discussions.actions.reviewed import tell_moderators_of
from forum.discussions.live import head_of_thread, row_of_departure, row_of_thread, stream_of
from forum.discussions.models import Departure, Thread
from forum.lib.answers import Refusal, Refused, demand
from forum.lib.fragments import forget_names
from forum.lib.languages import guess_language
from forum.live.announcing import announce, recheck

PINNED_MAX = 5  # in one category: they stand above its first page


def pin(*, staff: User, thread: Thread, on: bool) -> Thread:
    """The thread above all others of its category, or among them again.

    Repeating it changes nothing. Raises: Refused. Locks: the thread's row, then its category's.
    """
    with transaction.atomic():
        locked = hold_thread(staff, thread)
        if locked.is_pinned == on:
            return locked
        category = Category.objects.select_for_update(no_key=True).get(pk=locked.category_id)
        if on and category.threads.filter(pinned_at__isnull=False).count() >= PINNED_MAX:
            raise Refused(
                Refusal(_("This category has enough pinned threads. Unpin another one first."))
            )
        return _rewrite(locked, pinned_at=timezone.now() if on else None)


def close(*, staff: User, thread: Thread, on: bool) -> Thread:
    """The thread without further replies, or open again.

    Repeating it changes nothing. Raises: Refused. Locks: the thread's row, then its category's.
    """
    with transaction.atomic():
        return set_closed(hold_thread(staff, thread), on=on)


def set_closed(thread: Thread, *, on: bool) -> Thread:
    """As `close`, where somebody else was asked. Locks: the caller holds the thread."""
    if thread.is_closed == on:
        return thread
    return _rewrite(thread, closed_at=timezone.now() if on else None)


def set_pace(
    *, staff: User, thread: Thread, slow_minutes: int, quiet: tuple[time, time] | None
) -> Thread:
    """The thread with a pace: minutes between two replies of one member, and hours without any.

    Repeating it changes nothing. Raises: Refused. Locks: the thread's row, then its category's.
    """
    with transaction.atomic():
        locked = hold_thread(staff, thread)
        start, end = quiet or (None, None)
        if (locked.slow_minutes, locked.quiet_from, locked.quiet_until) == (
            slow_minutes,
            start,
            end,
        ):
            return locked
        return _rewrite(locked, slow_minutes=slow_minutes, quiet_from=start, quiet_until=end)


def retitle(*, author: User, thread: Thread, title: str) -> Thread:
    """The thread under another title, by staff or whoever started it.

    Raises: Refused. Locks: the thread's row, then its category's.
    """
    demand(rules.may_retitle(author, thread))
    with transaction.atomic():
        locked = Thread.objects.select_for_update(no_key=True).get(pk=thread.pk)
        demand(rules.may_retitle(author, locked))
        if locked.title == title:
            return locked
        # The stubs of posts that moved here tell the title in other threads.
        forget_names()
        renamed = _rewrite(locked, title=title, language=guess_language(title, locked.language))
        find_title_anew(renamed)
        return renamed


def move(*, staff: User, thread: Thread, category: Category, is_decided: bool = False) -> Thread:
    """The thread in another category; whoever may not read it there stops hearing of it.

    `is_decided` where moderators decided so on a text about the office.
    Repeating it changes nothing. Raises: Refused. Locks: the thread's row, then both categories'.
    """
    demand(may_read(staff, category))
    with transaction.atomic():
        locked = hold_thread(staff, thread)
        demand(is_decided or rules.may_stand_in(locked, category))
        return put_into(locked, category)


def put_into(thread: Thread, category: Category) -> Thread:
    """As `move`, where somebody else was asked.

    Locks: both categories; the caller holds the thread.
    """
    old = thread.category
    if old.pk == category.pk:
        return thread
    hold_categories(old, category)
    # A pin is a pin in its category; in another one it would jump the queue.
    moved = _rewrite(thread, seqs_of=category, category=category, pinned_at=None)
    Departure.objects.filter(category=category, thread=thread).delete()
    Category.objects.filter(pk=category.pk).update(threads_count=F("threads_count") + 1)
    depart(thread, old)
    find_in_category(moved)
    look_again_in(thread)
    tell_moderators_of(moved)
    forget_names()
    recheck()
    return moved


def hold_thread(staff: User, thread: Thread) -> Thread:
    """The thread, locked, as one its manager may change. Raises: Refused."""
    demand(rules.may_manage(staff, thread))
    locked = Thread.objects.select_for_update(no_key=True).get(pk=thread.pk)
    demand(rules.may_manage(staff, locked))
    return locked


def hold_categories(*categories: Category) -> None:
    """Locks: the categories' rows, the lower pk first; the caller holds its threads already."""
    pks = {category.pk for category in categories}
    held = Category.objects.select_for_update(no_key=True).filter(pk__in=pks)
    list(held.order_by("pk").values_list("pk"))


def depart(thread: Thread, category: Category) -> None:
    """Tell the category's lists that the thread is gone from them, and count one less."""
    seq = category.take_seq()
    Departure.objects.update_or_create(category=category, thread=thread, defaults={"seq": seq})
    Category.objects.filter(pk=category.pk).update(threads_count=F("threads_count") - 1)
    announce(stream_of(category), seq, lambda: row_of_departure(category.pk, thread.pk))


def _rewrite(thread: Thread, seqs_of: Category | None = None, **fields: object) -> Thread:
    category = seqs_of or Category(pk=thread.category_id)
    seq, listing_seq = thread.take_seq(), category.take_seq()
    Thread.objects.filter(pk=thread.pk).update(listing_seq=listing_seq, **fields)
    announce(stream_of(thread), seq, lambda: head_of_thread(thread.pk))
    announce(stream_of(category), listing_seq, lambda: row_of_thread(thread.pk, category.pk))
    return Thread.objects.get(pk=thread.pk)
