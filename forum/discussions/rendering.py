"""Posts as HTML, rendered once for all: for pages, for pushes and for catch-ups alike.

What a fragment of a post shows may change only together with the post's `seq`; names are the
exception (forum/lib/fragments.py). Source: docs/decisions/0016-fragment-cache.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Exists, Model, OuterRef, QuerySet, prefetch_related_objects
from django.template.loader import get_template
from django.utils.safestring import SafeString

from forum.discussions.mentioning import with_names
from forum.discussions.models import Attachment, Post, PostQuerySet, Reaction
from forum.lib import fragments
from forum.lib.prepared import Prepared

# What most posts have none of is asked for only where the first question says that there is some.
_PARTS: dict[str, type[Model]] = {"reactions": Reaction, "attachments": Attachment}
_ONE = Prepared(lambda pk, thread: _with_parts_told(Post.objects.filter(pk=pk, thread=thread)))
# For so many posts: of a page, or of what one missed.
_MANY = Prepared(lambda **pks: _with_parts_told(Post.objects.filter(pk__in=pks.values())))


def without_texts(posts: PostQuerySet) -> PostQuerySet:
    """Who wrote them and where they stand: what a page needs beside their fragments."""
    return posts.select_related("author", "organization").defer("source", "html")


def with_fragments(posts: Iterable[Post]) -> list[Post]:
    """The posts, each with its `fragment`.

    Queries: none where all are in the cache; otherwise one, one or two more for each part that some
    of them have, and at most two where somebody is mentioned. A post that is gone by now has none.
    """
    posts = list(posts)
    for post, fragment in zip(posts, fragments_of(posts), strict=True):
        post.fragment = fragment  # type: ignore[attr-defined]  # read by _rows.html
    return posts


def fragments_of(posts: Sequence[Post]) -> list[SafeString]:
    """The fragment of each post. Queries: as `with_fragments`."""
    keys = [_key(post) for post in posts]
    found = fragments.find(keys)
    ready = dict(zip((post.pk for post in posts), map(found.fragments.get, keys), strict=True))
    missing = [pk for pk, fragment in ready.items() if fragment is None]
    if missing:
        # A post may have changed since it was read: it is kept under the number it has now.
        rendered = {post: _rendered(post) for post in with_names(_in_full(missing))}
        fragments.keep({_key(post): html for post, html in rendered.items()}, found.names)
        ready |= {post.pk: html for post, html in rendered.items()}
    return [ready[post.pk] or SafeString() for post in posts]


@dataclass(frozen=True, slots=True)
class PostsInFull:
    """Posts with all that their fragments show, read once and rendered in several languages."""

    posts: list[Post]
    names: int | None  # the number of the names when they were read

    @classmethod
    def read_one(cls, pk: int, thread_pk: int) -> "PostsInFull":
        """The post, or none where it is not in the thread. Queries: one for a plain post, at most
        six."""
        names = fragments.names()  # before the rows: a name that changes meanwhile ends the kept
        posts: list[Post] = _ONE.objects(pk=pk, thread=thread_pk)
        _bring_parts(posts)
        return cls(with_names(posts), names)

    @classmethod
    def of_new(cls, post: Post) -> "PostsInFull | None":
        """The post that was written a moment ago, with its author, its voice and nothing beside;
        None where somebody's name may be another by now. Queries: as `with_names`, and whom it
        answers."""
        names = fragments.names()
        if not fragments.are_settled(names):
            return None
        post.is_accepted = False  # type: ignore[attr-defined]  # as for_display tells it
        for part in _PARTS:
            setattr(post, f"has_{part}", False)
        _bring_parts([post])
        return cls(with_names([post]), names)

    def fragments(self) -> list[SafeString]:
        """The fragment of each post in the active language, kept for the pages to come."""
        rendered = {post: _rendered(post) for post in self.posts}
        fragments.keep({_key(post): html for post, html in rendered.items()}, self.names)
        return list(rendered.values())


def _with_parts_told(posts: PostQuerySet) -> PostQuerySet:
    told = {
        f"has_{part}": Exists(model._default_manager.filter(post=OuterRef("pk")))
        for part, model in _PARTS.items()
    }
    return posts.for_display().annotate(**told)


def _bring_parts(posts: Sequence[Post]) -> None:
    """As the prefetch of `for_display`, without its questions where their answer is known."""
    for post in posts:
        post._prefetched_objects_cache = {  # type: ignore[attr-defined]  # as Django keeps it
            part: _nothing(part) for part in _PARTS if not _has(post, part)
        }
    for lookup in Post.objects.parts():
        part = str(getattr(lookup, "prefetch_to", lookup))
        if some := [post for post in posts if _has(post, part)]:
            prefetch_related_objects(some, lookup)


@cache
def _nothing(part: str) -> QuerySet[Any, Any]:
    """What a post has of it that has none; one for all, which asks no question."""
    rows: QuerySet[Any, Any] = _PARTS[part]._default_manager.none()
    rows._result_cache = []
    return rows


def _has(post: Post, part: str) -> bool:
    return post.moved_to_id is not None if part == "moved_to" else getattr(post, f"has_{part}")


def _in_full(pks: Sequence[int]) -> list[Post]:
    posts: list[Post] = _MANY.objects(**{f"pk_{place}": pk for place, pk in enumerate(pks)})
    _bring_parts(posts)
    return posts


def _rendered(post: Post) -> SafeString:
    return SafeString(get_template("discussions/_post.html").render({"post": post}))


def _key(post: Post) -> str:
    # The moment tells a post from another that got its pk after a backup was restored.
    # A post that moved is counted by another thread's numbers.
    return f"post:{post.pk}:{post.thread_id}:{post.seq}:{post.created_at.timestamp()}"
