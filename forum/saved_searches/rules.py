"""Who may keep a search."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.rules import Viewer
from forum.lib.answers import Answer, Refusal
from forum.saved_searches.models import SavedSearch

SEARCHES_OF_A_MEMBER = 20


def may_keep(viewer: Viewer) -> Answer:
    """Whether the viewer may keep one more search. Queries: one."""
    if not isinstance(viewer, User):
        return Refusal(_("Log in to be told of new results."))
    if not viewer.is_active:
        return Refusal(_("This account is suspended."))
    if SavedSearch.objects.readable_by(viewer).count() >= SEARCHES_OF_A_MEMBER:
        return Refusal(
            ngettext(
                "You keep %(count)s search already, as many as there may be. Remove it first.",
                "You keep %(count)s searches already, as many as there may be. Remove one first.",
                SEARCHES_OF_A_MEMBER,
            )
            % {"count": SEARCHES_OF_A_MEMBER}
        )
    return True
