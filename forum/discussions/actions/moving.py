"""Posts that go to another thread: branches split off, and whole threads merged.

A moved post keeps its row and gets a number and a place in the other thread; a stub takes its
number, place and time in the old one. Source: docs/decisions/0015-moving-posts.md.
"""

from collections.abc import Collection, Sequence
from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.categories.models import Category
from forum.discussions import rules
from forum.discussions.actions.carrying import Carried, branches, carry, take_old_places
from forum.discussions.actions.indexing import find_in
from forum.discussions.actions.informing import lead_followers, look_again_in
from forum.discussions.actions.leading_drafts import lead_drafts
from forum.discussions.actions.managing import depart, hold_categories, hold_thread
from forum.discussions.actions.reviewed import tell_moderators_of
from forum.discussions.actions.waiting import lead_held
from forum.discussions.live import row_of_thread, stream_of
from forum.discussions.models import Departure, Post, Thread
from forum.lib.answers import Refusal, Refused, demand
from forum.lib.fragments import forget_names
from forum.lib.languages import guess_language
from forum.live.announcing import announce

SPLIT_MAX = 200  # branches in one split


def split(
    *,
    staff: User,
    thread: Thread,
    numbers: Collection[int],
    title: str,
    category: Category,
    is_decided: bool = False,
) -> Thread:
    """The new thread, made of the posts with these numbers and everything below them.

    `is_decided` where moderators decided so on a text about the office.
    The same split sent twice gives the thread of the first. Raises: Refused.
    Locks: the thread's row, then both categories', the lower pk first.
    """
    demand(rules.may_start(staff, category))
    with transaction.atomic():
        source = hold_thread(staff, thread)
        tops = _chosen(source, set(numbers))
        if (earlier := _already_split(source, tops)) is not None:
            return earlier
        demand(is_decided or rules.may_stand_in(source, category))
        rows = branches(source, [_demand_movable(top) for top in tops])
        hold_categories(source.category, category)
        target = _begin(source, category, title, rows[0])
        carried = carry(rows, source, target)
        _leave(source, carried)
        _settle(target, carried)
        find_in(target, carried.pks)
        lead_drafts(source, target, is_merged=False)
        look_again_in(source)
        lead_held(source, target, is_merged=False)
        Category.objects.filter(pk=category.pk).update(threads_count=F("threads_count") + 1)
        _list_anew(source, target)
        tell_moderators_of(target)
        forget_names()
    return Thread.objects.get(pk=target.pk)


def merge(*, staff: User, thread: Thread, into: Thread, is_decided: bool = False) -> Thread:
    """The thread `into`, with every post of the other one behind its own.

    `is_decided` where moderators decided so on a text about the office.
    Repeating it changes nothing. Raises: Refused.
    Locks: both threads' rows, the lower pk first, then their categories' likewise.
    """
    if thread.pk == into.pk:
        raise Refused(Refusal(_("A thread cannot be merged into itself.")))
    with transaction.atomic():
        source, target = hold_both(thread.pk, into.pk)
        if source.merged_into_id == target.pk:
            return target
        demand(rules.may_manage(staff, source))
        demand(rules.may_manage(staff, target))
        demand(is_decided or rules.may_stand_in(source, target.category))
        join(source, target)
    return Thread.objects.get(pk=target.pk)


def join(source: Thread, target: Thread) -> None:
    """As `merge`, where somebody else was asked.

    Locks: both categories; the caller holds both threads.
    """
    hold_categories(source.category, target.category)
    rows = source.posts.exclude(state=Post.State.MOVED).defer("source", "html")
    carried = carry(list(rows.order_by("number")), source, target)
    _leave(source, carried)
    _settle(target, carried)
    find_in(target, carried.pks)
    lead_drafts(source, target, is_merged=True)
    lead_held(source, target, is_merged=True)
    lead_followers(source, target)
    look_again_in(source)
    Thread.objects.filter(pk=source.pk).update(merged_into=target, pinned_at=None)
    Thread.objects.filter(pk=target.pk).update(merged_count=F("merged_count") + 1)
    depart(source, source.category)
    _list_anew(target)
    tell_moderators_of(target)
    # Stubs in third threads tell the title of where their posts are.
    forget_names()


