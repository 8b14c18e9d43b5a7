"""Lists of threads: across all categories, and those of one category."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import MemberRequest
from forum.categories.models import Category
from forum.discussions import actions, listing, rules
from forum.discussions.models import Thread
from forum.discussions.places import place_of_category
from forum.discussions.templates_of_threads import TEMPLATES, offered_in
from forum.discussions.views.list_pages import ListPage
from forum.lib.markup import without_control
from forum.lib.pages import Page

SOUGHT_MAX_CHARS = 100
# The mark of a row that a list takes in while it is open; without one it takes in every row.
TAKES = {"unanswered": "waits", "official": "official"}


@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """Every thread the reader may read, the one written in last first."""
    return _list(request, "latest", listing.page_of)


@require_safe
def unanswered(request: HttpRequest) -> HttpResponse:
    """The threads that wait for a first reply."""
    return _list(request, "unanswered", listing.unanswered_page)


@require_safe
def official(request: HttpRequest) -> HttpResponse:
    """The threads in which the county office speaks."""
    return _list(request, "official", listing.official_page)


@login_required
@require_safe
def unread_list(request: MemberRequest) -> HttpResponse:
    """The threads with posts that the member has not read."""
    return _list(request, "unread", listing.unread_page)


@require_safe
def category(request: HttpRequest, pk: int) -> HttpResponse:
    """The threads of one category; kept for a while for all who may do the same there."""
    readable = Category.objects.readable_by(request.user)
    category = get_object_or_404(readable.select_related("parent"), pk=pk)
    children = list(readable.filter(parent=category))

    may_start = rules.may_start(request.user, category)
    page = ListPage(
        "discussions/category.html",
        [category, *children],
        lambda: _names_in(request, category, children) | {"may_start": may_start},
        place=place_of_category(category.pk),
        standing=(
            True if may_start else str(may_start.sentence),
            category.parent.called if category.parent else "",
        ),
    )
    return page.answer(request)


def _names_in(
    request: HttpRequest, category: Category, children: Sequence[Category]
) -> dict[str, Any]:
    """What all see who may read the same."""
    viewer, before = request.user, request.GET.get("before", "")
    wish = request.GET.get("template", "")
    template = wish if wish in TEMPLATES else ""
    sought = without_control(request.GET.get("fields", ""))[:SOUGHT_MAX_CHARS].strip()
    page = listing.page_of(
        viewer, before, request.path, category=category, template=template, wish=sought
    )
    pinned = [] if page.first_url or template else listing.pinned_in(category)
    return {
        "pinned": pinned,
        "category": category,
        "children": children,
        "template": template,
        "sought": sought,
        "templates": offered_in(category),
        "page": page,
        "listed": [*pinned, *page.items],
        "streams": listing.streams([category, *children]),
        "page_size": listing.PAGE_SIZE,
    }


def _list(request: HttpRequest, shown: str, page_of: Callable[..., Page[Thread]]) -> HttpResponse:
    """One of the lists across categories; kept for a while for all who read the same, but for what
    one member has not read."""
    viewer, before = request.user, request.GET.get("before", "")
    if isinstance(viewer, User):
        actions.be_here(user=viewer)
    categories = list(Category.objects.readable_by(viewer))

    def names() -> dict[str, Any]:
        page = page_of(viewer, before, request.path)
        return {
            "shown": shown,
            "page": page,
            "listed": page.items,
            "streams": listing.streams(categories),
            "page_size": listing.PAGE_SIZE,
            "takes": TAKES.get(shown, ""),
            # What was not written in since is either on the list or read.
            "newer_than": timezone.now() if shown == "unread" else None,
        }

    made = ListPage("discussions/latest.html", categories, names)
    return made.alone(request) if shown == "unread" else made.answer(request)
