"""The streams of threads and categories, and the fragments they carry."""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache

from django.template.loader import render_to_string

from accounts.rules import Viewer
from forum.categories.models import Category
from forum.discussions.heads import head_of
from forum.discussions.models import Departure, Post, Thread
from forum.discussions.rendering import PostsInFull, fragments_of
from forum.live.streams import CHANGES_LIMIT, Changes, Stream


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
    thread = Thread.objects.for_listing().get(pk=thread_pk) if head else None
    return thread_fragments(thread, [post])


def telling_of_post(pk: int, thread_pk: int, *, head: bool = False) -> Callable[[], str]:
    """For `announce`: `fragments_of_post`, with the rows read once for all languages.

    Queries of the first call: at most seven, and those of the head; of every further one: none.
    """

    @cache
    def read() -> tuple[PostsInFull, dict[str, object] | None]:
        posts = PostsInFull.read(Post.objects.filter(pk=pk, thread=thread_pk))
        if not head or not posts.posts:
            return posts, None
        return posts, _head_names(Thread.objects.for_listing().get(pk=thread_pk))

    def render() -> str:
        posts, names = read()
        return "\n".join(_with_head(names, posts.fragments()))

    return render


def telling_of_row(pk: int, category_pk: int) -> Callable[[], str]:
    """For `announce`: `row_of_thread`, with the rows read once for all languages."""

    @cache
    def read() -> Thread | None:
        return _listed_in(category_pk, pk)

    return lambda: _row_of(read())


def thread_fragments(thread: Thread | None, posts: Sequence[Post]) -> str:
    """The head of the thread, where given, and the posts."""
    names = _head_names(thread) if thread is not None else None
    return "\n".join(_with_head(names, fragments_of(posts)))


def head_of_thread(pk: int) -> str:
    """The thread's head alone."""
    return thread_fragments(Thread.objects.for_listing().get(pk=pk), [])


def row_of_departure(category_pk: int, thread_pk: int) -> str:
    """The category's card, and the word that the thread's row is gone from its lists."""
    category = Category.objects.get(pk=category_pk)
    gone = Departure.objects.select_related("thread").filter(category=category, thread=thread_pk)
    return category_fragments(category, [], gone)


def row_of_thread(pk: int, category_pk: int) -> str:
    """The thread's row in lists, and the category's card whose counts it changed.

    Nothing where the thread has gone to another category meanwhile.
    """
    return _row_of(_listed_in(category_pk, pk))


def category_fragments(
    category: Category, threads: Iterable[Thread], gone: Iterable[Departure] = ()
) -> str:
    """The category's card, the rows of the threads, and which rows are gone from its lists."""
    parts = [render_to_string("overview/_category.html", {"category": category})]
    parts += [
        render_to_string("discussions/_thread_row.html", {"thread": thread}) for thread in threads
    ]
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


def _listed_in(category_pk: int, pk: int) -> Thread | None:
    return Thread.objects.for_listing().filter(pk=pk, category=category_pk).first()


def _row_of(thread: Thread | None) -> str:
    return category_fragments(thread.category, [thread]) if thread is not None else ""
