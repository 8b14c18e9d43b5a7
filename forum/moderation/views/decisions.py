"""One decision, as those may read it whom it concerns."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.requests import MemberRequest
from forum.moderation import rules
from forum.moderation.models import Decision


@login_required
@require_safe
def decision(request: MemberRequest, number: int) -> HttpResponse:
    """The statement of reasons; who reported learns the outcome only."""
    found = get_object_or_404(Decision.objects.for_listing(), number=number)
    if not rules.may_read_outcome(request.user, found):
        raise Http404
    context = {
        "decision": found,
        "may_read": rules.may_read_decision(request.user, found),
        "may_appeal": rules.may_appeal(request.user, found),
    }
    return render(request, "moderation/decision.html", context)
