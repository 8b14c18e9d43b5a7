"""What the adviser is asked last: questions that nobody answered."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import MemberRequest
from accounts.views.guards import for_desk
from forum.duty import showing
from forum.duty.promise import how_kept


@for_desk
@require_safe
def desk(request: MemberRequest) -> HttpResponse:
    """The questions left to the adviser, the longest waiting first."""
    waiting = showing.waiting_for_adviser(request.user)
    beside = showing.asked_beside(waiting)
    context = {
        "waiting": [(each, beside.get(each.offer.thread_id)) for each in waiting],
        "week": showing.this_week(),
        "willing": showing.willing(),
        "kept": how_kept(),
    }
    return render(request, "duty/desk.html", context)
