"""A member's own place in organizations: mandates, invitations that wait, requests and answers."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import rules
from accounts.addresses import directory
from accounts.models import Invitation, JoinRequest, Mandate
from accounts.requests import MemberRequest

REQUESTS_SHOWN = 20


@never_cache
@login_required
@require_safe
def own_organizations(request: MemberRequest) -> HttpResponse:
    """Everything that joins the member to organizations, with what they may do about it."""
    mandates = list(Mandate.objects.held_by(request.user).for_listing())
    asked = JoinRequest.objects.filter(user=request.user).select_related("organization")
    waiting = Invitation.objects.usable().sent_to(rules.proven_addresses(request.user))
    context = {
        "standing": [mandate for mandate in mandates if mandate.is_standing],
        "ended": [mandate for mandate in mandates if not mandate.is_standing],
        "asked": asked.order_by("-pk")[:REQUESTS_SHOWN],
        "invitations": waiting.select_related("organization", "invited_by").order_by("-pk"),
        "directory_url": directory(),
    }
    return render(request, "accounts/own_organizations.html", context)
