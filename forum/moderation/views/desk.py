"""The queue of the desk: what waits, the act on many, and the latest decisions with their undo."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import MemberRequest
from forum.lib.answers import Refused
from forum.lib.redirects import see_other
from forum.moderation import actions
from forum.moderation.forms.deciding import TogetherForm, chosen_cases
from forum.moderation.models import Case, Decision
from forum.moderation.queue import (
    LABELS,
    Waiting,
    filters_for,
    page_of,
    queue_of,
    waiting_for,
)
from forum.moderation.rulebook import sections_offered
from forum.moderation.taken import decisions_page, decisions_shown, just_taken
from forum.moderation.views.guards import for_moderators

LATEST = 5


@for_moderators
@require_GET
def desk(request: MemberRequest) -> HttpResponse:
    """What waits, the most urgent first."""
    return _queue(request, TogetherForm(sections=sections_offered()))


@for_moderators
@require_POST
def together(request: MemberRequest) -> HttpResponse:
    """The same decision on every ticked case; what was refused is said and stays."""
    form = TogetherForm(request.POST, sections=sections_offered())
    versions = chosen_cases(request.POST.getlist("cases"))
    if form.is_valid() and not versions:
        form.add_error(None, _("Tick the cases it is about."))
    if not form.is_valid():
        return _queue(request, form, status=422)
    choices = [(case, versions[case.pk]) for case in Case.objects.filter(pk__in=versions)]
    try:
        outcomes = actions.decide_many(
            moderator=request.user, choices=choices, verdict=form.verdict()
        )
    except Refused as refused:
        form.add_error(None, str(refused.refusal.sentence))
        return _queue(request, form, status=422)
    _tell(request, outcomes)
    return see_other(reverse("moderation:desk"))


@for_moderators
@require_GET
def decisions(request: MemberRequest) -> HttpResponse:
    """Every decision, the latest first, each with its undo where there may be one."""
    page = decisions_page(request.user, request.GET.get("before", ""), request.path)
    context = {"page": page, "waiting": waiting_for(request.user)}
    return render(request, "moderation/desk_decisions.html", context)


@for_moderators
@require_POST
def undo(request: MemberRequest, number: int) -> HttpResponse:
    """Take a decision back; the case waits again and is shown."""
    decision = get_object_or_404(Decision.objects.select_related("case"), number=number)
    try:
        undone = actions.undo(moderator=request.user, decision=decision)
    except Refused as refused:
        messages.error(request, str(refused.refusal.sentence))
        return see_other(reverse("moderation:case", args=[decision.case_id]))
    messages.success(
        request,
        _("Undone: everything is as it was before decision %(number)s.")
        % {"number": decision.number},
    )
    return see_other(reverse("moderation:case", args=[undone.case_id]))


@for_moderators
@require_POST
def look_into(request: MemberRequest, kind: str, pk: int) -> HttpResponse:
    """Open the case of a text that a moderator came across."""
    case = actions.look_into(moderator=request.user, kind=kind, subject_pk=pk)
    return see_other(reverse("moderation:case", args=[case.pk]))


def _tell(request: MemberRequest, outcomes: list[actions.Outcome]) -> None:
    done = sum(outcome.refusal is None for outcome in outcomes)
    if done:
        said = ngettext("Decided: %(count)d case.", "Decided: %(count)d cases.", done)
        messages.success(request, said % {"count": done})
    for outcome in outcomes:
        if outcome.refusal is not None:
            title = outcome.case.title or _("A text in a closed category")
            messages.warning(request, f"{title}: {outcome.refusal.sentence}")


def _filters(waiting: Waiting, show: str, base: str) -> list[dict[str, object]]:
    """The links above the queue, each with the name of its count."""
    links: list[tuple[str, object, str]] = [(waiting.mine, _("All"), base)]
    offered = filters_for(is_staff=waiting.is_staff)
    links += [(str(name), LABELS[name], f"{base}?show={name}") for name in offered]
    return [
        {
            "name": name,
            "label": label,
            "url": url,
            "count": waiting.of(name),
            "is_current": name == (show or waiting.mine),
        }
        for name, label, url in links
    ]


def _queue(request: MemberRequest, form: TogetherForm, status: int = 200) -> HttpResponse:
    # Read before the rows: what changes in between is told again.
    waiting = waiting_for(request.user)
    assert waiting is not None, "the guard asked whether they moderate"
    chosen = request.GET.get("show", "")
    show = chosen if chosen in filters_for(is_staff=waiting.is_staff) else ""
    base = reverse("moderation:desk")
    address = f"{base}?show={show}" if show else base
    context = {
        "waiting": waiting,
        "show": show,
        "filters": _filters(waiting, show, base),
        "page": page_of(queue_of(request.user, show), request.GET.get("after", ""), address),
        "form": form,
        "ticked": request.POST.getlist("cases"),
        "taken": just_taken(request.user, request.GET.get("done", "")),
        "latest": decisions_shown(request.user, LATEST),
    }
    return render(request, "moderation/desk.html", context, status=status)
