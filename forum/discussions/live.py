"""The streams of threads and categories, and the fragments they carry."""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property, partial

from django.template.loader import render_to_string
from django.utils.translation import get_language

from accounts.rules import Viewer
from forum.categories.models import Category
from forum.discussions.heads import head_of
from forum.discussions.models import Departure, Post, Thread
from forum.discussions.rendering import PostsInFull, fragments_of
from forum.discussions.rows import rendered_row, rows_of
from forum.lib.prepared import Prepared
from forum.live.streams import CHANGES_LIMIT, Changes, Stream

_LISTED = Prepared(lambda pk: Thread.objects.for_listing().filter(pk=pk))


def stream_of(owner: Thread | Category) -> str:
    """The name of the stream that tells about the thread, or about the category's threads."""
    return f"{'thread' if isinstance(owner, Thread) else 'category'}.{owner.pk}"


def fragments_of_post(pk: int, thread_pk: int, *, head: bool = False) -> str:
    """The post as every listener of the thread sees it, with the head where its counts changed.

    Nothing where the post has gone to another thread meanwhile: who listens here may not be one
    who reads there.
    """
    post = Post.objects.defer("source", "html").filter(pk=pk, thread=thread_pk).first()
    if post is None:
        return ""
    thread = _LISTED.object(pk=thread_pk) if head else None
    return thread_fragments(thread, [post])


class Telling:
    """For `announce`: a post that changed, its thread's head and its row in lists, each read once
    after the commit and rendered once a language, whoever asks for it: the hub, the author.

    A post that was written just now, as its number says, and its thread, which was locked, need not
    be read: give `new`, with nothing attached.
    Queries: one for a plain post, at most six; one for the thread, and those of the head. For a
    new post those of the head.
    """

    def __init__(
        self, pk: int, thread_pk: int, *, head: bool = False, new: Post | None = None
    ) -> None:
        self._pk, self._thread_pk, self._has_head = pk, thread_pk, head
        self._new = new
        self._rendered: dict[tuple[str, str | None], str] = {}

    def fragments(self) -> str:
        """As `fragments_of_post`."""
        return self._once("fragments", self._fragments)

    def row(self, category_pk: int) -> str:
        """As `row_of_thread`."""
        return self._once("row", lambda: self._row(category_pk))

    def _once(self, what: str, render: Callable[[], str]) -> str:
        key = (what, get_language())
        if key not in self._rendered:
            self._rendered[key] = render()
        return self._rendered[key]

    def _fragments(self) -> str:
        if not self._posts.posts:
            return ""
        return "\n".join(_with_head(self._head, self._posts.fragments()))

    def _row(self, category_pk: int) -> str:
        return _row_of(_if_in(category_pk, self._thread))

    @cached_property
    def _posts(self) -> PostsInFull:
        new = PostsInFull.of_new(self._new) if self._new is not None else None
        if new is None:
            self._new = None  # whose thread is as old
        return new or PostsInFull.read_one(self._pk, self._thread_pk)

    @cached_property
    def _head(self) -> dict[str, object] | None:
        if not self._has_head:
            return None
        thread = self._new.thread if self._new is not None else self._thread
        return _head_names(thread) if thread is not None else None

    @cached_property
    def _thread(self) -> Thread | None:
        thread: Thread | None = _LISTED.object(pk=self._thread_pk)
        return thread


def telling_of_post(pk: int, thread_pk: int, *, head: bool = False) -> Callable[[], str]:
    """For `announce`: `fragments_of_post`, with the rows read once for all languages."""
    return Telling(pk, thread_pk, head=head).fragments


def telling_of_row(pk: int, category_pk: int) -> Callable[[], str]:
    """For `announce`: `row_of_thread`, with the rows read once for all languages."""
    return partial(Telling(0, pk).row, category_pk)


def thread_fragments(thread: Thread | None, posts: Sequence[Post]) -> str:
    """The head of the thread, where given, and the posts."""
    names = _head_names(thread) if thread is not None else None
    return "\n".join(_with_head(names, fragments_of(posts)))


def head_of_thread(pk: int) -> str:
    """The thread's head alone."""
    return thread_fragments(_LISTED.object(pk=pk), [])


