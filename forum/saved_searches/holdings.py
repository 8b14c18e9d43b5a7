"""What saved searches keep about a member; plugged into the registry by apps.py."""

from django.utils.translation import gettext_lazy as _

from accounts.personal_data import Erasure, Holding
from forum.saved_searches.models import Match, SavedSearch


def forget(erasure: Erasure) -> None:
    """Whatever the member looked for: seen by nobody else. Locks: the searches, as they are found
    for."""
    own = SavedSearch.objects.filter(user=erasure.member)
    list(own.select_for_update().order_by("pk").values_list("pk"))
    own.delete()


SEARCHES = Holding(
    model=SavedSearch,
    member="user",
    title=_("Saved searches"),
    purpose=_("So that you learn of what you look for."),
    kept=_("Until you remove them. Nobody else sees them."),
    erased=_("Removed."),
    erase=forget,
    fields={
        "title": _("name"),
        "text": _("words"),
        "category": _("category"),
        "organization": _("organization"),
        "gmina": _("commune"),
        "is_official": _("only what the office says"),
        "has_files": _("only with attachments"),
        "is_paused": _("paused"),
        "made_at": _("saved"),
        "since": _("tells of what is new since"),
    },
    impersonal={"user": "the member themselves"},
)
MATCHES = Holding(
    model=Match,
    member="search__user",
    title=_("What was found for your saved searches"),
    purpose=_("So that nothing is told to you twice."),
    kept=_("Half a year, or as long as you have not read of it."),
    erased=_("Removed."),
    fields={"search": _("search"), "about": _("what was found"), "made_at": _("when")},
)
ALL = (SEARCHES, MATCHES)
