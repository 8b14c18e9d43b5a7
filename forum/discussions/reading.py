"""Pages of a thread: by time through numbers, as a tree through paths; never by offset."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Model
from django.urls import reverse

from accounts.models import Organization, User
from accounts.rules import Kind, Viewer
from forum.categories.models import Category
from forum.categories.rules import found_for
from forum.discussions.models import Post, PostQuerySet, Thread
from forum.discussions.rendering import with_fragments, without_texts
from forum.lib.pages import Page
from forum.lib.paths import parent_path
from forum.lib.prepared import Prepared

PAGE_SIZE = 20  # posts
BRANCH_SHOWN = 4  # posts of a root's branch shown before the fold


def _columns(model: type[Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


# What a page of a thread tells of the thread: its own row, and of these rows the columns named.
_BESIDE: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "category": (Category, _columns(Category)),
    "author": (User, ("id", "display_name")),
    "organization": (Organization, _columns(Organization)),
}
_READABLE = Prepared(
    lambda kind, viewer, pk: (
        Thread.objects.readable_by(kind.viewer(viewer))
        .filter(pk=pk)
        .values_list(
            *_columns(Thread),
            *(f"{name}__{column}" for name, (_, columns) in _BESIDE.items() for column in columns),
        )
    )
)


@dataclass(frozen=True, slots=True)
class Fold:
    """The rest of a branch, behind a link."""

    root_pk: int
    root_path: str
    left: int
    after: str  # the path of the last post shown
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a conversation: a post, or the fold that ends a branch."""

    post: Post | None = None
    fold: Fold | None = None


def readable_thread(viewer: Viewer, pk: int) -> Thread | None:
    """The thread with its category, where the viewer may read it. Queries: one."""
    row = _READABLE.first(Kind.of(viewer), viewer=viewer.pk or 0, pk=pk)
    if row is None:
        return None
    values = iter(row)
    thread = _from_row(Thread, _columns(Thread), values)
    for name, (model, columns) in _BESIDE.items():
        setattr(thread, name, _from_row(model, columns, values))
    found_for(viewer, thread.category)
    return thread


def _from_row(model: type[Model], columns: tuple[str, ...], values: Iterator[Any]) -> Any:
    """The row whose columns come next; None where the key is missing."""
    found = list(islice(values, len(columns)))
    return model.from_db(None, columns, found) if found[0] is not None else None


