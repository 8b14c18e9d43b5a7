"""One decision: its statement of reasons for whom it concerns, its outcome for who reported."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import MemberRequest
from forum.lib.redirects import see_other
from forum.moderation import actions, reviewing, rules
from forum.moderation.forms.reporting import AppealForm
from forum.moderation.measures import OF_ACCOUNTS
from forum.moderation.models import Appeal, Decision
from forum.moderation.reviewing import lines_for
from forum.moderation.rulebook import section_of


@never_cache
@login_required
@require_safe
def decision(request: MemberRequest, number: int) -> HttpResponse:
    """The decision, as far as the reader may know it; for all others there is none."""
    return _page(request, _decision_or_404(request, number), AppealForm())


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def appeal(request: MemberRequest, number: int) -> HttpResponse:
    """An appeal against the decision; its form stands on the decision's page."""
    found = _decision_or_404(request, number)
    if request.method == "GET":
        return see_other(found.get_absolute_url())
    form = AppealForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    actions.appeal(member=request.user, decision=found, words=form.cleaned_data["words"])
    messages.success(request, _("Your appeal is with the moderators. You will be told."))
    return see_other(found.get_absolute_url())


def _decision_or_404(request: MemberRequest, number: int) -> Decision:
    decisions = Decision.objects.for_listing().select_related("undoes")
    found = get_object_or_404(decisions, number=number)
    if not rules.may_read_outcome(request.user, found):
        raise Http404
    return found


def _page(
    request: MemberRequest, found: Decision, form: AppealForm, *, status: int = 200
) -> HttpResponse:
    reviewable = reviewing.find(found.case.kind)
    subject = found.case.subject_pk
    lines = lines_for(request.user, reviewable, [subject]) if reviewable is not None else {}
    appeal = Appeal.objects.filter(decision=found).select_related("answer__statement").first()
    is_full, reader = bool(rules.may_read_decision(request.user, found)), request.user
    context = {
        "decision": found,
        "is_full": is_full,
        "is_about_me": found.member_id == reader.pk,
        "is_of_account": found.measure in OF_ACCOUNTS,
        "line": lines.get(subject),
        "section": section_of(found.rule_version, found.section),
        "answered": Appeal.objects.filter(answer=found).select_related("decision").first(),
        "appeal": appeal if appeal is None or is_full or appeal.member_id == reader.pk else None,
        "is_own_appeal": appeal is not None and appeal.member_id == reader.pk,
        "may_appeal": rules.may_appeal(reader, found),
        "form": form,
    }
    return render(request, "moderation/decision.html", context, status=status)
