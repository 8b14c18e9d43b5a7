"""One case: the subject in its place, who wrote it, what was said of it, and the decision."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import MemberRequest
from forum.lib.answers import Refused, demand
from forum.lib.redirects import see_other
from forum.moderation import actions, rules
from forum.moderation.forms.deciding import AnswerForm, DecisionForm, NoteForm
from forum.moderation.measures import CHOSEN, Measure
from forum.moderation.models import Appeal, Case, Proposal
from forum.moderation.queue import page_of, queue_of, waiting_for
from forum.moderation.rulebook import sections_offered
from forum.moderation.subjects import author_of, choices_for, subject_of, suggestion
from forum.moderation.taken import decisions_of, just_taken
from forum.moderation.views.guards import for_moderators

VERIFICATION = "verification"


@for_moderators
@require_GET
def case(request: MemberRequest, pk: int) -> HttpResponse:
    """The case, and the form to decide it."""
    found = _case_or_404(request, pk)
    if found.kind == VERIFICATION:
        return redirect("accounts:desk_case", found.subject_pk)
    return _page(request, found)


@for_moderators
@require_POST
def decide(request: MemberRequest, pk: int, measure: str) -> HttpResponse:
    """Decide on the version that was shown; then the next case."""
    found = _case_or_404(request, pk)
    if measure not in CHOSEN:
        raise Http404
    form = _form(request, found, Measure(measure))
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        done = actions.decide(
            moderator=request.user,
            case=found,
            case_version=form.cleaned_data["version"],
            verdict=form.verdict(),
        )
    except Refused as refused:
        return _refused(request, pk, form, refused)
    if isinstance(done, Proposal):
        messages.success(request, _("Proposed. It waits for a second person."))
        return _next(request)
    return _next(request, done.number)


@for_moderators
@require_POST
def anew(request: MemberRequest, pk: int) -> HttpResponse:
    """The case as it is by now, with what was typed about it; nothing is decided."""
    fresh = _case_or_404(request, pk)
    typed = request.POST.copy()
    typed["version"] = str(fresh.version)
    return _page(request, fresh, _form_of(request, fresh, typed))


@for_moderators
@require_POST
def confirm(request: MemberRequest, pk: int) -> HttpResponse:
    """Carry out what another moderator proposed."""
    return _answer_proposal(request, pk, is_confirmed=True)


@for_moderators
@require_POST
def decline(request: MemberRequest, pk: int) -> HttpResponse:
    """Leave it undone; the case waits again."""
    return _answer_proposal(request, pk, is_confirmed=False)


@for_moderators
@require_POST
def withdraw_proposal(request: MemberRequest, pk: int) -> HttpResponse:
    """Take back one's own proposal."""
    found = _case_or_404(request, pk)
    proposal = _open_proposal_or_404(found)
    actions.withdraw_proposal(moderator=request.user, proposal=proposal)
    messages.success(request, _("The proposal is withdrawn."))
    return see_other(_address(found))


@for_moderators
@require_POST
def grant(request: MemberRequest, pk: int) -> HttpResponse:
    """The appeal was right: everything as it was."""
    return _answer_appeal(request, pk, upheld=True)


@for_moderators
@require_POST
def dismiss(request: MemberRequest, pk: int) -> HttpResponse:
    """The decision stands."""
    return _answer_appeal(request, pk, upheld=False)


@for_moderators
@require_POST
def note(request: MemberRequest, pk: int) -> HttpResponse:
    """A note for the other moderators."""
    found = _case_or_404(request, pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, note_form=form)
    actions.note(moderator=request.user, case=found, words=form.cleaned_data["words"])
    return see_other(f"{_address(found)}#notes")


@for_moderators
@require_POST
def look(request: MemberRequest, pk: int) -> HttpResponse:
    """Say that one looks at the case now; who looked first goes on looking."""
    held = actions.take_lease(moderator=request.user, case=_case_or_404(request, pk))
    if request.headers.get("X-Fragment"):
        return JsonResponse({"by": held.lease_by_id})
    return see_other(_address(held))


@for_moderators
@require_POST
def look_away(request: MemberRequest, pk: int) -> HttpResponse:
    """Look no more."""
    found = _case_or_404(request, pk)
    actions.release_lease(moderator=request.user, case=found)
    if request.headers.get("X-Fragment"):
        return JsonResponse({"by": None})
    return see_other(reverse("moderation:desk"))


def _answer_proposal(request: MemberRequest, pk: int, *, is_confirmed: bool) -> HttpResponse:
    found = _case_or_404(request, pk)
    proposal = _open_proposal_or_404(found)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, answer_form=form)
    answer = actions.confirm if is_confirmed else actions.decline
    try:
        done = answer(moderator=request.user, proposal=proposal, answer=form.cleaned_data["words"])
    except Refused as refused:
        form.add_error(None, str(refused.refusal.sentence))
        return _page(request, _case_or_404(request, pk), status=422, answer_form=form)
    if isinstance(done, Proposal):
        messages.success(request, _("Declined. The case waits again."))
        return see_other(_address(found))
    return _next(request, done.number)


