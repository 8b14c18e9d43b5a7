"""One's own texts that wait for a moderator, wherever their author meets them."""

from accounts.models import User
from accounts.rules import Viewer
from forum.discussions.models import HeldText, Thread


def held_of(member: User) -> list[HeldText]:
    """What of the member's texts waits or was not published, the latest first.

    Queries: one, and one more where there is something.
    """
    return list(HeldText.objects.filter(author=member).unsettled().for_display().order_by("-pk"))


def held_in(viewer: Viewer, thread: Thread) -> list[HeldText]:
    """What of the viewer's texts waits in the thread, the oldest first.

    Queries: none for a guest, one for a member, and one more where there is something.
    """
    if not isinstance(viewer, User):
        return []
    return list(HeldText.objects.waiting().filter(author=viewer, thread=thread).for_display())
