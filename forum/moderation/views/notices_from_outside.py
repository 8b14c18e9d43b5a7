"""Notices of unlawful content by anybody, without an account. Source: DSA art. 16."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import sender_of
from forum.lib.answers import Refused
from forum.lib.limits import allow
from forum.lib.redirects import see_other
from forum.moderation import actions, reviewing
from forum.moderation.addresses_of_things import ADDRESS_MAX_CHARS
from forum.moderation.forms.reporting import NOTHING_THERE, NoticeForm, ReceiptForm
from forum.moderation.measures import OF_ACCOUNTS
from forum.moderation.models import Report
from forum.moderation.rulebook import section_of

NOTICES_AN_HOUR = 10  # of one network address: a school or an office shares one
RECEIPTS_A_DAY = 5  # to one e-mail address, which may be somebody else's
LOOKS_AN_HOUR = 60


@never_cache
@require_http_methods(["GET", "POST"])
def notice(request: HttpRequest) -> HttpResponse:
    """The form, and the notice."""
    if request.method == "GET":
        form = NoticeForm(initial=_initial(request), host=request.get_host())
        return render(request, "moderation/notice.html", {"form": form, "receipt": ReceiptForm()})
    form = NoticeForm(request.POST, host=request.get_host())
    if form.is_valid():
        if not _is_within_limits(request, form):
            sentence = _("That was a lot in a short time. Wait an hour and send it again.")
            form.add_error(None, sentence)
            return _again(request, form, status=429)
        return _taken(request, form)
    return _again(request, form, status=422)


@never_cache
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """The notice of the code that somebody typed."""
    form = ReceiptForm(request.GET)
    if not _may_look(request):
        return render(request, "429.html", status=429)
    if form.is_valid():
        code = form.cleaned_data["code"]
        if Report.objects.filter(receipt=code).exists():
            return see_other(reverse("moderation:notice_state", args=[code]))
        form.add_error("code", _("There is no notice with this code. Compare it with the mail."))
    context = {"form": NoticeForm(host=request.get_host()), "receipt": form}
    return render(request, "moderation/notice.html", context, status=422)


@never_cache
@require_safe
def state(request: HttpRequest, code: str) -> HttpResponse:
    """What became of a notice. It shows nothing of who sent it."""
    if not _may_look(request):
        return render(request, "429.html", status=429)
    notices = Report.objects.filter(reporter=None).select_related("decision", "case")
    found = get_object_or_404(notices, receipt=code)
    decision = found.decision
    context = {
        "notice": found,
        # What was done to an account is its member's matter.
        "decision": decision if decision and decision.measure not in OF_ACCOUNTS else None,
        "section": section_of(decision.rule_version, decision.section) if decision else None,
    }
    return render(request, "moderation/notice_state.html", context)


def _taken(request: HttpRequest, form: NoticeForm) -> HttpResponse:
    given = form.cleaned_data
    reviewable = reviewing.find(form.found.kind)
    if reviewable is None or not reviewable.may_read(request.user, form.found.pk):
        form.add_error("address", NOTHING_THERE)
        return _again(request, form, status=422)
    try:
        taken = actions.give_notice(
            kind=form.found.kind,
            subject_pk=form.found.pk,
            reason=Report.Kind(given["why"]),
            words=given["words"],
            name=given["name"],
            email=given["email"],
            language=get_language() or User.Language.POLISH,
        )
    except Refused as refused:
        form.add_error(None, str(refused.refusal.sentence))
        return _again(request, form, status=422)
    return see_other(reverse("moderation:notice_state", args=[taken.receipt]))


def _initial(request: HttpRequest) -> dict[str, str]:
    """The address that a post's menu sent along, and who is logged in."""
    address = request.GET.get("address", "")[:ADDRESS_MAX_CHARS]
    if address.startswith("/"):
        address = request.build_absolute_uri(address)
    if not isinstance(request.user, User):
        return {"address": address}
    return {
        "address": address,
        "name": request.user.display_name,
        "email": request.user.email,
    }


def _again(request: HttpRequest, form: NoticeForm, *, status: int) -> HttpResponse:
    context = {"form": form, "receipt": ReceiptForm()}
    return render(request, "moderation/notice.html", context, status=status)


def _is_within_limits(request: HttpRequest, form: NoticeForm) -> bool:
    sender = sender_of(request)
    if not allow(f"notice:{sender}", NOTICES_AN_HOUR, timedelta(hours=1)):
        return False
    email = form.cleaned_data["email"].lower()
    return not email or allow(f"notice-mail:{email}", RECEIPTS_A_DAY, timedelta(days=1))


def _may_look(request: HttpRequest) -> bool:
    sender = sender_of(request)
    return allow(f"notice-state:{sender}", LOOKS_AN_HOUR, timedelta(hours=1))
