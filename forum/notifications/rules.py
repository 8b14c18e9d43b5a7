"""Who may follow what."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import Viewer
from forum.lib.answers import Answer, Refusal
from forum.notifications.places import named


def may_follow(viewer: Viewer, place: str) -> Answer:
    """Whether the viewer may say how much they want to hear of the place: whoever reads it.

    Queries: one.
    """
    if not isinstance(viewer, User):
        return Refusal(_("Log in to follow what is written here."))
    if not viewer.is_active:
        return Refusal(_("This account is suspended."))
    if named(viewer, [place]):
        return True
    return Refusal(_("There is nothing here that you may follow."))
