"""The rules of the forum, for everybody: today's, the earlier ones, and what changed."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from forum.moderation.models.rulebook import Rulebook
from forum.moderation.rulebook import changes_between, rules_in_force, sections_of

TEXTS = ("pl", "en", "both")  # the text that decides, its translation, both beside each other


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The rules that hold today."""
    rulebook = rules_in_force()
    if rulebook is None:
        return render(request, "moderation/rules.html", {"rulebook": None})
    return _page(request, rulebook)


@require_safe
def version(request: HttpRequest, version: int) -> HttpResponse:
    """One version, whether it holds today or not."""
    return _page(request, get_object_or_404(Rulebook, version=version))


@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """Every version, the newest first."""
    context = {"rulebooks": Rulebook.objects.order_by("-version"), "in_force": rules_in_force()}
    return render(request, "moderation/rules_versions.html", context)


@require_safe
def changes(request: HttpRequest, version: int) -> HttpResponse:
    """What a version says otherwise than the one before it."""
    rulebook = get_object_or_404(Rulebook, version=version)
    before = Rulebook.objects.filter(version=version - 1).first()
    if before is None:
        raise Http404
    text = _text_wanted(request, ("pl", "en"))
    found = changes_between(sections_of(before), sections_of(rulebook), text)
    context = {
        "rulebook": rulebook,
        "before": before,
        "changes": [change for change in found if change.kind != "same" or change.is_moved],
        "text": text,
    }
    return render(request, "moderation/rules_changes.html", context)


def _page(request: HttpRequest, rulebook: Rulebook) -> HttpResponse:
    in_force = rules_in_force()
    context: dict[str, Any] = {
        "rulebook": rulebook,
        "sections": sections_of(rulebook),
        "in_force": in_force,
        "is_in_force": in_force is not None and in_force.pk == rulebook.pk,
        "announced": Rulebook.objects.announced().first(),
        "text": _text_wanted(request, TEXTS),
        "may_write": request.user.is_staff if request.user.is_authenticated else False,
    }
    return render(request, "moderation/rules.html", context)


def _text_wanted(request: HttpRequest, offered: tuple[str, ...]) -> str:
    """Which text the address asks for; without a wish that of the reader's language."""
    wish = request.GET.get("text", "")
    if wish in offered:
        return wish
    return "en" if get_language() == "en" else "pl"
