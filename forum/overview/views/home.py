"""Pages that look across rooms: the first page."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Mandate, Organization, User
from accounts.rules import Viewer
from forum.categories.models import Category
from forum.discussions import listing
from forum.discussions.models import Thread
from forum.discussions.unread import list_reading

THREADS_SHOWN = 8
UNANSWERED_SHOWN = 5
ORGANIZATIONS_SHOWN = 12


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is going on, where to ask, and for guests what this is and how to join."""
    categories = list(Category.objects.readable_by(request.user))
    readable = Thread.objects.readable_by(request.user).for_listing().listed()
    latest = list(readable.latest_first()[: THREADS_SHOWN + 1])
    return render(
        request,
        "overview/home.html",
        {
            "categories": _in_tree_order(categories),
            "writable": _in_tree_order(list(Category.objects.writable_by(request.user))),
            "threads": latest[:THREADS_SHOWN],
            "list_reading": list_reading(request.user, latest[:THREADS_SHOWN]),
            "has_later": len(latest) > THREADS_SHOWN,
            "page_size": THREADS_SHOWN,
            "unanswered": _unanswered(request.user),
            "unanswered_shown": UNANSWERED_SHOWN,
            "streams": listing.streams(categories),
            **({} if request.user.is_authenticated else _about_us()),
        },
    )


def _unanswered(viewer: Viewer) -> QuerySet[Thread]:
    """Threads that wait for a first reply; announcements do not wait."""
    threads = Thread.objects.readable_by(viewer).listed().unanswered()
    return threads.for_listing().latest_first()[:UNANSWERED_SHOWN]


def _in_tree_order(categories: list[Category]) -> list[Category]:
    """Every root in its order, followed by its children."""
    roots = [category for category in categories if category.parent_id is None]
    return [
        category
        for root in roots
        for category in [root, *(each for each in categories if each.parent_id == root.pk)]
    ]


def _about_us() -> dict[str, object]:
    speaking = Organization.objects.filter(
        mandates__in=Mandate.objects.current().that_speak()
    ).distinct()
    return {
        "organizations_count": speaking.count(),
        "gminas_count": len(Organization.Gmina.choices),
        "people_count": User.objects.filter(is_active=True).count(),
        "organizations": speaking.order_by("name")[:ORGANIZATIONS_SHOWN],
    }
