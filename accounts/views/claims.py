"""The person's side: claim, add an organization, follow one's cases, answer, withdraw."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions, verification_rules
from accounts.actions import NameTaken
from accounts.forms import AnswerForm, ClaimForm, NewOrganizationForm
from accounts.models import Organization, VerificationCase
from accounts.requests import MemberRequest
from accounts.rules import may_speak
from accounts.views.guards import for_members, for_proven_members
from forum.lib.answers import Refused, demand
from forum.lib.limits import allow
from forum.lib.redirects import see_other

DAY = timedelta(days=1)


@for_proven_members
@require_http_methods(["GET", "POST"])
def claim(request: MemberRequest, pk: int) -> HttpResponse:
    """Say that one represents the organization."""
    organization = get_object_or_404(Organization, pk=pk)
    open_case = organization.verification_cases.open().filter(opened_by=request.user).first()
    if open_case is not None:
        # Also where the form was sent twice: the case is there, and nothing is refused.
        return see_other(open_case.get_absolute_url())
    demand(verification_rules.may_claim(request.user, organization))
    form = ClaimForm(request.POST or None, request.FILES or None, organization=organization)
    if form.is_valid() and not _too_many(request, form):
        try:
            begin = actions.open_succession if form.is_succession else actions.claim
            case = begin(member=request.user, organization=organization, standing=form.standing())
            return _opened(request, case)
        except Refused as refused:
            form.add_error(None, str(refused.refusal.sentence))
    context = {"form": form, "organization": organization}
    return render(request, "accounts/verification/claim.html", context, status=_status(form))


@for_proven_members
@require_http_methods(["GET", "POST"])
def create(request: MemberRequest) -> HttpResponse:
    """Add an organization that is not here yet."""
    form = NewOrganizationForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form}
    if form.is_valid() and not _too_many(request, form):
        try:
            case = actions.create_organization(
                member=request.user,
                new=form.new_organization(),
                standing=form.standing(),
                is_another=form.cleaned_data["is_another"],
            )
            return _opened(request, case)
        except NameTaken as taken:
            context |= {"found": taken.organization, "is_exact": taken.is_exact}
            form.add_error("name", str(taken.refusal.sentence))
        except Refused as refused:
            form.add_error("name", str(refused.refusal.sentence))
    return render(request, "accounts/verification/new.html", context, status=_status(form))


@for_members
@require_GET
def cases(request: MemberRequest) -> HttpResponse:
    """The member's own cases, the newest first."""
    own = VerificationCase.objects.filter(opened_by=request.user).for_listing()
    context = {"cases": own.order_by("-opened_at", "-pk")}
    return render(request, "accounts/verification/cases.html", context)


@for_members
@require_GET
def case(request: MemberRequest, pk: int) -> HttpResponse:
    """One case: what was said, what was decided, and the field for an answer."""
    return _page(request, _own_or_404(request, pk), AnswerForm())


# A proof asked for here would lose the document; what is sent gives nobody anything.
@for_members
@require_POST
def answer(request: MemberRequest, pk: int) -> HttpResponse:
    """Complete the case."""
    own = _own_or_404(request, pk)
    form = AnswerForm(request.POST, request.FILES)
    # Counted apart: who claimed a lot today may still answer the adviser.
    if form.is_valid() and not _too_many(request, form, "case-answer"):
        try:
            actions.answer(
                member=request.user,
                case=own,
                text=form.cleaned_data["text"],
                document=form.document_given,
            )
            messages.success(request, _("Thank you. The adviser will look at it."))
            return see_other(own.get_absolute_url())
        except Refused as refused:
            form.add_error(None, str(refused.refusal.sentence))
    return _page(request, own, form)


@for_members
@require_http_methods(["GET", "POST"])
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Take the case back, after a question whether this is meant."""
    own = _own_or_404(request, pk)
    demand(verification_rules.may_withdraw_case(request.user, own))
    if request.method == "POST":
        actions.withdraw_case(member=request.user, case=own)
        messages.success(request, _("Your case is withdrawn and its documents are deleted."))
        return see_other(reverse("accounts:cases"))
    return render(request, "accounts/verification/withdraw.html", {"case": own})


def _page(request: MemberRequest, own: VerificationCase, form: AnswerForm) -> HttpResponse:
    context = {
        "case": own,
        "entries": own.entries.select_related("author"),
        "form": form,
        "speaks": may_speak(request.user, own.organization),
        "may_answer": verification_rules.may_answer(request.user, own),
        "may_withdraw": verification_rules.may_withdraw_case(request.user, own),
        "document_days": settings.DOCUMENT_DAYS,
    }
    return render(request, "accounts/verification/case.html", context, status=_status(form))


def _own_or_404(request: MemberRequest, pk: int) -> VerificationCase:
    own = VerificationCase.objects.filter(opened_by=request.user).for_listing()
    return get_object_or_404(own, pk=pk)


def _opened(request: MemberRequest, opened: VerificationCase) -> HttpResponse:
    messages.success(request, _("Sent. The adviser will look at it, and we will write to you."))
    return see_other(opened.get_absolute_url())


def _too_many(request: MemberRequest, form: Form, deed: str = "case") -> bool:
    """Whether the member sent more in a day than people do; the form then carries the sentence."""
    if allow(f"{deed}:{request.user.pk}", settings.CASES_PER_DAY, DAY):
        return False
    form.add_error(None, _("That was a lot for one day. Send it again tomorrow."))
    return True


def _status(form: Form) -> int:
    return 422 if form.is_bound else 200
