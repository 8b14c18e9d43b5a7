"""Private data read from the desk: each reading is noted, and the person sees the note."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.requests import MemberRequest
from forum.lib.answers import demand
from forum.lib.redirects import see_other
from forum.moderation import actions, rules
from forum.moderation.models import AccessNote, Case
from forum.moderation.views.guards import for_moderators

SHOWN_FOR = timedelta(minutes=10)  # after it was noted; then it is noted anew


@for_moderators
@require_GET
def contact(request: MemberRequest, pk: int) -> HttpResponse:
    """The e-mail address of who wrote the case's subject: shown once its reading was noted."""
    found = _case(request, pk)
    member = _author_or_404(found)
    noted = AccessNote.objects.filter(
        reader=request.user,
        member=member,
        what=AccessNote.What.EMAIL,
        at__gte=timezone.now() - SHOWN_FOR,
    )
    context = {"case": found, "member": member, "is_noted": noted.exists()}
    return render(request, "moderation/desk_contact.html", context)


@for_moderators
@require_POST
def read_contact(request: MemberRequest, pk: int) -> HttpResponse:
    """Note the reading, then show the address."""
    found = _case(request, pk)
    actions.note_access(
        reader=request.user,
        member=_author_or_404(found),
        what=AccessNote.What.EMAIL,
        place=reverse("moderation:case", args=[found.pk]),
    )
    return see_other(reverse("moderation:case_contact", args=[found.pk]))


def _case(request: MemberRequest, pk: int) -> Case:
    found = get_object_or_404(Case.objects.select_related("author"), pk=pk)
    demand(rules.may_see_case(request.user, found))
    return found


def _author_or_404(found: Case) -> User:
    return get_object_or_404(User, pk=found.author_id, erased_at=None)