def row_of_departure(category_pk: int, thread_pk: int) -> str:
    """The category's card, and the word that the thread's row is gone from its lists."""
    category = Category.objects.get(pk=category_pk)
    gone = Departure.objects.select_related("thread").filter(category=category, thread=thread_pk)
    return category_fragments(category, [], gone)


def row_of_thread(pk: int, category_pk: int) -> str:
    """The thread's row in lists, and the category's card whose counts it changed.

    Nothing where the thread has gone to another category meanwhile.
    """
    return _row_of(_if_in(category_pk, _LISTED.object(pk=pk)))


def category_fragments(
    category: Category, threads: Iterable[Thread], gone: Iterable[Departure] = ()
) -> str:
    """The category's card, the rows of the threads, and which rows are gone from its lists."""
    parts: list[str] = [_card_of(category), *rows_of(list(threads))]
    parts += [render_to_string("discussions/_thread_gone.html", {"departure": d}) for d in gone]
    return "\n".join(parts)


class ThreadStream(Stream):
    """What happens in one thread: its posts and its head."""

    kind = "thread"
    shows_presence = True

    def may_listen(self, viewer: Viewer, pk: int) -> bool:
        return Thread.objects.readable_by(viewer).filter(pk=pk).exists()

    def seqs(self, pks: Collection[int]) -> dict[int, int]:
        return dict(Thread.objects.filter(pk__in=pks).values_list("pk", "seq"))

    def changes(self, pk: int, since: int) -> Changes:
        # The number is read before the rows: a change in between is sent twice, never missed.
        thread = Thread.objects.for_listing().get(pk=pk)
        changed = Post.objects.filter(thread=thread, seq__gt=since).order_by("seq")
        posts = list(changed.defer("source", "html")[: CHANGES_LIMIT + 1])
        if len(posts) > CHANGES_LIMIT:
            posts = posts[:CHANGES_LIMIT]
            return Changes(posts[-1].seq, thread_fragments(None, posts), more=True)
        html = thread_fragments(thread, posts) if thread.seq > since else ""
        return Changes(thread.seq, html, more=False)


class CategoryStream(Stream):
    """Which threads of one category changed as a list shows them."""

    kind = "category"

    def may_listen(self, viewer: Viewer, pk: int) -> bool:
        return Category.objects.readable_by(viewer).filter(pk=pk).exists()

    def seqs(self, pks: Collection[int]) -> dict[int, int]:
        return dict(Category.objects.filter(pk__in=pks).values_list("pk", "seq"))

    def changes(self, pk: int, since: int) -> Changes:
        category = Category.objects.get(pk=pk)
        changed = (
            Thread.objects.for_listing()
            .listed()
            .filter(category=category, listing_seq__gt=since)
            .order_by("listing_seq")
        )
        departed = category.departures.select_related("thread").filter(seq__gt=since)
        threads = list(changed[: CHANGES_LIMIT + 1])
        gone = list(departed.order_by("seq")[: CHANGES_LIMIT + 1])
        seqs = sorted([*(each.listing_seq for each in threads), *(each.seq for each in gone)])
        if len(seqs) > CHANGES_LIMIT:
            last = seqs[CHANGES_LIMIT - 1]
            threads = [each for each in threads if each.listing_seq <= last]
            gone = [each for each in gone if each.seq <= last]
            return Changes(last, category_fragments(category, threads, gone), more=True)
        html = category_fragments(category, threads, gone) if category.seq > since else ""
        return Changes(category.seq, html, more=False)


def _head_names(thread: Thread) -> dict[str, object]:
    return {"thread": thread, "head": head_of(thread)}


def _with_head(names: dict[str, object] | None, posts: Sequence[str]) -> list[str]:
    head = [render_to_string("discussions/_thread_head.html", names)] if names is not None else []
    return [*head, *posts]


def _if_in(category_pk: int, thread: Thread | None) -> Thread | None:
    return thread if thread is not None and thread.category_id == category_pk else None


def _row_of(thread: Thread | None) -> str:
    # Nobody has looked at the row as it is now: it is not looked for among those that are kept.
    return f"{_card_of(thread.category)}\n{rendered_row(thread)}" if thread is not None else ""


def _card_of(category: Category) -> str:
    return render_to_string("overview/_category.html", {"category": category})
