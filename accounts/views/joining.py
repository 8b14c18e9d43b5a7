"""Coming into an organization: by its letter, or by asking."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, rules
from accounts.addresses import claim_of, profile_of
from accounts.forms.people import AnswerForm, DeclineForm, JoinRequestForm
from accounts.models import Invitation, JoinRequest, Organization, User
from accounts.reauthentication import recently_authenticated
from accounts.requests import MemberRequest
from accounts.tokens import TOKEN_MAX_CHARS, hash_of
from forum.lib.answers import Refusal, demand
from forum.lib.limits import allow
from forum.lib.redirects import see_other

DAY = timedelta(days=1)


@never_cache
@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the link of the letter leads to, for everybody who has it: no account needed to read."""
    found = _invitation(token)
    if found is None:
        return render(request, "accounts/invitation_unknown.html", status=404)
    actions.open_invitation(invitation=found)
    usable = rules.is_usable(found)
    may_accept = rules.may_accept(request.user, found) if usable else usable
    context = {
        "invitation": found,
        "organization": found.organization,
        "profile_url": profile_of(found.organization),
        "token": token,
        "refusal": _sentence(may_accept) if request.user.is_authenticated or not usable else "",
    }
    return render(request, "accounts/invitation.html", context, status=200 if usable else 410)


@login_required
@require_http_methods(["GET", "POST"])
def accept_invitation(request: MemberRequest, token: str) -> HttpResponse:
    """The invitation accepted by whoever proved its address."""
    if request.method == "GET":
        # Where a login after a session that had ended leads.
        return redirect("accounts:invitation", token)
    found = _invitation(token)
    if found is None:
        return render(request, "accounts/invitation_unknown.html", status=404)
    return _accepted(request, found)


@login_required
@require_POST
def accept_own_invitation(request: MemberRequest, pk: int) -> HttpResponse:
    """An invitation to the member's own proven address, accepted without its letter."""
    own = Invitation.objects.sent_to(rules.proven_addresses(request.user))
    return _accepted(request, get_object_or_404(own.select_related("organization"), pk=pk))


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def ask_to_join(request: MemberRequest, pk: int) -> HttpResponse:
    """A request to the people of an organization."""
    organization = get_object_or_404(Organization, pk=pk)
    demand(rules.may_ask_to_join(request.user, organization))
    form = JoinRequestForm(request.POST or None)
    if form.is_valid() and not _asks_too_much(request.user, form):
        actions.ask_to_join(
            member=request.user,
            organization=organization,
            role=form.cleaned_data["role"],
            message=form.cleaned_data["message"],
        )
        messages.success(request, _("You have asked. The answer will come by e-mail."))
        return see_other(reverse("accounts:own_organizations"))
    context = {
        "organization": organization,
        "profile_url": profile_of(organization),
        "claim_url": claim_of(organization),
        "form": form,
        "answered_by_adviser": not rules.representatives_of(organization).exists(),
    }
    return render(request, "accounts/join.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
@recently_authenticated
def answer(request: MemberRequest, pk: int) -> HttpResponse:
    """A request with the two answers; this address takes the yes."""
    asked = _request_or_404(request, pk)
    demand(rules.may_answer(request.user, asked))
    form = AnswerForm(request.POST or None, asked=asked)
    if form.is_valid():
        actions.accept_request(actor=request.user, request=asked, term=form.term())
        messages.success(request, _("%(name)s is in.") % {"name": asked.user})
        return see_other(reverse("accounts:people", args=[asked.organization_id]))
    return _question(request, asked, form, DeclineForm())


@login_required
@require_POST
@recently_authenticated
def decline(request: MemberRequest, pk: int) -> HttpResponse:
    """A no, with its reason."""
    asked = _request_or_404(request, pk)
    demand(rules.may_answer(request.user, asked))
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _question(request, asked, AnswerForm(asked=asked), form)
    actions.decline_request(actor=request.user, request=asked, reason=form.cleaned_data["reason"])
    messages.success(request, _("The request is declined; your reason goes to whoever asked."))
    return see_other(reverse("accounts:people", args=[asked.organization_id]))


@login_required
@require_POST
def withdraw_request(request: MemberRequest, pk: int) -> HttpResponse:
    """One's own request, taken back."""
    asked = _request_or_404(request, pk)
    actions.withdraw_request(member=request.user, request=asked)
    messages.success(request, _("Your request is taken back."))
    return see_other(reverse("accounts:own_organizations"))


def _accepted(request: MemberRequest, found: Invitation) -> HttpResponse:
    mandate = actions.accept_invitation(member=request.user, invitation=found)
    told = _("You are in “%(organization)s”: %(role)s.")
    names = {"organization": mandate.organization, "role": mandate.get_role_display()}
    messages.success(request, told % names)
    return see_other(reverse("accounts:own_organizations"))


def _invitation(token: str) -> Invitation | None:
    if len(token) > TOKEN_MAX_CHARS:
        return None
    letters = Invitation.objects.select_related("organization", "invited_by")
    return letters.filter(token_hash=hash_of(token)).first()


def _request_or_404(request: MemberRequest, pk: int) -> JoinRequest:
    readable = JoinRequest.objects.readable_by(request.user)
    return get_object_or_404(readable.select_related("organization", "user"), pk=pk)


def _asks_too_much(member: User, form: JoinRequestForm) -> bool:
    if allow(f"join:{member.pk}", settings.JOIN_REQUESTS_PER_DAY, DAY):
        return False
    form.add_error(None, _("You have asked many organizations today. Ask this one tomorrow."))
    return True


def _question(
    request: MemberRequest, asked: JoinRequest, form: AnswerForm, decline_form: DeclineForm
) -> HttpResponse:
    context = {
        "asked": asked,
        "organization": asked.organization,
        "form": form,
        "decline_form": decline_form,
    }
    status = 422 if form.errors or decline_form.errors else 200
    return render(request, "accounts/join_answer.html", context, status=status)


def _sentence(answer: object) -> object:
    return answer.sentence if isinstance(answer, Refusal) else ""
