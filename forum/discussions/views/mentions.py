"""The list that opens while somebody types a name after "@"."""

from dataclasses import asdict
from datetime import timedelta

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from forum.categories.models import Category
from forum.discussions.models import Thread
from forum.discussions.suggestions import suggestions
from forum.discussions.views.threads import whole
from forum.lib.limits import allow
from forum.lib.markup import without_control

WISH_MAX_CHARS = 80
LOOKS_PER_MINUTE = 120  # a fast typist asks twice a second
MINUTE = timedelta(minutes=1)


@require_safe
@never_cache
def mentions(request: HttpRequest) -> JsonResponse:
    """Members and organizations for `q`, among the readers of the thread or category named."""
    if not isinstance(request.user, User):
        return JsonResponse({"refusal": _("Log in to mention somebody.")}, status=401)
    category, thread = _place_or_404(request, request.user)
    if not allow(f"mentions:{request.user.pk}", LOOKS_PER_MINUTE, MINUTE):
        sentence = _("That was a lot in a short time. Type the whole name, or wait a minute.")
        return JsonResponse({"refusal": sentence}, status=429)
    wish = without_control(request.GET.get("q", ""))[:WISH_MAX_CHARS]
    found = suggestions(request.user, category, thread, wish)
    return JsonResponse({"found": [asdict(each) for each in found]})


def _place_or_404(request: HttpRequest, viewer: User) -> tuple[Category, Thread | None]:
    if "thread" not in request.GET:
        categories = Category.objects.readable_by(viewer).select_related("parent")
        return get_object_or_404(categories, pk=whole(request.GET.get("category"))), None
    threads = Thread.objects.readable_by(viewer).select_related("category__parent")
    thread = get_object_or_404(threads, pk=whole(request.GET["thread"]))
    return thread.category, thread