def _answer_appeal(request: MemberRequest, pk: int, *, upheld: bool) -> HttpResponse:
    found = _case_or_404(request, pk)
    appeal = get_object_or_404(_appeals_of(found), outcome=Appeal.Outcome.OPEN)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, answer_form=form)
    try:
        done = actions.answer_appeal(
            moderator=request.user,
            appeal=appeal,
            upheld=upheld,
            own_words=form.cleaned_data["words"],
            case_version=form.cleaned_data["version"],
        )
    except Refused as refused:
        form = _on_fresh(request, pk, form)
        form.add_error(None, str(refused.refusal.sentence))
        return _page(request, _case_or_404(request, pk), status=409, answer_form=form)
    return _next(request, done.number)


def _refused(request: MemberRequest, pk: int, form: DecisionForm, refused: Refused) -> HttpResponse:
    """The case as it is by now with what was typed; where somebody was faster, what they did, and
    the new version to decide on."""
    fresh = _case_or_404(request, pk)
    is_moved = fresh.version != form.cleaned_data["version"]
    if is_moved:
        typed = request.POST.copy()
        typed["version"] = str(fresh.version)
        form = _form_of(request, fresh, typed)
        form.is_valid()
    form.add_error(None, str(refused.refusal.sentence))
    return _page(request, fresh, form, status=409 if is_moved else 422, is_moved=is_moved)


def _on_fresh(request: MemberRequest, pk: int, form: AnswerForm) -> AnswerForm:
    """The same words on the case as it is by now."""
    typed = request.POST.copy()
    typed["version"] = str(_case_or_404(request, pk).version)
    again = AnswerForm(typed)
    again.is_valid()
    return again


def _page(
    request: MemberRequest,
    found: Case,
    form: DecisionForm | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        # Read before all else: what changes in between is told again.
        "waiting": waiting_for(request.user),
        "case": found,
        "page": page_of(queue_of(request.user), "", reverse("moderation:desk")),
        "taken": just_taken(request.user, request.GET.get("done", "")),
        **_shown(request, found, form),
        "answer_form": AnswerForm(initial={"version": found.version}),
        "note_form": NoteForm(),
        **more,
    }
    return render(request, "moderation/case.html", context, status=status)


def _shown(request: MemberRequest, found: Case, form: DecisionForm | None) -> dict[str, Any]:
    subject = subject_of(found)
    reports = list(found.reports.select_related("reporter").order_by("-created_at"))
    sections = sections_offered()
    proposal = found.proposals.filter(state=Proposal.State.OPEN).first()
    appeal = _appeals_of(found).filter(outcome=Appeal.Outcome.OPEN).first()
    if form is None:
        begun = suggestion(found, reports, sections) | {"version": found.version}
        form = DecisionForm(
            initial=begun, moderator=request.user, subject=subject, sections=sections
        )
    return {
        "subject": subject,
        "author": author_of(request.user, found),
        "reports": reports,
        "decisions": decisions_of(request.user, found),
        "proposals": found.proposals.select_related("proposed_by", "answered_by"),
        "proposal": proposal,
        "may_confirm": rules.may_confirm(request.user, proposal) if proposal else None,
        "may_withdraw": rules.may_withdraw_proposal(request.user, proposal) if proposal else None,
        "appeal": appeal,
        "may_answer": rules.may_answer_appeal(request.user, appeal) if appeal else None,
        "notes": found.notes.select_related("author"),
        "form": form,
        "choices": choices_for(request.user, found, subject),
        "may_decide": rules.may_decide(request.user, found, Measure.LEAVE),
    }


def _form(request: MemberRequest, found: Case, measure: Measure) -> DecisionForm:
    return DecisionForm(
        request.POST,
        moderator=request.user,
        subject=subject_of(found),
        measure=measure,
        sections=sections_offered(),
    )


def _form_of(request: MemberRequest, found: Case, typed: Any) -> DecisionForm:
    """What was typed, without judging it for a measure."""
    return DecisionForm(
        typed,
        moderator=request.user,
        subject=subject_of(found),
        sections=sections_offered(),
    )


def _next(request: MemberRequest, number: int | None = None) -> HttpResponse:
    """The most urgent case that waits, or the desk where none does."""
    mark = f"?done={number}" if number is not None else ""
    waiting = queue_of(request.user).filter(state=Case.State.WAITING).most_urgent_first()
    following = waiting.exclude(kind=VERIFICATION).first()
    address = _address(following) if following is not None else reverse("moderation:desk")
    return see_other(f"{address}{mark}")


def _case_or_404(request: MemberRequest, pk: int) -> Case:
    """The case, for moderators who may read what it is about. Raises: Refused for others."""
    found = get_object_or_404(Case.objects.select_related("author", "lease_by"), pk=pk)
    demand(rules.may_see_case(request.user, found))
    return found


def _open_proposal_or_404(found: Case) -> Proposal:
    proposals = found.proposals.select_related("case", "proposed_by")
    return get_object_or_404(proposals, state=Proposal.State.OPEN)


def _appeals_of(found: Case) -> Any:
    return Appeal.objects.filter(decision__case=found).select_related(
        "member", "decision__case", "decision__statement", "decision__decided_by"
    )


def _address(found: Case) -> str:
    return reverse("moderation:case", args=[found.pk])
