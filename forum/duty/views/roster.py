"""The duty of one organization: what waits for it, and what it says of being asked."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Organization
from accounts.requests import MemberRequest
from accounts.views.guards import for_members
from forum.duty import actions, rules, showing
from forum.duty.forms import RosterForm
from forum.duty.models import Offer
from forum.duty.promise import how_kept
from forum.lib.answers import Refusal, Refused, demand
from forum.lib.limits import allow
from forum.lib.redirects import see_other

CHANGES_PER_HOUR = 60  # by one member: each may send others a question


@for_members
@require_safe
def organization(request: MemberRequest, pk: int) -> HttpResponse:
    """What waits for the organization, and its wish."""
    found = get_object_or_404(Organization, pk=pk)
    demand(rules.may_see_duty(request.user, found))
    return _page(request, found, RosterForm(initial=RosterForm.said(showing.entry_of(found))))


@for_members
@require_POST
def enter(request: MemberRequest, pk: int) -> HttpResponse:
    """The organization is willing, with this wish."""
    found = get_object_or_404(Organization, pk=pk)
    demand(rules.may_keep_duty(request.user, found))
    form = RosterForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    _demand_calm(request)
    actions.enlist(member=request.user, organization=found, **form.cleaned_data)
    messages.success(request, _("Saved. Thank you for being there for others."))
    return _back(pk)


@for_members
@require_POST
def leave(request: MemberRequest, pk: int) -> HttpResponse:
    """The organization leaves the roster."""
    found = get_object_or_404(Organization, pk=pk)
    _demand_calm(request)
    actions.leave(member=request.user, organization=found)
    messages.success(request, _("Your organization is off the roster. You can come back any time."))
    return _back(pk)


@for_members
@require_POST
def pass_on(request: MemberRequest, pk: int) -> HttpResponse:
    """A question left to the next one; what was over meanwhile is said and changes nothing."""
    offers = Offer.objects.readable_by(request.user).exclude(organization=None)
    offer = get_object_or_404(offers.select_related("organization", "thread"), pk=pk)
    assert offer.organization_id is not None
    _demand_calm(request)
    try:
        actions.pass_on(member=request.user, offer=offer)
    except Refused as refused:
        messages.info(request, str(refused.refusal.sentence))
    else:
        messages.success(request, _("Passed on. Somebody else is asked now."))
    return _back(offer.organization_id)


def _demand_calm(request: MemberRequest) -> None:
    if not allow(f"duty:{request.user.pk}", CHANGES_PER_HOUR, timedelta(hours=1)):
        raise Refused(Refusal(_("That was a lot at once. Try again in an hour.")))


def _back(pk: int) -> HttpResponse:
    return see_other(reverse("duty:organization", args=[pk]))


def _page(
    request: MemberRequest, organization: Organization, form: RosterForm, status: int = 200
) -> HttpResponse:
    entry = showing.entry_of(organization)
    week = showing.this_week()
    context = {
        "organization": organization,
        "entry": entry,
        "rests": entry is not None and entry.rests_on(timezone.localdate()),
        "week": week,
        "is_on_duty": week.organization == organization,
        "is_next": entry is not None and showing.is_next(organization),
        "waiting": showing.waiting_for(request.user, organization),
        "kept": how_kept(),
        "form": form,
    }
    return render(request, "duty/organization.html", context, status=status)
