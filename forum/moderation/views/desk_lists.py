"""Small pages beside the desk: saved replies, and who was elected to moderate."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import MemberRequest
from accounts.views.guards import for_desk
from forum.lib.answers import Refused
from forum.lib.redirects import see_other
from forum.moderation import actions
from forum.moderation.forms.desk_lists import ModeratorForm, ReplyForm
from forum.moderation.models import Moderator, SavedReply
from forum.moderation.views.guards import for_moderators

ENDED_SHOWN = 20


@for_moderators
@require_safe
def saved_replies(request: MemberRequest) -> HttpResponse:
    """The saved replies, by title."""
    context = {"replies": SavedReply.objects.order_by("title", "pk")}
    return render(request, "moderation/replies.html", context)


@for_moderators
@require_http_methods(["GET", "POST"])
def saved_reply(request: MemberRequest, pk: int | None = None) -> HttpResponse:
    """One of them changed, or a new one."""
    found = get_object_or_404(SavedReply, pk=pk) if pk is not None else None
    names = ("title", "words", "measure")
    initial = {name: getattr(found, name) for name in names} if found is not None else {}
    form = ReplyForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        actions.save_reply(moderator=request.user, reply=found, **form.cleaned_data)
        messages.success(request, _("The reply is saved."))
        return see_other(reverse("moderation:desk_replies"))
    context = {"form": form, "reply": found}
    status = 422 if form.errors else 200
    return render(request, "moderation/reply.html", context, status=status)


@for_moderators
@require_POST
def remove_reply(request: MemberRequest, pk: int) -> HttpResponse:
    """A saved reply that nobody needs any more."""
    found = get_object_or_404(SavedReply, pk=pk)
    actions.drop_reply(moderator=request.user, reply=found)
    messages.success(request, _("The reply is removed."))
    return see_other(reverse("moderation:desk_replies"))


@for_desk
@require_http_methods(["GET", "POST"])
def elected(request: MemberRequest) -> HttpResponse:
    """Who was elected, and the form for the next one."""
    form = ModeratorForm(
        request.POST if request.method == "POST" else None, initial=ModeratorForm.initial_days()
    )
    if form.is_valid():
        assert form.member is not None
        try:
            actions.appoint(staff=request.user, member=form.member, **form.term())
        except Refused as refused:
            form.add_error(None, str(refused.refusal.sentence))
        else:
            name = form.member.display_name
            messages.success(request, _("Entered: %(name)s.") % {"name": name})
            return see_other(reverse("moderation:desk_elected"))
    today = timezone.localdate()
    terms = Moderator.objects.select_related("user")
    context = {
        "form": form,
        "standing": terms.filter(until__gte=today).order_by("since", "pk"),
        "ended": terms.filter(until__lt=today)[:ENDED_SHOWN],
        "today": today,
    }
    status = 422 if form.errors else 200
    return render(request, "moderation/elected.html", context, status=status)


@for_desk
@require_POST
def end_term(request: MemberRequest, pk: int) -> HttpResponse:
    """The term of somebody ended now."""
    found = get_object_or_404(Moderator.objects.select_related("user"), pk=pk)
    yesterday = timezone.localdate() - timedelta(days=1)
    actions.end_term(staff=request.user, term=found, last_day=yesterday)
    name = found.user.display_name
    messages.success(request, _("The term has been ended: %(name)s.") % {"name": name})
    return see_other(reverse("moderation:desk_elected"))