def part(source: Thread, target: Thread) -> None:
    """Take a merging back: what came from `source`, and what was answered below it since, returns.

    The thread opens again and its posts have their old numbers. Nothing where it is not merged
    into `target` any more.
    Locks: both categories; the caller holds both threads.
    """
    if source.merged_into_id != target.pk:
        return
    hold_categories(source.category, target.category)
    went = source.posts.filter(state=Post.State.MOVED, moved_to__thread=target).values("moved_to")
    tops = list(target.posts.filter(pk__in=went).defer("source", "html").order_by("number"))
    source.merged_into = None
    if tops:
        carried = carry(branches(target, tops), target, source)
        _leave(target, carried)
        take_old_places(carried, source)
        _settle(source, carried)
        find_in(source, carried.pks)
        lead_drafts(target, source, is_merged=False)
        lead_held(target, source, is_merged=False)
        look_again_in(target)
    Thread.objects.filter(pk=source.pk).update(merged_into=None)
    Thread.objects.filter(pk=target.pk).update(merged_count=F("merged_count") - 1)
    Departure.objects.filter(category=source.category_id, thread=source).delete()
    Category.objects.filter(pk=source.category_id).update(threads_count=F("threads_count") + 1)
    _list_anew(source, target)
    tell_moderators_of(source)
    forget_names()


def hold_both(one: int, other: int) -> tuple[Thread, Thread]:
    """Both threads. Locks: their rows, the lower pk first."""
    held = Thread.objects.select_for_update(no_key=True).filter(pk__in=[one, other])
    threads = {each.pk: each for each in held.order_by("pk")}
    return threads[one], threads[other]


def _chosen(thread: Thread, numbers: set[int]) -> list[Post]:
    if not numbers:
        raise Refused(Refusal(_("Choose the posts that go to the new thread.")))
    if len(numbers) > SPLIT_MAX:
        raise Refused(Refusal(_("These are too many at once. Split them off in parts.")))
    if 1 in numbers:
        raise Refused(
            Refusal(_("The post that opens a thread stays. Merge the whole thread instead."))
        )
    tops = list(thread.posts.filter(number__in=numbers).defer("source", "html").order_by("number"))
    if len(tops) < len(numbers):
        raise Refused(Refusal(_("Some of these posts are not in this thread.")))
    return tops


def _already_split(thread: Thread, tops: Sequence[Post]) -> Thread | None:
    """The thread that these very posts went to, where the form was sent twice."""
    pks = [top.moved_to_id for top in tops if top.is_moved]
    if len(pks) < len(tops):
        return None
    targets = list(Thread.objects.filter(posts__in=pks, split_from=thread).distinct()[:2])
    return targets[0] if len(targets) == 1 else None


def _demand_movable(top: Post) -> Post:
    if top.is_moved:
        raise Refused(Refusal(_("Some of these posts have been moved already.")))
    return top


def _begin(source: Thread, category: Category, title: str, opening: Post) -> Thread:
    """An empty thread, started by whoever wrote its opening post, when they wrote it."""
    return Thread.objects.create(
        category=category,
        title=title,
        language=guess_language(title, opening.language),
        author_id=opening.author_id,
        organization_id=opening.organization_id,
        created_at=opening.created_at,
        last_post_at=opening.created_at,
        split_from=source,
    )


def _leave(source: Thread, carried: Carried) -> None:
    """What is left of the thread that the posts went from."""
    standing = source.posts.exclude(state=Post.State.MOVED)
    last = standing.order_by("-created_at", "-number").defer("source", "html").first()
    if source.accepted_id in carried.pks:
        source.accepted_id = None
    Thread.objects.filter(pk=source.pk).update(
        moved_count=F("moved_count") + len(carried.pks),
        last_post=last,
        last_post_at=last.created_at if last else source.last_post_at,
        accepted=source.accepted_id,
        has_official_answer=_is_answered(source),
    )
    announce(stream_of(source), source.seq)


def _settle(target: Thread, carried: Carried) -> None:
    """What the thread is with the posts that came to it."""
    lean = target.posts.defer("source", "html")
    last = None if target.last_post_id is None else lean.filter(pk=target.last_post_id).first()
    newest = max(
        [*carried.posts, *([last] if last else [])], key=lambda post: (post.created_at, post.number)
    )
    accepted = target.accepted_id
    if accepted is None and carried.accepted is not None and carried.accepted.number > 1:
        accepted = carried.accepted.pk
    Thread.objects.filter(pk=target.pk).update(
        last_number=target.last_number,
        last_post=newest,
        last_post_at=newest.created_at,
        accepted=accepted,
        has_official_answer=_is_answered(target),
    )
    announce(stream_of(target), target.seq)


def _is_answered(thread: Thread) -> bool:
    return Post.objects.of_the_office(thread).filter(number__gt=1).exists()


def _list_anew(*threads: Thread) -> None:
    """Tell the lists of the threads; the caller holds their categories."""
    for thread in threads:
        category = Category(pk=thread.category_id)
        listing_seq = category.take_seq()
        Thread.objects.filter(pk=thread.pk).update(listing_seq=listing_seq)
        announce(
            stream_of(category), listing_seq, partial(row_of_thread, thread.pk, thread.category_id)
        )
