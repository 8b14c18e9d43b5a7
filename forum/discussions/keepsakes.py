"""The posts a member keeps for later: those of one thread, and pages of all of them."""

from django.db.models import Q

from accounts.models import User
from accounts.rules import Viewer
from forum.discussions.mentioning import with_names
from forum.discussions.models import Post, SavedPost, Thread
from forum.lib.pages import Page, key_of, parse_key
from forum.lib.prepared import Prepared

PAGE_SIZE = 20  # posts

_SAVED = Prepared(
    lambda viewer, thread: (
        SavedPost.objects.filter(user=viewer, post__thread=thread)
        .order_by("post")
        .values_list("post")
    )
)


def saved_in(viewer: Viewer, thread: Thread) -> list[int]:
    """The pks of the thread's posts that the viewer keeps: also of those not on the page, which
    a fold may still bring. Queries: one, none for a guest."""
    if not isinstance(viewer, User):
        return []
    return [pk for (pk,) in _SAVED.rows(viewer=viewer.pk, thread=thread.pk)]


def page_of(member: User, before: str, address: str) -> Page[SavedPost]:
    """The page of what the member keeps and may still read, saved before the key.

    Queries: one, at most two more where somebody is mentioned.
    """
    readable = Post.objects.readable_by(member).values("pk")
    kept = SavedPost.objects.filter(user=member, post__in=readable)
    kept = kept.select_related("post__author", "post__organization", "post__thread__category")
    key = parse_key(before)
    if key is not None:
        moment, pk = key
        kept = kept.filter(
            Q(saved_at__lt=moment) | Q(saved_at=moment, pk__lt=pk), saved_at__lte=moment
        )
    found = list(kept.order_by("-saved_at", "-pk")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    with_names(kept.post for kept in shown)
    later = ""
    if len(found) > PAGE_SIZE:
        later = f"{address}?before={key_of(shown[-1].saved_at, shown[-1].pk)}"
    return Page(shown, later_url=later, first_url=address if key else "")
