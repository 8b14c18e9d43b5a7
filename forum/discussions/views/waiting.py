"""One's own texts that wait for a moderator: each alone, and taken back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import MemberRequest
from forum.discussions.actions import waiting
from forum.discussions.models import HeldText
from forum.lib.redirects import see_other


@login_required
@require_GET
def held_text(request: MemberRequest, pk: int) -> HttpResponse:
    """The text, why it waits, and what became of it; published, it leads to its post."""
    own = HeldText.objects.filter(author=request.user).for_display()
    held = get_object_or_404(own.select_related("post"), pk=pk)
    if held.post is not None:
        return redirect(held.post)
    may_name_place = HeldText.objects.standing_where(request.user).filter(pk=pk).exists()
    context = {"held": held, "may_name_place": may_name_place}
    return render(request, "discussions/held_text.html", context)


@login_required
@require_POST
def take_back(request: MemberRequest, pk: int) -> HttpResponse:
    """The text among the drafts again."""
    held = get_object_or_404(HeldText.objects.filter(author=request.user), pk=pk)
    waiting.take_back(author=request.user, held=held)
    messages.success(request, _("The text is back among your drafts. Nobody else has seen it."))
    return see_other(reverse("discussions:drafts"))


def it_waits(request: HttpRequest, held: HeldText) -> HttpResponse:
    """The answer to a text that was sent and waits: the page that says why."""
    url = held.get_absolute_url()
    if request.headers.get("X-Fragment"):
        return JsonResponse({"url": url}, status=202)
    return see_other(url)
