"""How attached files are found: by their name and by the words that stand in them."""

import logging
from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from accounts.models import Organization
from accounts.rules import Viewer
from forum.discussions.actions import reading_files
from forum.discussions.models import Attachment, FileText, Post
from forum.discussions.searching import FILE, hold_threads
from forum.search.sources import Shown, Source, Words

logger = logging.getLogger(__name__)


class FileSource(Source):
    """Documents of posts that stand. Each is a thing of its own in the post's thread, so that the
    line of the results can say in which file the words are."""

    kind = FILE
    looked_at = 4  # each may take its reader's SECONDS_MAX; a step fits into the lease of a job

    def words(self, pks: Collection[int]) -> list[Words]:
        files = Attachment.objects.documents().filter(pk__in=pks, post__state=Post.State.PUBLISHED)
        files = files.select_related("post__thread", "post__organization")
        texts = dict(FileText.objects.filter(attachment__in=pks).values_list("pk", "text"))
        return [_words(file, texts.get(file.pk, "")) for file in files]

    def pks_after(self, pk: int, limit: int) -> Sequence[int]:
        files = Attachment.objects.documents().filter(pk__gt=pk).order_by("pk")
        return list(files.values_list("pk", flat=True)[:limit])

    def count(self) -> int:
        return Attachment.objects.documents().count()

    def hold(self, pks: Collection[int]) -> bool:
        return hold_threads(Post.objects.filter(attachments__in=pks))

    def unready(self, pks: Collection[int]) -> set[int]:
        files = Attachment.objects.documents().unread()
        published = files.filter(pk__in=pks, post__state=Post.State.PUBLISHED)
        return set(published.values_list("pk", flat=True))

    def make_ready(self, pk: int) -> None:
        try:
            reading_files.read(pk)
        except OSError:
            # The other files do not wait for one that is not where it should be.
            logger.warning("The file of attachment %d cannot be opened", pk, exc_info=True)

    def shown(self, viewer: Viewer, pks: Collection[int]) -> dict[int, Shown]:
        posts = Post.objects.readable_by(viewer).filter(state=Post.State.PUBLISHED)
        files = Attachment.objects.documents().filter(pk__in=pks, post__in=posts.values("pk"))
        files = files.select_related(
            "post__thread__category", "post__author", "post__organization"
        ).defer("post__source", "post__html")
        return {file.pk: _shown(file, file.post) for file in files if file.post is not None}


def _shown(file: Attachment, post: Post) -> Shown:
    return Shown(
        url=post.get_absolute_url(),
        kind=_("File"),
        who=post.voice_name,
        where=post.thread.title,
        names={
            "post": post,
            "thread": post.thread,
            "category": post.thread.category,
            "file": file,
        },
    )


def _words(file: Attachment, text: str) -> Words:
    post = file.post
    assert post is not None
    organization = post.organization
    return Words(
        pk=file.pk,
        text=f"{file.name}\n{text}",
        at=post.created_at,
        place=post.thread_id,
        category=post.thread.category_id,
        author=post.author_id,
        organization=post.organization_id,
        gmina=organization.gmina if organization is not None else "",
        is_official=organization is not None and organization.kind == Organization.Kind.OFFICE,
        is_accepted=post.thread.accepted_id == post.pk,
        has_files=True,
    )
