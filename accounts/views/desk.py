"""The adviser's desk: organizations to check, one by one."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import actions, registers, verification_rules
from accounts.actions import MovedOn
from accounts.forms import DecisionForm
from accounts.models import VerificationCase
from accounts.registers.comparing import compare
from accounts.requests import MemberRequest
from accounts.views.guards import for_desk
from forum.lib.answers import Refused
from forum.lib.redirects import see_other

State = VerificationCase.State
LOG_SHOWN = 30
EARLIER_SHOWN = 10
LISTED = 200


@for_desk
@require_GET
def queue(request: MemberRequest) -> HttpResponse:
    """What waits for the adviser, the oldest first; then what waits for an answer."""
    # How many others want the same organization: they are looked at together.
    rivals = Count(
        "organization__verification_cases",
        filter=Q(organization__verification_cases__state__in=VerificationCase.OPEN_STATES),
    )
    listed = VerificationCase.objects.open().for_listing().annotate(rivals=rivals).oldest_first()
    found = list(listed[:LISTED])
    context = {
        "waiting": [case for case in found if case.state == State.WAITING],
        "asked": [case for case in found if case.state == State.ASKED],
    }
    return render(request, "accounts/verification/queue.html", context)


@for_desk
@require_GET
def case(request: MemberRequest, pk: int) -> HttpResponse:
    """One case: what was claimed, what the register says, the documents, and the decision."""
    found = _case_or_404(pk)
    return _page(request, found, DecisionForm(initial={"version": found.version}))


@for_desk
@require_POST
def accept(request: MemberRequest, pk: int) -> HttpResponse:
    """Give the badge, and the voice where it was asked for."""
    return _decide(request, pk, State.ACCEPTED)


@for_desk
@require_POST
def ask(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask for something more."""
    return _decide(request, pk, State.ASKED)


@for_desk
@require_POST
def refuse(request: MemberRequest, pk: int) -> HttpResponse:
    """Say no, with the reason."""
    return _decide(request, pk, State.REFUSED)


@for_desk
@require_POST
def ask_register(request: MemberRequest, pk: int) -> HttpResponse:
    """Have the register asked again, in the background."""
    found = _case_or_404(pk)
    actions.ask_register(staff=request.user, case=found)
    messages.success(request, _("The register is being asked. Reload this page in a moment."))
    return see_other(reverse("accounts:desk_case", args=[found.pk]))


def _decide(request: MemberRequest, pk: int, state: VerificationCase.State) -> HttpResponse:
    found = _case_or_404(pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        actions.decide(
            staff=request.user,
            case=found,
            version=form.cleaned_data["version"],
            verdict=form.verdict(state, found.opened_by),
        )
    except MovedOn as moved:
        return _moved_on(request, pk, moved)
    except Refused as refused:
        form.add_error(None, str(refused.refusal.sentence))
        return _page(request, _case_or_404(pk), form, status=422)
    messages.success(request, _said(state, str(found.organization)))
    return see_other(reverse("accounts:desk_queue"))


def _moved_on(request: MemberRequest, pk: int, moved: MovedOn) -> HttpResponse:
    """The case as it is by now, what the adviser typed, and a new version to decide on."""
    fresh = _case_or_404(pk)
    typed = request.POST.copy()
    typed["version"] = str(fresh.version)
    form = DecisionForm(typed)
    form.is_valid()
    form.add_error(None, str(moved.refusal.sentence))
    return _page(request, fresh, form, status=409)


def _page(
    request: MemberRequest, found: VerificationCase, form: DecisionForm, status: int = 200
) -> HttpResponse:
    context = {
        "case": found,
        "entries": found.entries.select_related("author"),
        "form": form,
        "may_decide": verification_rules.may_decide(request.user, found),
        "next": VerificationCase.objects.waiting().exclude(pk=found.pk).oldest_first().first(),
        **_register_of(found),
        **_surroundings_of(found),
    }
    return render(request, "accounts/verification/desk_case.html", context, status=status)


def _register_of(found: VerificationCase) -> dict[str, Any]:
    """The register's facts, and beside them what was claimed."""
    facts = found.register_facts or {}
    return {
        "facts": facts,
        "lines": compare(found.claimed, facts),
        "can_ask": registers.source_of(found.claimed.get("register", "")) is not None,
    }


def _surroundings_of(found: VerificationCase) -> dict[str, Any]:
    """Other cases of the organization, who speaks for it today, and its log."""
    organization = found.organization
    cases = organization.verification_cases.exclude(pk=found.pk).for_listing()
    return {
        "rivals": cases.open().oldest_first(),
        "earlier": cases.exclude(state__in=VerificationCase.OPEN_STATES).order_by("-decided_at")[
            :EARLIER_SHOWN
        ],
        "speakers": organization.mandates.that_speak().current().select_related("user"),
        "events": organization.events.select_related("actor")[:LOG_SHOWN],
    }


def _case_or_404(pk: int) -> VerificationCase:
    return get_object_or_404(
        VerificationCase.objects.select_related("organization", "opened_by", "decided_by"), pk=pk
    )


def _said(state: VerificationCase.State, name: str) -> str:
    sentences = {
        State.ACCEPTED: _("Accepted: %(name)s. The letter is on its way."),
        State.ASKED: _("Asked: %(name)s. The case waits for the answer."),
        State.REFUSED: _("Refused: %(name)s. The letter with the reason is on its way."),
    }
    return sentences[state] % {"name": name}
