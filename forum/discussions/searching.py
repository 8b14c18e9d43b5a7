"""How posts are found: the source of the search room."""

from collections.abc import Collection, Sequence

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import Organization
from accounts.rules import Viewer
from forum.discussions.mentioning import plain_texts
from forum.discussions.models import Attachment, Post, PostQuerySet, Thread
from forum.lib.prepared import Prepared
from forum.search.sources import Shown, Source, Words

POST, FILE = "post", "file"  # kinds


class PostSource(Source):
    """Posts that stand; the one that opens a thread is found by the thread's title as well."""

    kind = POST

    def words(self, pks: Collection[int]) -> list[Words]:
        # Mostly one that was changed just now.
        posts = _ONE.objects(pk=next(iter(pks))) if len(pks) == 1 else list(_standing(pk__in=pks))
        texts = plain_texts(post.html for post in posts)
        return [_words_of(post, text) for post, text in zip(posts, texts, strict=True)]

    def pks_after(self, pk: int, limit: int) -> Sequence[int]:
        return list(
            Post.objects.filter(pk__gt=pk).order_by("pk").values_list("pk", flat=True)[:limit]
        )

    def count(self) -> int:
        return Post.objects.count()

    def hold(self, pks: Collection[int]) -> bool:
        return hold_threads(Post.objects.filter(pk__in=pks))

    def shown(self, viewer: Viewer, pks: Collection[int]) -> dict[int, Shown]:
        posts = Post.objects.readable_by(viewer).filter(pk__in=pks, state=Post.State.PUBLISHED)
        posts = posts.select_related("thread__category", "author", "organization")
        return {
            post.pk: Shown(
                url=post.get_absolute_url(),
                kind=_("Thread") if post.number == 1 else _("Post"),
                who=post.voice_name,
                where=post.thread.title,
                names={"post": post, "thread": post.thread, "category": post.thread.category},
            )
            for post in posts.defer("source", "html")
        }


def _standing(**among: object) -> PostQuerySet:
    return (
        Post.objects.filter(**among, state=Post.State.PUBLISHED)
        .select_related("thread", "organization")
        .annotate(has_files=Exists(Attachment.objects.filter(post=OuterRef("pk"))))
        .with_acceptance()
        .defer("source")
    )


_ONE = Prepared(lambda pk: _standing(pk=pk))


def hold_threads(posts: PostQuerySet) -> bool:
    """Lock the threads that these posts stand in; false where one was moved meanwhile.

    Locks: the threads' rows, in the order of their pks. Queries: three.
    """
    standing_in = posts.order_by().values_list("thread_id", flat=True)
    threads = set(standing_in)
    held = Thread.objects.select_for_update(no_key=True).filter(pk__in=threads).order_by("pk")
    list(held.values_list("pk", flat=True))
    return set(standing_in.all()) <= threads


def _words_of(post: Post, text: str) -> Words:
    is_accepted: bool = post.is_accepted  # type: ignore[attr-defined]  # annotated
    has_files: bool = post.has_files  # type: ignore[attr-defined]  # annotated
    return _words(post, text, is_accepted=bool(is_accepted), has_files=has_files)


def words_of_new(post: Post) -> Words:
    """The words of a post that was written just now: it has no files yet, and nobody accepted it.

    Queries: none without mentions.
    """
    [text] = plain_texts([post.html])
    return _words(post, text, is_accepted=False, has_files=False)


def _words(post: Post, text: str, *, is_accepted: bool, has_files: bool) -> Words:
    organization = post.organization
    filled = " ".join(each.value for each in post.summary)
    return Words(
        pk=post.pk,
        title=post.thread.title if post.number == 1 else "",
        text=f"{filled}\n{text}" if filled else text,
        at=post.created_at,
        place=post.thread_id,
        category=post.thread.category_id,
        author=post.author_id,
        organization=post.organization_id,
        gmina=organization.gmina if organization is not None else "",
        is_official=organization is not None and organization.kind == Organization.Kind.OFFICE,
        is_accepted=is_accepted,
        has_files=has_files,
    )
