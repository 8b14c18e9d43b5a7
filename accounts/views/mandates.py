"""One mandate: changed or ended by those who manage it; left, handed over by its holder."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, documents, rules
from accounts.forms.people import (
    ConsentForm,
    HandOverForm,
    MandateForm,
    ToAdviserForm,
    successors_of,
)
from accounts.models import Mandate
from accounts.reauthentication import recently_authenticated
from accounts.requests import MemberRequest
from forum.lib.answers import demand
from forum.lib.redirects import see_other


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
@recently_authenticated
def change(request: MemberRequest, pk: int) -> HttpResponse:
    """Another role, other days, the document of a proxy."""
    mandate = _mandate_or_404(request, pk)
    demand(rules.may_change_mandate(request.user, mandate))
    known = {name: getattr(mandate, name) for name in ("role", "valid_from", "valid_to")}
    form = MandateForm(request.POST or None, request.FILES or None, initial=known)
    if form.is_valid():
        document = form.cleaned_data["document"]
        actions.change_mandate(
            actor=request.user, mandate=mandate, term=form.term(), document=document or None
        )
        messages.success(request, _("The mandate is changed."))
        return see_other(_people_of(mandate))
    return _shown(request, "mandate_change", mandate, form=form)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
@recently_authenticated
def end(request: MemberRequest, pk: int) -> HttpResponse:
    """A mandate ended at once, after a question."""
    mandate = _mandate_or_404(request, pk)
    demand(rules.may_change_mandate(request.user, mandate))
    if request.method == "POST":
        actions.end_mandate(actor=request.user, mandate=mandate)
        messages.success(request, _("The mandate has ended."))
        is_still_theirs = rules.may_manage_mandates(request.user, mandate.organization)
        return see_other(_people_of(mandate) if is_still_theirs else _own())
    is_last = rules.is_last_representative(mandate) and not request.user.is_staff
    return _shown(request, "mandate_end", mandate, is_last=is_last)


@never_cache
@login_required
@require_safe
def document(request: MemberRequest, pk: int) -> FileResponse:
    """The power of attorney, as a file to save."""
    mandate = _mandate_or_404(request, pk)
    if not mandate.document.name:
        raise Http404
    actions.note_document_reading(reader=request.user, mandate=mandate)
    kind = mandate.document.name.rpartition(".")[2]
    name = f"{_('power-of-attorney')}-{mandate.pk}.{kind}"
    return FileResponse(
        mandate.document.open(), as_attachment=True, filename=name, headers=documents.HARMLESS
    )


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
@recently_authenticated
def leave(request: MemberRequest, pk: int) -> HttpResponse:
    """One's own mandate given up; the last representative is told what to do first."""
    mandate = _mandate_or_404(request, pk)
    may_leave = rules.may_leave(request.user, mandate)
    if request.method == "POST":
        actions.leave(member=request.user, mandate=mandate)
        messages.success(request, _("You have left the organization."))
        return see_other(_own())
    if not rules.is_last_representative(mandate):
        demand(may_leave)
    return _shown(
        request,
        "mandate_leave",
        mandate,
        refusal=None if may_leave else may_leave.sentence,
        has_successors=successors_of(mandate).exists(),
        form=ToAdviserForm(),
    )


@login_required
@require_POST
@recently_authenticated
def leave_to_adviser(request: MemberRequest, pk: int) -> HttpResponse:
    """The last representative goes, and the adviser is asked to find the next."""
    mandate = _mandate_or_404(request, pk)
    form = ToAdviserForm(request.POST)
    if not form.is_valid():
        refusal = rules.LAST_REPRESENTATIVE
        return _shown(request, "mandate_leave", mandate, refusal=refusal, form=form)
    words = form.cleaned_data["words"]
    actions.leave_to_adviser(member=request.user, mandate=mandate, words=words)
    messages.success(request, _("You have left. The adviser knows that somebody must follow."))
    return see_other(_own())


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
@recently_authenticated
def hand_over(request: MemberRequest, pk: int) -> HttpResponse:
    """Somebody else represents from today; the holder stays or goes."""
    mandate = _mandate_or_404(request, pk)
    demand(rules.may_hand_over(request.user, mandate))
    form = HandOverForm(request.POST or None, mandate=mandate)
    if form.is_valid():
        given = form.cleaned_data
        actions.hand_over(
            actor=request.user, mandate=mandate, to=given["to"], afterwards=given["afterwards"]
        )
        told = _("%(name)s represents the organization from today.")
        messages.success(request, told % {"name": given["to"].user})
        return see_other(_own())
    has_successors = successors_of(mandate).exists()
    return _shown(request, "mandate_hand_over", mandate, form=form, has_successors=has_successors)


@login_required
@require_POST
def confirm(request: MemberRequest, pk: int) -> HttpResponse:
    """The mandate still holds, says its holder or a representative."""
    mandate = _mandate_or_404(request, pk)
    actions.confirm_mandate(actor=request.user, mandate=mandate)
    messages.success(request, _("Thank you. We will ask again in a year."))
    return see_other(_own() if mandate.user_id == request.user.pk else _people_of(mandate))


@login_required
@require_POST
def name(request: MemberRequest, pk: int) -> HttpResponse:
    """The holder's consent to be named on the organization's page."""
    mandate = _mandate_or_404(request, pk)
    form = ConsentForm(request.POST)
    if form.is_valid():
        on = form.cleaned_data["on"]
        actions.show_name(member=request.user, mandate=mandate, on=on)
        shown = _("Your name is shown on the organization's page now.")
        hidden = _("Your name is no longer shown on the organization's page.")
        messages.success(request, shown if on else hidden)
    return see_other(_own())


def _mandate_or_404(request: MemberRequest, pk: int) -> Mandate:
    readable = Mandate.objects.readable_by(request.user).select_related("organization", "user")
    return get_object_or_404(readable, pk=pk)


def _shown(request: MemberRequest, page: str, mandate: Mandate, **more: object) -> HttpResponse:
    form = more.get("form")
    is_refused = isinstance(form, MandateForm | HandOverForm | ToAdviserForm) and form.errors
    context = {"mandate": mandate, "organization": mandate.organization, **more}
    return render(request, f"accounts/{page}.html", context, status=422 if is_refused else 200)


def _people_of(mandate: Mandate) -> str:
    return reverse("accounts:people", args=[mandate.organization_id])


def _own() -> str:
    return reverse("accounts:own_organizations")
