"""The rows of posts on their way from one thread to another, in bulk."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Q

from forum.discussions.models import Post, ReadMark, Thread
from forum.lib.paths import AFTER_ALL, ASIDE, MAX_DEPTH, parent_path, segment
from forum.lib.ranges import Ranges

ROWS_AT_ONCE = 500
BEYOND = 10**9  # added to numbers on their way: more than any thread has posts


@dataclass(frozen=True, slots=True)
class Carried:
    """The posts as they stand in their new thread, in its order."""

    posts: Sequence[Post]
    accepted: Post | None  # the answer chosen in the thread they came from

    @property
    def pks(self) -> set[int]:
        return {post.pk for post in self.posts}


def branches(thread: Thread, tops: Sequence[Post]) -> list[Post]:
    """The given posts and everything below them, by number; earlier stubs below them too.

    Queries: one or two, whatever the branches' size.
    """
    below = (Q(path=top.path) | Q(path__gt=top.path, path__lt=top.path + AFTER_ALL) for top in tops)
    lean = thread.posts.defer("source", "html").order_by("number")
    rows = {post.pk: post for post in lean.filter(reduce(or_, below))}
    # Below the deepest level a path tells no branch; there the parents do.
    if any(post.depth == MAX_DEPTH - 1 for post in rows.values()):
        for post in lean.filter(depth=MAX_DEPTH - 1, path__lt=AFTER_ALL):
            if post.parent_id in rows:
                rows[post.pk] = post
    return sorted(rows.values(), key=lambda post: post.number)


def carry(rows: Sequence[Post], source: Thread, target: Thread) -> Carried:
    """Move the posts behind those of the target, and leave stubs in their places.

    Sets `seq` and `last_number` on both threads; the caller writes what else changes on them.
    Queries: about ten, and one for each 500 rows (on SQLite for each 50).
    Locks: the caller holds both threads.
    """
    posts = [post for post in rows if not post.is_moved]
    accepted = next((post for post in posts if post.pk == source.accepted_id), None)
    stubs = [_stub(post) for post in posts]
    last = source.take_seq(len(rows))
    for seq, row in enumerate(stubs + [row for row in rows if row.is_moved], last - len(rows) + 1):
        row.seq = seq
    back = _stubs_of_returning(source, target)
    _place_behind(posts, target)
    _write(posts)
    _show_anew(back, target)
    _leave_stubs(source, rows, stubs)
    _mark_read(source, [stub.number for stub in stubs])
    return Carried(posts, accepted)


def take_old_places(carried: Carried, thread: Thread) -> None:
    """Give posts that came back the numbers and places that their stubs kept for them.

    The stubs take the numbers behind, out of every branch; what was answered below the posts
    meanwhile stays behind by its number, and below them in the tree.
    Queries: seven or so. Locks: the caller holds the thread.
    """
    there = thread.posts.filter(state=Post.State.MOVED, moved_to__thread=thread)
    # Of one that had gone and come back before, the last stub is where it stood.
    stubs = {stub.moved_to_id: stub for stub in there.defer("source", "html").order_by("number")}
    posts = {post.pk: post for post in carried.posts}
    pairs = [(post, stubs[post.pk]) for post in carried.posts if post.pk in stubs]
    _run(
        "SET number = number + %s, path = %s, depth = 1, parent_id = NULL WHERE id = %s",
        [(BEYOND, ASIDE + segment(post.number), stub.pk) for post, stub in pairs],
    )
    behind = [(post.number, stub.pk) for post, stub in pairs]
    for post in carried.posts:
        if (stub := stubs.get(post.pk)) is not None:
            post.number, post.path, post.depth = stub.number, stub.shown_path, stub.depth
        elif (parent := posts.get(post.parent_id or 0)) is not None:
            post.path = parent_path(parent.path, post.depth - 1) + segment(post.number)
    _count_branches(carried.posts, thread)
    _write(carried.posts)
    _run("SET number = %s WHERE id = %s", behind)
    _mark_read(thread, [number for number, _stub in behind])


def _count_branches(posts: Sequence[Post], thread: Thread) -> None:
    """What hangs below each root among the posts: they themselves, and stubs that stayed."""
    pks = {post.pk for post in posts}
    stayed = thread.posts.filter(path__lt=AFTER_ALL, depth__gt=0).values_list("pk", "path")
    paths = [path for pk, path in stayed.order_by() if pk not in pks]
    paths += [post.path for post in posts if post.depth > 0]
    counts = Counter(parent_path(path, 0) for path in paths)
    for post in posts:
        post.branch_count = counts[post.path] if post.depth == 0 else 0


def _stub(post: Post) -> Post:
    return Post(
        thread_id=post.thread_id,
        number=post.number,
        parent_id=post.parent_id,
        path=post.path,
        depth=post.depth,
        author_id=post.author_id,
        organization_id=post.organization_id,
        source_format=Post.Format.HTML,
        state=Post.State.MOVED,
        created_at=post.created_at,
        moved_to_id=post.pk,
    )


def _place_behind(posts: Sequence[Post], target: Thread) -> None:
    """Number the posts behind the last of the target; trees stay, paths are made anew."""
    seq = target.take_seq(len(posts)) - len(posts)
    placed: dict[int, Post] = {}
    roots: dict[int, Post] = {}
    for place, post in enumerate(posts, 1):
        parent = placed.get(post.parent_id or 0)
        post.thread = target
        post.number, post.seq, post.branch_count = target.last_number + place, seq + place, 0
        if parent is None or parent.number == 1:
            # An answer to the opening post is an answer to the thread.
            post.parent, post.depth, post.path = None, 0, segment(post.number)
        else:
            post.parent, post.depth = parent, min(parent.depth + 1, MAX_DEPTH - 1)
            post.path = parent_path(parent.path, post.depth - 1) + segment(post.number)
            roots[post.pk] = roots.get(parent.pk, parent)
            roots[post.pk].branch_count += 1
        placed[post.pk] = post
    target.last_number += len(posts)


def _stubs_of_returning(source: Thread, target: Thread) -> list[Post]:
    """Stubs in the target of posts that come back to it: their fragments get another name."""
    stubs = target.posts.filter(state=Post.State.MOVED, moved_to__thread=source)
    return list(stubs.only("pk").order_by("number"))


def _show_anew(stubs: Sequence[Post], thread: Thread) -> None:
    if stubs:
        seq = thread.take_seq(len(stubs)) - len(stubs)
        _run(
            "SET seq = %s WHERE id = %s",
            [(seq + place, stub.pk) for place, stub in enumerate(stubs, 1)],
        )


def _write(posts: Iterable[Post]) -> None:
    _run(
        "SET thread_id = %s, number = %s, parent_id = %s, path = %s, depth = %s,"
        " branch_count = %s, seq = %s WHERE id = %s",
        [
            (p.thread_id, p.number, p.parent_id, p.path, p.depth, p.branch_count, p.seq, p.pk)
            for p in posts
        ],
    )


def _leave_stubs(source: Thread, rows: Sequence[Post], stubs: Sequence[Post]) -> None:
    """Stubs under the top of a moved branch stand aside: no page of the tree meets them."""
    by_moved = {stub.moved_to_id: stub for stub in stubs}
    tops: dict[int, Post] = {}  # the post that moved, or the earlier stub below it → its top stub
    hidden: Counter[str] = Counter()
    for row in rows:
        above = tops.get(_parent_before(row, by_moved))
        tops[row.pk] = above or by_moved[row.pk]
        if above is not None:
            hidden[parent_path(above.path, 0)] += 1
    first = [stub for stub in stubs if tops[stub.moved_to_id or 0] is stub]
    Post.objects.bulk_create(first, batch_size=ROWS_AT_ONCE)
    rest = [stub for stub in stubs if tops[stub.moved_to_id or 0] is not stub]
    for stub in rest:
        stub.path, stub.parent = ASIDE + stub.path, tops[stub.moved_to_id or 0]
    Post.objects.bulk_create(rest, batch_size=ROWS_AT_ONCE)
    _run(
        "SET path = %s, parent_id = %s, seq = %s WHERE id = %s",
        [(ASIDE + row.path, tops[row.pk].pk, row.seq, row.pk) for row in rows if row.is_moved],
    )
    _run(
        "SET branch_count = branch_count - %s WHERE thread_id = %s AND path = %s"
        " AND state <> 'moved'",
        [(count, source.pk, path) for path, count in hidden.items()],
    )


def _parent_before(row: Post, stubs: dict[int | None, Post]) -> int:
    """The parent a row had before the move; posts already know their new one."""
    stub = stubs.get(row.pk)
    return (stub.parent_id if stub is not None else row.parent_id) or 0


def _mark_read(source: Thread, numbers: Iterable[int]) -> None:
    """A stub is nothing to read: where it stands, nobody has it unread. Locks: the marks' rows."""
    moved = Ranges.of(numbers)
    marks = ReadMark.objects.select_for_update().filter(thread=source).order_by("pk")
    changed = list(marks)
    for mark in changed:
        read = Ranges.parse(mark.ranges).merge(moved)
        mark.ranges, mark.read_count = str(read), read.count
    ReadMark.objects.bulk_update(changed, ["ranges", "read_count"], batch_size=ROWS_AT_ONCE)


def _run(change: str, rows: Sequence[tuple[str | int | None, ...]]) -> None:
    """One statement for many rows: the ORM's bulk_update takes a minute for 10,000 posts."""
    if not rows:
        return
    table = connection.ops.quote_name(Post._meta.db_table)
    with connection.cursor() as cursor:
        # No value stands in the text: a table's name and constants of this file do.
        cursor.executemany(f"UPDATE {table} {change}", rows)
