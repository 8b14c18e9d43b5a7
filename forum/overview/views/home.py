"""Pages that look across rooms: the first page, and what waits for a member's answer."""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Mandate, Organization, User
from accounts.requests import MemberRequest
from accounts.rules import Viewer
from forum.categories.models import Category
from forum.discussions import actions, listing
from forum.discussions.rows import with_rows
from forum.discussions.views.list_pages import ListPage
from forum.duty.promise import how_kept
from forum.overview.first_act import Example, examples
from forum.overview.followed import Wishes
from forum.overview.member_home import Latest, for_member
from forum.overview.owed import owed_by

TEMPLATE = "overview/home.html"
THREADS_SHOWN = 4  # to guests
UNANSWERED_SHOWN = 3
ORGANIZATIONS_SHOWN = 6
FEW_THREADS = 3  # fewer than this, and examples stand beside them


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is going on and where to ask: for guests with what this is, for members with what waits
    for them."""
    viewer = request.user
    since = actions.be_here(user=viewer) if isinstance(viewer, User) else None
    categories = list(Category.objects.readable_by(viewer))

    def names() -> dict[str, object]:
        own = for_member(viewer, since) if isinstance(viewer, User) else _for_guest(viewer)
        latest = own["latest"]
        assert isinstance(latest, Latest)
        return {
            **own,
            "categories": _in_tree_order(categories),
            "writable": _in_tree_order(list(Category.objects.writable_by(viewer))),
            "since": latest.since,
            "threads": latest.threads,
            "listed": latest.threads,
            "unanswered": listing.first_of(viewer, UNANSWERED_SHOWN, unanswered=True),
            "unanswered_shown": UNANSWERED_SHOWN,
            "examples": _examples(viewer, latest),
            "promise": how_kept(),
            "streams": listing.streams(categories),
        }

    if isinstance(viewer, User):
        return render(request, TEMPLATE, names())
    return ListPage(TEMPLATE, categories, names).answer(request)


@login_required
@require_safe
def owed(request: MemberRequest) -> HttpResponse:
    """Everything that waits for the member's answer."""
    actions.be_here(user=request.user)
    found = owed_by(request.user, Wishes.of(request.user))
    return render(request, "overview/owed.html", {"owed": found.shown})


def _for_guest(viewer: Viewer) -> dict[str, object]:
    found = listing.first_of(viewer, THREADS_SHOWN + 1)
    latest = Latest(with_rows(found[:THREADS_SHOWN]), len(found) > THREADS_SHOWN, None, 0)
    return {"latest": latest, "page_size": THREADS_SHOWN, **_about_us()}


def _examples(viewer: Viewer, latest: Latest) -> list[Example]:
    return examples(viewer) if len(latest.threads) < FEW_THREADS else []


def _in_tree_order(categories: Sequence[Category]) -> list[Category]:
    """Every root in its order, followed by its children; a child without its root stands alone."""
    present = {category.pk for category in categories}
    roots = [category for category in categories if category.parent_id not in present]
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
        "organizations": list(speaking.order_by("sorted_name")[:ORGANIZATIONS_SHOWN]),
    }
