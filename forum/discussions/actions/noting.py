"""Whom a post calls, kept as rows: what notifications read."""

from collections.abc import Iterable

from django.db.models import Q

from forum.discussions.models import Mention, Post


def note_mentions(post: Post, called: Iterable[str], *, is_new: bool = False) -> None:
    """Keep exactly these mentions; one that stays keeps its row.

    Takes the keys of members and organizations that are there. Queries: one, or two where
    somebody is called anew; of a new post that calls nobody none. Locks: the caller has a
    transaction.
    """
    rows = [_row(post, key) for key in called]
    if is_new and not rows:
        return
    stay = Q(user__in=[row.user_id for row in rows if row.user_id]) | Q(
        organization__in=[row.organization_id for row in rows if row.organization_id]
    )
    post.mentions.exclude(stay).delete()
    there = set(post.mentions.values_list("user", "organization")) if rows else set()
    Mention.objects.bulk_create(
        row for row in rows if (row.user_id, row.organization_id) not in there
    )


def _row(post: Post, key: str) -> Mention:
    kind, pk = key.split("-")
    if kind == "member":
        return Mention(post=post, user_id=int(pk))
    return Mention(post=post, organization_id=int(pk))
