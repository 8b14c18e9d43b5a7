"""A member's saved searches as their page shows them."""

from collections import Counter
from dataclasses import dataclass, fields

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import Viewer
from forum.notifications.models import Item
from forum.saved_searches.actions import Question
from forum.saved_searches.forms import RenameForm
from forum.saved_searches.kinds import PLACE
from forum.saved_searches.models import Match, SavedSearch


@dataclass(frozen=True, slots=True)
class Row:
    """One search, and how many new results of it wait to be read."""

    search: SavedSearch
    new: int
    form: RenameForm

    @property
    def narrowed(self) -> list[str]:
        """What narrows its results down, in words."""
        search = self.search
        chosen = [
            search.category.called if search.category else "",
            search.organization.called if search.organization else "",
            search.get_gmina_display() if search.gmina else "",
            _("what the office says") if search.is_official else "",
            _("with attachments") if search.has_files else "",
        ]
        return [str(each) for each in chosen if each]


def rows_of(member: User, failed: RenameForm | None = None, failed_pk: int = 0) -> list[Row]:
    """All searches of the member, the last one first; with the form of one that was not saved.

    Queries: three.
    """
    searches = SavedSearch.objects.readable_by(member).with_places().order_by("-made_at", "-pk")
    new = _unread(member)
    return [
        Row(each, new[each.pk], failed if failed and each.pk == failed_pk else _form(each))
        for each in searches
    ]


def kept_of(viewer: Viewer, question: Question) -> SavedSearch | None:
    """The viewer's saved search of this question, if there is one. Queries: one for a member."""
    wanted = {each.name: getattr(question, each.name) for each in fields(question)}
    return SavedSearch.objects.readable_by(viewer).filter(**wanted).first()


def _form(search: SavedSearch) -> RenameForm:
    return RenameForm(initial={"title": search.title})


def _unread(member: User) -> Counter[int]:
    waiting = Item.objects.filter(
        user=member, notification__place=PLACE, is_read=False, is_hidden=False
    )
    abouts = list(waiting.values_list("event__about", flat=True))
    matches = Match.objects.filter(search__user=member, about__in=abouts)
    return Counter(matches.values_list("search", flat=True))