def by_time(thread: Thread, page_number: int) -> Page[Row]:
    """The page of posts in the order they were written. Queries: 2.

    Numbers have no gaps, so a page is a range of numbers.
    """
    count = max(-(-thread.last_number // PAGE_SIZE), 1)
    number = min(max(page_number, 1), count)
    first = (number - 1) * PAGE_SIZE
    posts = without_texts(Post.objects.all()).filter(
        thread=thread, number__gt=first, number__lte=first + PAGE_SIZE
    )

    def url(page: int) -> str:
        return _thread_url(thread, page=page) if 1 <= page <= count and page != number else ""

    return Page(
        [Row(post=post) for post in with_fragments(posts.order_by("number"))],
        earlier_url=url(number - 1),
        later_url=url(number + 1),
        first_url=url(1),
        last_url=url(count),
        number=number,
        count=count,
    )


def page_of_number(number: int) -> int:
    """The page by time that shows the post with this number."""
    return (number - 1) // PAGE_SIZE + 1


def tree_after(thread: Thread, after: str = "") -> Page[Row]:
    """The page of the tree that begins behind the root with the given path. Queries: 5."""
    roots = _roots(thread).filter(path__gt=after).order_by("path")
    lean = list(roots.values_list("pk", "path", "branch_count")[: PAGE_SIZE + 1])
    shown = _fill(lean)
    return _tree_page(thread, shown, has_earlier=bool(after), has_later=len(shown) < len(lean))


def tree_before(thread: Thread, before: str = "~") -> Page[Row]:
    """The page of the tree that ends before the given path; without one, the last page."""
    roots = _roots(thread).filter(path__lt=before).order_by("-path")
    lean = list(roots.values_list("pk", "path", "branch_count")[: PAGE_SIZE + 1])
    shown = _fill(lean)
    has_earlier = len(shown) < len(lean)
    return _tree_page(thread, shown[::-1], has_earlier=has_earlier, has_later=before != "~")


def tree_at(thread: Thread, number: int) -> Page[Row]:
    """The page of the tree that begins with the root above the post with this number."""
    path = thread.posts.filter(number=number).values_list("path", flat=True).first()
    if path is None:
        return tree_after(thread)
    before = _roots(thread).filter(path__lt=parent_path(path, 0)).order_by("-path")
    previous = before.values_list("path", flat=True).first()
    return tree_after(thread, previous or "")


def branch_start_for(root: Post, number: int) -> str:
    """The path behind which a page of the branch shows the post with this number first."""
    below = Post.objects.below(root.path).filter(thread=root.thread)
    path = below.filter(number=number).values_list("path", flat=True).first()
    if path is None:
        return root.path
    previous = below.filter(path__lt=path).order_by("-path").values_list("path", flat=True).first()
    return previous or root.path


def branch_after(root: Post, after: str) -> Page[Row]:
    """The page of a root's branch behind the given path. Queries: 2."""
    below = Post.objects.below(root.path).filter(thread=root.thread)
    posts = list(without_texts(below).filter(path__gt=after).order_by("path")[: PAGE_SIZE + 1])
    rows = [Row(post=post) for post in with_fragments(posts[:PAGE_SIZE])]
    if len(posts) > PAGE_SIZE:
        last = posts[PAGE_SIZE - 1].path
        left = below.filter(path__gt=last).count()
        rows.append(Row(fold=_fold(root.thread, root.pk, root.path, root.number, left, last)))
    later = rows[-1].fold.url if rows and rows[-1].fold else ""
    return Page(rows, later_url=later, first_url=_branch_url(root.thread, root.number, ""))


def place_url(post: Post, order: str) -> str:
    """The address of the page that shows the post, in the reader's order. Queries: at most 2."""
    thread = post.thread
    anchor = f"#post-{post.pk}"
    if order == "time":
        return _thread_url(thread, page=page_of_number(post.number)) + anchor
    if post.depth:
        first = (
            Post.objects.below(post.root_path)
            .filter(thread=thread)
            .order_by("path")
            .values_list("pk", flat=True)
        )
        if post.pk not in first[:BRANCH_SHOWN]:
            root_number = _number_of_root(post)
            return _branch_url(thread, root_number, "", at=post.number) + anchor
    if _is_on_first_page(post):
        return _thread_url(thread) + anchor
    return _thread_url(thread, at=post.number) + anchor


def _is_on_first_page(post: Post) -> bool:
    roots = _roots(post.thread).order_by("path").values_list("pk", "path", "branch_count")
    return post.root_path in {path for _, path, _ in _fill(list(roots[:PAGE_SIZE]))}


def _roots(thread: Thread) -> PostQuerySet:
    return Post.objects.roots().filter(thread=thread)


def _fill(lean: list[tuple[int, str, int]]) -> list[tuple[int, str, int]]:
    """As many roots, with the shown beginning of their branches, as make one page."""
    shown: list[tuple[int, str, int]] = []
    size = 0
    for root in lean:
        if size >= PAGE_SIZE:
            break
        shown.append(root)
        size += 1 + min(root[2], BRANCH_SHOWN)
    return shown


def _tree_page(
    thread: Thread, roots: list[tuple[int, str, int]], *, has_earlier: bool, has_later: bool
) -> Page[Row]:
    pks = [pk for pk, _, _ in roots] + _beginnings(thread, roots)
    posts = with_fragments(without_texts(Post.objects.all()).filter(pk__in=pks).order_by("path"))
    first, last = (roots[0][1], roots[-1][1]) if roots else ("", "")
    return Page(
        list(_with_folds(thread, posts)),
        earlier_url=_thread_url(thread, before=first) if has_earlier else "",
        later_url=_thread_url(thread, after=last) if has_later else "",
        first_url=_thread_url(thread) if has_earlier else "",
        last_url=_thread_url(thread, before="~") if has_later else "",
    )


def _beginnings(thread: Thread, roots: list[tuple[int, str, int]]) -> list[int]:
    """The pks of the first posts of every branch. Queries: one, whatever the branches' size.

    The ORM cannot write a union of limited queries for SQLite, and a window function would read
    the whole of a branch of 30,000 posts.
    """
    branches = [path for _, path, count in roots if count]
    if not branches:
        return []
    table = connection.ops.quote_name(Post._meta.db_table)
    part = (  # No value stands in the text: a table's name and a constant do.
        f"SELECT * FROM (SELECT id FROM {table} "  # noqa: S608
        f"WHERE thread_id = %s AND path > %s AND path < %s "
        f"ORDER BY path LIMIT {BRANCH_SHOWN}) AS branch"
    )
    values = [value for path in branches for value in (thread.pk, path, path + "~")]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([part] * len(branches)), values)
        return [pk for (pk,) in cursor.fetchall()]


def _with_folds(thread: Thread, posts: Iterable[Post]) -> Iterable[Row]:
    root: Post | None = None
    last: Post | None = None
    shown = 0
    for post in posts:
        if post.depth == 0:
            yield from _fold_of(thread, root, last, shown)
            root, shown = post, 0
        else:
            shown += 1
        last = post
        yield Row(post=post)
    yield from _fold_of(thread, root, last, shown)


def _fold_of(thread: Thread, root: Post | None, last: Post | None, shown: int) -> Iterable[Row]:
    if root is not None and last is not None and root.branch_count > shown:
        left = root.branch_count - shown
        yield Row(fold=_fold(thread, root.pk, root.path, root.number, left, last.path))


def _fold(thread: Thread, pk: int, path: str, number: int, left: int, after: str) -> Fold:
    return Fold(pk, path, left, after, _branch_url(thread, number, after))


def _number_of_root(post: Post) -> int:
    root: int = post.thread.posts.values_list("number", flat=True).get(path=post.root_path)
    return root


def _thread_url(thread: Thread, **query: str | int) -> str:
    address = reverse("discussions:thread", args=[thread.pk])
    return f"{address}?{urlencode(query)}" if query else address


def _branch_url(thread: Thread, root_number: int, after: str, **query: str | int) -> str:
    address = reverse("discussions:branch", args=[thread.pk, root_number])
    if after:
        query["after"] = after
    return f"{address}?{urlencode(query)}" if query else address
