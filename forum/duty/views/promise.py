"""The public page of the promise, and how it is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forum.duty import showing
from forum.duty.promise import how_kept


@require_safe
def promise(request: HttpRequest) -> HttpResponse:
    """The promise in a sentence, the numbers, and who is on duty."""
    context = {
        "kept": how_kept(),
        "week": showing.this_week(),
        "weeks_before": showing.weeks_before(),
        "willing": showing.willing(),
        "own": showing.represented(request.user),
    }
    return render(request, "duty/promise.html", context)
