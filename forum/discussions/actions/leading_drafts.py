"""Unsent replies go where the posts go that they answer: into the other thread.

Source: docs/decisions/0014-drafts.md.
"""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from forum.discussions.drafts import context_of
from forum.discussions.models import Attachment, Draft, Post, Thread
from forum.lib.markup import SOURCE_MAX_CHARS, as_markdown


def lead_drafts(source: Thread, target: Thread, *, is_merged: bool) -> None:
    """Every draft of a reply in the merged source; after a split those that answer a moved post.

    Where the member has a draft in the target too, both texts stand in it, one below the other.
    Files that wait with a draft go along.
    Locks: the drafts' rows by pk; the caller holds both threads.
    """
    drafts = list(_held(source).order_by("pk"))
    if is_merged:
        _lead_files(Attachment.objects.all(), source, target)
    numbers = new_numbers(source, [draft.parent_number for draft in drafts])
    if not is_merged:
        drafts = [draft for draft in drafts if draft.parent_number in numbers]
        writers = [draft.user_id for draft in drafts]
        _lead_files(Attachment.objects.filter(uploader__in=writers), source, target)
    present = {draft.user_id: draft for draft in _held(target).order_by("pk")} if drafts else {}
    for draft in drafts:
        there = present.get(draft.user_id)
        if there is None:
            draft.parent_number = numbers.get(draft.parent_number)
            draft.context, draft.thread = context_of(target), target
            draft.save(update_fields=["parent_number", "context", "thread"])
        elif join(there, draft):
            draft.delete()


def new_numbers(source: Thread, numbers: Iterable[int | None]) -> dict[int | None, int]:
    """The numbers that moved posts of the thread have by now, by their old ones. Queries: one."""
    moved = source.posts.filter(state=Post.State.MOVED, number__in=[n for n in numbers if n])
    return dict(moved.values_list("number", "moved_to__number"))


def join(there: Draft, other: Draft) -> bool:
    """Put the other text below; False where both are too long for one draft, and stay two."""
    if there.body_format == other.body_format == "html":
        body, body_format = there.body + other.body, "html"
    else:
        texts = [as_markdown(each.body, each.body_format) for each in (there, other)]
        body, body_format = "\n\n".join(filter(None, texts)), "markdown"
    if len(body) > SOURCE_MAX_CHARS[body_format]:
        return False
    there.body, there.body_format = body, body_format
    # A window that is open there has the earlier text: it will be asked.
    there.version += 1
    there.changed_at = timezone.now()
    there.save(update_fields=["body", "body_format", "version", "changed_at"])
    return True


def _lead_files(files: QuerySet[Attachment], source: Thread, target: Thread) -> None:
    """What was attached to the texts goes along."""
    waiting = files.filter(post=None, held=None, context=context_of(source))
    waiting.update(context=context_of(target))


def _held(thread: Thread) -> QuerySet[Draft]:
    return Draft.objects.select_for_update().filter(context=context_of(thread))
