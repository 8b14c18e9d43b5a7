"""Lists of threads: the latest of all, and those of one category."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from forum.categories.models import Category
from forum.discussions import listing, rules
from forum.discussions.places import place_of_category
from forum.discussions.templates_of_threads import TEMPLATES, offered_in
from forum.discussions.unread import list_reading
from forum.lib.markup import without_control
from forum.notifications.levels import standing_for

SOUGHT_MAX_CHARS = 100


@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """Every thread the reader may read, the one written in last first."""
    categories = list(Category.objects.readable_by(request.user))
    page = listing.page_of(request.user, request.GET.get("before", ""), request.path)
    return render(
        request,
        "discussions/latest.html",
        {
            "page": page,
            "list_reading": list_reading(request.user, page.items),
            "streams": listing.streams(categories),
            "page_size": listing.PAGE_SIZE,
        },
    )


@require_safe
def category(request: HttpRequest, pk: int) -> HttpResponse:
    """The threads of one category."""
    readable = Category.objects.readable_by(request.user)
    category = get_object_or_404(readable.select_related("parent"), pk=pk)
    children = list(readable.filter(parent=category))
    before = request.GET.get("before", "")
    wish = request.GET.get("template", "")
    template = wish if wish in TEMPLATES else ""
    sought = without_control(request.GET.get("fields", ""))[:SOUGHT_MAX_CHARS].strip()
    page = listing.page_of(
        request.user, before, request.path, category=category, template=template, wish=sought
    )
    pinned = [] if page.first_url or template else listing.pinned_in(category)
    return render(
        request,
        "discussions/category.html",
        {
            "pinned": pinned,
            "category": category,
            "follow": standing_for(request.user, place_of_category(category.pk)),
            "children": children,
            "template": template,
            "sought": sought,
            "templates": offered_in(category),
            "may_start": rules.may_start(request.user, category),
            "page": page,
            "list_reading": list_reading(request.user, [*pinned, *page.items]),
            "streams": listing.streams([category, *children]),
            "page_size": listing.PAGE_SIZE,
        },
    )
