"""The profile of an organization, changed by those who represent it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts import actions
from accounts.forms import OrganizationForm
from accounts.models import Organization
from accounts.requests import MemberRequest
from accounts.rules import may_edit_profile
from forum.lib.answers import demand
from forum.lib.redirects import see_other


@never_cache
@login_required
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """What the organization's page says of it."""
    organization = get_object_or_404(Organization.objects.select_related("parent"), pk=pk)
    demand(may_edit_profile(request.user, organization))
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = OrganizationForm(*sent, member=request.user, organization=organization)
    if form.is_valid() and _saved(request, organization, form):
        messages.success(request, _("The profile is saved."))
        return see_other(organization.get_absolute_url())
    shown = {"form": form, "organization": organization}
    return render(request, "organizations/edit.html", shown, status=422 if form.is_bound else 200)


def _saved(request: MemberRequest, organization: Organization, form: OrganizationForm) -> bool:
    """Whether it could be saved; where not, the form says why."""
    try:
        actions.change_organization(
            actor=request.user,
            organization=organization,
            profile=form.profile,
            seen=form.seen_at,
        )
    except actions.ChangedMeanwhile:
        form.take_over_newest()
        sentence = _("Somebody else has just changed this profile. Save again to keep yours.")
    except actions.Taken:
        sentence = _("Another organization has just taken this name or this number.")
    else:
        _change_logo(request, organization, form)
        return True
    form.add_error(None, sentence)
    return False


def _change_logo(
    request: MemberRequest, organization: Organization, form: OrganizationForm
) -> None:
    picture = form.cleaned_data["logo"]
    if picture or (form.cleaned_data["removes_logo"] and organization.logo_digest):
        actions.change_logo(actor=request.user, organization=organization, webp=picture)
