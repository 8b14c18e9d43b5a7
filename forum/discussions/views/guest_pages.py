"""Pages of lists as guests see them: rendered once for all of them, while nothing changes.

Source: docs/decisions/0021-shared-pages.md and 0042-home-and-lists.md.
"""

import time
from collections.abc import Callable, Mapping, Sequence

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render

from accounts.models import User
from forum.categories.models import Category
from forum.discussions.views.own_parts import ALIAS, place_of
from forum.lib import fragments
from forum.lib.shared_pages import NONCE, TOKEN, Address, SharedPage

# How old the words may be that no change number covers: who is in, how long ago, how often.
KEPT_SECONDS = 5 * 60
OWN_NAMES = {"bell", "desk"}  # of the frame
PARTS_OF_ADDRESS = {"before"}

Names = Callable[[], Mapping[str, object]]


def guest_page(
    request: HttpRequest, template_name: str, categories: Sequence[Category], make: Names
) -> HttpResponse:
    """The page with the names that `make` gives; for a guest from what was kept, if it is fresh.

    `categories` are those the reader may read: whatever changes in a list of their threads moves
    the number of one of them. Queries: none for a guest where the page is kept.
    """
    names = _names_of_today() if _may_share(request) else None
    if names is None:
        return render(request, template_name, make())
    numbers = [(category.pk, category.seq) for category in categories]
    now = int(time.time()) // KEPT_SECONDS
    place = place_of((template_name, numbers, names, now, request.get_full_path()))
    page: SharedPage | None = caches[ALIAS].get(place)
    if page is None:
        page = _shared(request, template_name, make)
        if page.given_away:
            fragments.logger.error("Personal names on a guests' page: %s", page.given_away)
            return render(request, template_name, make())
        caches[ALIAS].set(place, page, KEPT_SECONDS)
    nonce = request.csp_nonce  # type: ignore[attr-defined]  # our middleware's
    return HttpResponse(page.finished({NONCE: nonce, TOKEN: get_token(request)}))


def _names_of_today() -> int | None:
    """The number that stands for all names; a forum without one begins to count them."""
    if fragments.names() is None:
        fragments.keep({}, None)
    return fragments.names()


def _may_share(request: HttpRequest) -> bool:
    if settings.DEBUG or isinstance(caches[ALIAS], DummyCache):
        return False
    if isinstance(request.user, User) or "messages" in request.COOKIES:
        return False
    return request.GET.keys() <= PARTS_OF_ADDRESS


def _shared(request: HttpRequest, template_name: str, make: Names) -> SharedPage:
    address = Address(request)
    guest = {"is_authenticated": False, "is_staff": False}
    page = SharedPage.render(template_name, address, {**make(), "reader": guest}, OWN_NAMES)
    return page.filled(address, {}, {})
