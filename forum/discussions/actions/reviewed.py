"""Posts that moderators look at: what their authors do with them meanwhile."""

from forum.discussions.models import HeldText, Post, Thread
from forum.moderation.actions import note_change, note_changes, open_case
from forum.moderation.models import Case

# In the registry of what can be reviewed.
KIND = "post"
HELD = "held"


def tell_moderators(post: Post) -> None:
    """That the author changed or withdrew it: what was to be corrected waits for them again.

    Queries: one where nobody looks at it. Locks: its case, then the desk; the caller holds the
    thread, and takes no lock of a category any more.
    """
    if post.state == Post.State.CORRECTION:
        open_case(kind=KIND, subject_pk=post.pk, reason=Case.Reason.CORRECTED)
    else:
        note_change(kind=KIND, subject_pk=post.pk)


def tell_moderators_of(thread: Thread) -> None:
    """That its posts, and what waits for it, stand where others read them.

    Queries: two where nobody looks at any.
    """
    note_changes(kind=KIND, subject_pks=thread.posts.order_by().values("pk"))
    held = HeldText.objects.waiting().filter(thread=thread)
    note_changes(kind=HELD, subject_pks=held.order_by().values("pk"))
