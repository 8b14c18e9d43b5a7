"""Posts that moderators look at: what their authors do with them meanwhile."""

from forum.discussions.models import Post
from forum.moderation.actions import note_change, open_case
from forum.moderation.models import Case

KIND = "post"  # in the registry of what can be reviewed


def tell_moderators(post: Post) -> None:
    """That the author changed or withdrew it: what was to be corrected waits for them again.

    Queries: one where nobody looks at it. Locks: its case; the caller holds the thread.
    """
    if post.state == Post.State.CORRECTION:
        open_case(kind=KIND, subject_pk=post.pk, reason=Case.Reason.CORRECTED)
    else:
        note_change(kind=KIND, subject_pk=post.pk)
