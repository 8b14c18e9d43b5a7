"""A member's report of what they read, and what became of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import MemberRequest
from forum.lib.answers import Refusal, Refused
from forum.lib.redirects import see_other
from forum.moderation import actions, reviewing, rules
from forum.moderation.forms.reporting import ReportForm
from forum.moderation.measures import OF_ACCOUNTS
from forum.moderation.models import AccessNote, Decision, Report
from forum.moderation.reviewing import Subject, lines_for

LISTED = 50


@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Report the thing. Guests are led to the notice, which needs no account."""
    subject = _subject_or_404(request, kind, pk)
    if not isinstance(request.user, User):
        return see_other(f"{reverse('moderation:notice')}?{urlencode({'address': subject.url})}")
    may = rules.may_report(request.user, kind, pk)
    waiting = Report.objects.open().filter(
        reporter=request.user, case__kind=kind, case__subject_pk=pk
    )
    context = {"subject": subject, "may": may, "waiting": waiting.first()}
    form = ReportForm(request.POST if request.method == "POST" else None)
    if not isinstance(may, Refusal) and form.is_valid():
        return _reported(request, subject, form)
    status = 403 if isinstance(may, Refusal) else 422 if form.errors else 200
    return render(request, "moderation/report.html", {**context, "form": form}, status=status)


def _reported(request: HttpRequest, subject: Subject, form: ReportForm) -> HttpResponse:
    assert isinstance(request.user, User)
    given = form.cleaned_data
    try:
        actions.report(
            reporter=request.user,
            kind=subject.kind,
            subject_pk=subject.pk,
            reason=Report.Kind(given["why"]),
            words=given["words"],
            says_about_office=given["says_about_office"],
        )
    except Refused as refused:
        form.add_error(None, str(refused.refusal.sentence))
        context = {"subject": subject, "form": form, "may": True}
        return render(request, "moderation/report.html", context, status=403)
    messages.success(request, _("Thank you. A moderator will look at it and tell you."))
    return see_other(reverse("moderation:own"))


@never_cache
@login_required
@require_safe
def own(request: MemberRequest) -> HttpResponse:
    """Decisions about the member, what they reported, and who read their private data."""
    reports = Report.objects.filter(reporter=request.user).select_related("case", "decision")
    decisions = Decision.objects.about(request.user).for_listing().select_related("appeal")
    context = {
        "decisions": decisions[:LISTED],
        "reports": _with_lines(request.user, list(reports.order_by("-pk")[:LISTED])),
        "of_accounts": OF_ACCOUNTS,  # what was done to an account is its member's matter
        "notes": AccessNote.objects.filter(member=request.user).select_related("reader")[:LISTED],
    }
    return render(request, "moderation/own.html", context)


def _with_lines(member: User, reports: list[Report]) -> list[tuple[Report, reviewing.Line | None]]:
    """Each report with what lists show of its subject; None where the member may not read there."""
    lines: dict[tuple[str, int], reviewing.Line] = {}
    for reviewable in reviewing.kinds():
        pks = {each.case.subject_pk for each in reports if each.case.kind == reviewable.kind}
        found = lines_for(member, reviewable, pks) if pks else {}
        lines |= {(reviewable.kind, pk): line for pk, line in found.items()}
    return [(each, lines.get((each.case.kind, each.case.subject_pk))) for each in reports]


def _subject_or_404(request: HttpRequest, kind: str, pk: int) -> Subject:
    """What the reader sees there: who may not read it learns nothing, not even that it is."""
    reviewable = reviewing.find(kind)
    if reviewable is None or not reviewable.may_read(request.user, pk):
        raise Http404
    subject = reviewable.subject(pk)
    if subject is None:
        raise Http404
    return subject
