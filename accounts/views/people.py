"""The people of an organization, for its representatives and for staff: who is in, and the log."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import actions, rules
from accounts.addresses import profile_of
from accounts.forms.people import InvitationForm
from accounts.models import Invitation, JoinRequest, Mandate, Organization, User
from accounts.reauthentication import recently_authenticated
from accounts.requests import MemberRequest
from accounts.steps import newest_steps, page_of
from forum.lib.answers import demand
from forum.lib.limits import allow
from forum.lib.redirects import see_other

DAY = timedelta(days=1)
ENDED_SHOWN = 100
INVITATIONS_SHOWN = 200
STEPS_SHOWN = 5


@never_cache
@login_required
@require_safe
@recently_authenticated
def people(request: MemberRequest, pk: int) -> HttpResponse:
    """Mandates, invitations, requests to join and the newest steps."""
    return _page(request, organization_of(request, pk), InvitationForm())


@never_cache
@login_required
@require_safe
def log(request: MemberRequest, pk: int) -> HttpResponse:
    """Every step ever taken, the newest first."""
    organization = organization_of(request, pk)
    page = page_of(organization, request.GET.get("before", ""), request.path)
    context = {"organization": organization, "page": page}
    return render(request, "accounts/people_log.html", context)


@login_required
@require_POST
@recently_authenticated
def invite(request: MemberRequest, pk: int) -> HttpResponse:
    """A letter to each of the addresses."""
    organization = organization_of(request, pk)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, organization, form)
    emails = form.cleaned_data["emails"]
    allowed = [email for email in emails if may_send(request.user, organization)]
    done = actions.invite(
        actor=request.user, organization=organization, emails=allowed, term=form.term()
    )
    _tell(request, done)
    left = emails[len(allowed) :]
    if left:
        # What was sent must not be sent again: only the rest stays in the field.
        rest = InvitationForm({**request.POST.dict(), "emails": "\n".join(left)})
        rest.add_error("emails", too_many_letters())
        return _page(request, organization, rest)
    return see_other(reverse("accounts:people", args=[pk]))


@login_required
@require_POST
@recently_authenticated
def invite_again(request: MemberRequest, pk: int, invitation_pk: int) -> HttpResponse:
    """A new letter in place of one that was lost or has expired."""
    organization = organization_of(request, pk)
    invitation = _invitation(request, organization, invitation_pk)
    if may_send(request.user, organization):
        actions.invite_again(actor=request.user, invitation=invitation)
        messages.success(request, _("The invitation was sent again."))
    else:
        messages.error(request, too_many_letters())
    return see_other(reverse("accounts:people", args=[pk]))


@login_required
@require_POST
@recently_authenticated
def revoke_invitation(request: MemberRequest, pk: int, invitation_pk: int) -> HttpResponse:
    """An invitation withdrawn."""
    organization = organization_of(request, pk)
    invitation = _invitation(request, organization, invitation_pk)
    actions.revoke_invitation(actor=request.user, invitation=invitation)
    messages.success(request, _("The invitation was withdrawn: its link leads nowhere now."))
    return see_other(reverse("accounts:people", args=[pk]))


def organization_of(request: MemberRequest, pk: int) -> Organization:
    """The organization whose people the member manages. Raises: Http404, Refused."""
    organization = get_object_or_404(Organization, pk=pk)
    demand(rules.may_manage_mandates(request.user, organization))
    return organization


def may_send(member: User, organization: Organization) -> bool:
    """Count one more letter of the organization and of the member, unless it is one too many."""
    limit = settings.INVITATIONS_PER_DAY
    return allow(f"invite:organization:{organization.pk}", limit, DAY) and allow(
        f"invite:member:{member.pk}", limit, DAY
    )


def too_many_letters() -> str:
    return _("Many invitations were sent today. Send these tomorrow.")


def _page(request: MemberRequest, organization: Organization, form: InvitationForm) -> HttpResponse:
    mandates = Mandate.objects.filter(organization=organization)
    standing = list(mandates.not_over().for_people())
    context = {
        "organization": organization,
        "profile_url": profile_of(organization),
        "standing": standing,
        "ended": _ended(mandates),
        "invitations": _invitations(organization),
        "asked": JoinRequest.objects.open()
        .filter(organization=organization)
        .select_related("user")
        .order_by("pk"),
        "steps": newest_steps(organization, STEPS_SHOWN),
        "form": form,
        "is_theirs": any(mandate.user_id == request.user.pk for mandate in standing),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/people.html", context, status=status)


def _ended(mandates: QuerySet[Mandate]) -> QuerySet[Mandate]:
    over = mandates.exclude(pk__in=Mandate.objects.not_over())
    return over.select_related("user").order_by("-valid_from", "-pk")[:ENDED_SHOWN]


def _invitations(organization: Organization) -> QuerySet[Invitation]:
    """The newest first; those that were withdrawn are of no more interest to anybody."""
    sent = Invitation.objects.filter(organization=organization, revoked_at=None)
    return sent.select_related("invited_by").order_by("-pk")[:INVITATIONS_SHOWN]


def _invitation(request: MemberRequest, organization: Organization, pk: int) -> Invitation:
    readable = Invitation.objects.readable_by(request.user).select_related("organization")
    return get_object_or_404(readable, pk=pk, organization=organization)


def _tell(request: MemberRequest, done: actions.Invited) -> None:
    if done.sent:
        sent = ngettext("%(count)d invitation sent.", "%(count)d invitations sent.", len(done.sent))
        messages.success(request, sent % {"count": len(done.sent)})
    if done.waiting:
        waiting = ngettext(
            "This address has an invitation that waits: %(emails)s. Send it again below.",
            "These addresses have invitations that wait: %(emails)s. Send them again below.",
            len(done.waiting),
        )
        messages.info(request, waiting % {"emails": ", ".join(done.waiting)})
