"""Pages of lists: kept for all readers of one standing while nothing changes, finished for each.

Source: docs/decisions/0021-shared-pages.md, 0042-home-and-lists.md, 0046-conditional-requests.md.
"""

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from accounts.rules import Viewer
from forum.categories.models import Category
from forum.discussions.models import Thread
from forum.discussions.unread import Listed, list_reading
from forum.discussions.views.own_parts import ALIAS, frame_blocks, marks, may_share, place_of
from forum.lib import fragments
from forum.lib.conditional import answer_to_guest
from forum.lib.shared_pages import Address, SharedPage
from forum.moderation.queue import waiting_for
from forum.notifications.bell import bell_of
from forum.notifications.levels import standing_for

# How old the words may be that no change number covers: who is in, how long ago, how often.
KEPT_SECONDS = 5 * 60
OWN_NAMES = {"bell", "desk", "follow", "list_reading"}
PARTS_OF_ADDRESS = {"before"}

Names = Callable[[], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ListPage:
    """What a list shows: `make` gives the names that are the same for all of one standing, of which
    `listed` are its threads."""

    template_name: str
    categories: Sequence[Category]  # of the list, which the reader may read
    make: Names
    place: str = ""  # what may be followed here
    standing: Hashable = None  # what tells the page from that of other members

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The page from what was kept, if that is fresh: whatever changes in a list of their
        threads moves the number of one of its categories.

        A guest whose browser has the page is told so (forum/lib/conditional.py). Queries: none
        for a guest where the page is kept; two or three for a member.
        """
        names = _names_of_today() if may_share(request, PARTS_OF_ADDRESS) else None
        if names is None:
            return self.alone(request)
        kept = self._kept(request, names)
        if kept is None:
            return self.alone(request)
        if not isinstance(request.user, User):
            return answer_to_guest(request, kept.page)
        address, viewer = Address(request), request.user
        own = {
            "user": viewer,
            "viewer_id": viewer.pk,
            "bell": bell_of(viewer),
            "desk": waiting_for(viewer),
            **self._own_names(viewer, kept.listed),
        }
        page = kept.page.filled(address, own, frame_blocks(own, address))
        return HttpResponse(page.finished(marks(request)))

    def alone(self, request: HttpRequest) -> HttpResponse:
        """The page rendered for this reader and nobody else."""
        names = self.make()
        own = self._own_names(request.user, names["listed"])
        return render(request, self.template_name, {**names, **own})

    def _own_names(
        self, viewer: Viewer, listed: Sequence[Listed] | Sequence[Thread]
    ) -> dict[str, Any]:
        return {
            "list_reading": list_reading(viewer, listed),
            "follow": standing_for(viewer, self.place) if self.place else None,
        }

    def _kept(self, request: HttpRequest, names: int) -> "_Kept | None":
        place = place_of(
            (
                self.template_name,
                [_shown_of(category) for category in self.categories],
                names,
                int(time.time()) // KEPT_SECONDS,
                (isinstance(request.user, User), request.user.is_staff, self.standing),
                request.get_full_path(),
            )
        )
        kept: _Kept | None = caches[ALIAS].get(place)
        if kept is None:
            kept = self._shared(request)
            if kept.page.given_away:
                fragments.logger.error("Personal names on a shared list: %s", kept.page.given_away)
                return None
            caches[ALIAS].set(place, kept, KEPT_SECONDS)
        return kept

    def _shared(self, request: HttpRequest) -> "_Kept":
        address, names = Address(request), self.make()
        is_member = isinstance(request.user, User)
        reader = {"is_authenticated": is_member, "is_staff": request.user.is_staff}
        assert not OWN_NAMES & names.keys(), "a reader's own would be everybody's"
        everything = {**names, "reader": reader}
        page = SharedPage.render(self.template_name, address, everything, OWN_NAMES)
        if not is_member:
            page = page.filled(address, {}, {}).identified()
        return _Kept(page, [Listed.of(thread) for thread in names["listed"]])


@dataclass(frozen=True, slots=True)
class _Kept:
    page: SharedPage
    listed: list[Listed]


def _shown_of(category: Category) -> tuple[object, ...]:
    """Its number, and its words: those an administrator saves meanwhile move the names alone."""
    words = (category.called, category.about, category.readers, category.writers)
    return (category.pk, category.seq, *words, category.templates)


def _names_of_today() -> int | None:
    """The number that stands for all names; a forum without one begins to count them."""
    if fragments.names() is None:
        fragments.keep({}, None)
    return fragments.names()
