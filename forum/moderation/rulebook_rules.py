"""Who writes the rules of the forum."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import Viewer
from forum.lib.answers import Answer, Refusal


def may_write_rules(viewer: Viewer) -> Answer:
    """Whether the viewer may change the draft of the rules and publish it: the staff may."""
    if isinstance(viewer, User) and viewer.is_staff and viewer.is_active:
        return True
    return Refusal(_("Only the staff of the forum writes its rules."))
