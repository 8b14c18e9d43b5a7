"""Posts as HTML, rendered once for all: for pages, for pushes and for catch-ups alike.

What a fragment of a post shows may change only together with the post's `seq`; names are the
exception (forum/lib/fragments.py). Source: docs/decisions/0016-fragment-cache.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.template.loader import get_template
from django.utils.safestring import SafeString

from forum.discussions.mentioning import with_names
from forum.discussions.models import Post, PostQuerySet
from forum.lib import fragments


def without_texts(posts: PostQuerySet) -> PostQuerySet:
    """Who wrote them and where they stand: what a page needs beside their fragments."""
    return posts.select_related("author", "organization").defer("source", "html")


def with_fragments(posts: Iterable[Post]) -> list[Post]:
    """The posts, each with its `fragment`.

    Queries: none where all are in the cache, three otherwise, and at most two more where somebody
    is mentioned. A post that is gone by now has none.
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
    def read(cls, posts: PostQuerySet) -> "PostsInFull":
        """Queries: at most five."""
        names = fragments.names()  # before the rows: a name that changes meanwhile ends the kept
        return cls(with_names(posts.for_display()), names)

    def fragments(self) -> list[SafeString]:
        """The fragment of each post in the active language, kept for the pages to come."""
        rendered = {post: _rendered(post) for post in self.posts}
        fragments.keep({_key(post): html for post, html in rendered.items()}, self.names)
        return list(rendered.values())


def _in_full(pks: list[int]) -> PostQuerySet:
    return Post.objects.for_display().filter(pk__in=pks)


def _rendered(post: Post) -> SafeString:
    return SafeString(get_template("discussions/_post.html").render({"post": post}))


def _key(post: Post) -> str:
    # The moment tells a post from another that got its pk after a backup was restored.
    # A post that moved is counted by another thread's numbers.
    return f"post:{post.pk}:{post.thread_id}:{post.seq}:{post.created_at.timestamp()}"
