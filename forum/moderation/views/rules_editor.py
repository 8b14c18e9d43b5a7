"""Where the adviser writes the next version of the rules: draft, preview, publication."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import MemberRequest
from accounts.views.guards import for_desk
from forum.lib.answers import Refused
from forum.lib.redirects import see_other
from forum.moderation.actions import rulebook as actions
from forum.moderation.actions.rulebook import DraftSection, Step, sections_of_draft
from forum.moderation.forms.rulebook import EditionForm, PublishForm, SectionForm
from forum.moderation.models.rulebook import Rulebook, RulebookDraft
from forum.moderation.rulebook import changes_between, sections_of

STEPS: dict[str, Step] = {"up": "up", "down": "down"}


@for_desk
@require_safe
def draft(request: MemberRequest) -> HttpResponse:
    """The sections of the draft, or of the newest version while there is none."""
    return _overview(request)


@for_desk
@require_http_methods(["GET", "POST"])
def section(request: MemberRequest, anchor: str = "") -> HttpResponse:
    """One section of the draft, or a new one at its end."""
    sections, edition = sections_of_draft()
    found = _found(sections, anchor) if anchor else None
    initial = SectionForm.initial_of(found, edition)
    form = SectionForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        given = form.cleaned_data["edition"]
        try:
            actions.write_section(
                editor=request.user, edition=given, anchor=anchor, words=form.words()
            )
        except actions.DraftMovedOn as moved:
            return _typed_again(request, form, found, edition, moved)
        messages.success(request, _("The section is in the draft. Readers do not see it yet."))
        return see_other(reverse("moderation:desk_rules"))
    context = {"form": form, "section": found}
    status = 422 if form.is_bound else 200
    return render(request, "moderation/rules_section.html", context, status=status)


@for_desk
@require_POST
def move(request: MemberRequest, anchor: str) -> HttpResponse:
    """The section one place up or down."""
    _found(sections_of_draft()[0], anchor)
    step = STEPS.get(request.POST.get("step", ""), "down")
    return _changed(
        request,
        lambda edition: actions.move_section(
            editor=request.user, edition=edition, anchor=anchor, step=step
        ),
    )


@for_desk
@require_POST
def remove(request: MemberRequest, anchor: str) -> HttpResponse:
    """The section left out of the next version."""
    _found(sections_of_draft()[0], anchor)
    return _changed(
        request,
        lambda edition: actions.remove_section(editor=request.user, edition=edition, anchor=anchor),
    )


@for_desk
@require_POST
def discard(request: MemberRequest) -> HttpResponse:
    """The draft thrown away."""
    return _changed(
        request, lambda edition: actions.discard_draft(editor=request.user, edition=edition)
    )


@for_desk
@require_safe
def preview(request: MemberRequest) -> HttpResponse:
    """What the draft says otherwise than the newest version, and the form to publish it."""
    edition = sections_of_draft()[1]
    return _preview(request, PublishForm(initial=PublishForm.initial_of(edition)))


@for_desk
@require_POST
def publish(request: MemberRequest) -> HttpResponse:
    """The draft as the next version."""
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _preview(request, form, status=422)
    try:
        rulebook = actions.publish_rules(
            editor=request.user,
            edition=form.cleaned_data["edition"],
            announcement=form.announcement(),
        )
    except Refused as refused:
        form.add_error(None, str(refused.refusal.sentence))
        return _preview(request, form, status=409)
    day = date_format(rulebook.valid_from, "DATE_FORMAT")
    messages.success(request, _("Published. The rules hold from %(day)s.") % {"day": day})
    return see_other(rulebook.get_absolute_url())


def _overview(request: MemberRequest, *, status: int = 200, sentence: str = "") -> HttpResponse:
    sections, edition = sections_of_draft()
    newest = Rulebook.objects.order_by("-version").first()
    kinds = {}
    if edition and newest is not None:
        found = changes_between(sections_of(newest), sections)
        kinds = {change.anchor: change for change in found}
    context = {
        "rows": [(each, kinds.get(each.anchor)) for each in sections],
        "removed": [change for change in kinds.values() if change.kind == "removed"],
        "edition": edition,
        "draft": RulebookDraft.objects.select_related("changed_by").first(),
        "newest": newest,
        "sentence": sentence,
    }
    return render(request, "moderation/rules_draft.html", context, status=status)


def _preview(request: MemberRequest, form: PublishForm, *, status: int = 200) -> HttpResponse:
    sections, edition = sections_of_draft()
    newest = Rulebook.objects.order_by("-version").first()
    before = sections_of(newest)
    if form.is_bound:
        # What was typed stays; what is published next is what the page shows now.
        form.data = _on_edition(request, edition)
    context = {
        "form": form,
        "edition": edition,
        "newest": newest,
        "changes": [
            change
            for change in changes_between(before, sections, "pl")
            if change.kind != "same" or change.is_moved
        ],
        "changes_en": [
            change for change in changes_between(before, sections, "en") if change.kind != "same"
        ],
    }
    return render(request, "moderation/rules_preview.html", context, status=status)


def _changed(request: MemberRequest, change: Callable[[int], None]) -> HttpResponse:
    form = EditionForm(request.POST)
    if not form.is_valid():
        return _overview(request, status=422)
    try:
        change(form.cleaned_data["edition"])
    except Refused as refused:
        return _overview(request, status=409, sentence=str(refused.refusal.sentence))
    return see_other(reverse("moderation:desk_rules"))


def _typed_again(
    request: MemberRequest,
    form: SectionForm,
    found: DraftSection | None,
    edition: int,
    moved: actions.DraftMovedOn,
) -> HttpResponse:
    """What was typed, to be saved over the draft as it is by now."""
    form.data = _on_edition(request, edition)
    form.add_error(None, str(moved.refusal.sentence))
    context = {"form": form, "section": found, "current": found}
    return render(request, "moderation/rules_section.html", context, status=409)


def _on_edition(request: MemberRequest, edition: int) -> QueryDict:
    """What was typed, as if on the page of this edition."""
    typed = request.POST.copy()
    typed["edition"] = str(edition)
    return typed


def _found(sections: list[DraftSection], anchor: str) -> DraftSection:
    for each in sections:
        if each.anchor == anchor:
            return each
    raise Http404
