"""The page of one's saved searches, and what can be done there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import MemberRequest
from forum.lib.redirects import see_other
from forum.saved_searches import actions
from forum.saved_searches.forms import KeepForm, RenameForm
from forum.saved_searches.kinds import PLACE
from forum.saved_searches.listing import rows_of
from forum.saved_searches.models import SavedSearch
from forum.saved_searches.rules import SEARCHES_OF_A_MEMBER


@login_required
@require_GET
def saved(request: MemberRequest) -> HttpResponse:
    """The member's saved searches, the last one first."""
    return _page(request)


@login_required
@require_http_methods(["GET", "POST"])
def keep(request: MemberRequest) -> HttpResponse:
    """A search kept from the page of its results, and back to them."""
    if request.method == "GET":
        return redirect("saved_searches:list")  # where a login after a lost session leads
    form = KeepForm(request.POST, member=request.user)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    kept = actions.keep(member=request.user, question=form.question())
    messages.success(
        request,
        _("From now on you are told of new results for “%(search)s”.") % {"search": kept.called},
    )
    return see_other(kept.get_absolute_url())


@login_required
@require_POST
def rename(request: MemberRequest, pk: int) -> HttpResponse:
    """Another name, or none."""
    search = _own_or_404(request, pk)
    form = RenameForm(request.POST)
    if not form.is_valid():
        return _page(request, failed=form, failed_pk=pk, status=422)
    actions.rename(member=request.user, search=search, title=form.cleaned_data["title"])
    return _done(request, _("The name has been saved."))


@login_required
@require_POST
def pause(request: MemberRequest, pk: int) -> HttpResponse:
    actions.pause(member=request.user, search=_own_or_404(request, pk))
    return _done(request, _("You are told of no new results until you switch it on again."))


@login_required
@require_POST
def resume(request: MemberRequest, pk: int) -> HttpResponse:
    actions.resume(member=request.user, search=_own_or_404(request, pk))
    return _done(request, _("From now on you are told of new results again."))


@login_required
@require_POST
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    """The search is gone. Pressed twice, it is gone as well."""
    search = SavedSearch.objects.readable_by(request.user).filter(pk=pk).first()
    if search is not None:
        actions.remove(member=request.user, search=search)
    return _done(request, _("The search has been removed."))


def _own_or_404(request: MemberRequest, pk: int) -> SavedSearch:
    return get_object_or_404(SavedSearch.objects.readable_by(request.user), pk=pk)


def _done(request: MemberRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return see_other(reverse("saved_searches:list"))


def _page(
    request: MemberRequest,
    *,
    form: KeepForm | None = None,
    failed: RenameForm | None = None,
    failed_pk: int = 0,
    status: int = 200,
) -> HttpResponse:
    shown = {
        "rows": rows_of(request.user, failed, failed_pk),
        "form": form,
        "place": PLACE,
        "cap": SEARCHES_OF_A_MEMBER,
    }
    return render(request, "saved_searches/list.html", shown, status=status)
