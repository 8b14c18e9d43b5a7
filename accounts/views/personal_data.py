"""What the forum keeps about people: told to everybody, given to the member, and erased."""

from datetime import timedelta

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts import erasing, export, rules
from accounts.forms import ErasureConfirmedForm, ErasureForm
from accounts.personal_data import Texts, holdings, traces
from accounts.reauthentication import recently_authenticated
from accounts.requests import MemberRequest
from forum.lib.answers import Refusal
from forum.lib.limits import allow
from forum.lib.redirects import see_other

EXPORTS_AN_HOUR = 5  # each reads everything the member ever wrote


@require_GET
def kept(request: HttpRequest) -> HttpResponse:
    """The registry, for everybody to read."""
    shown = {"holdings": holdings(), "traces": traces()}
    return render(request, "accounts/personal_data.html", shown)


@never_cache
@login_required
@require_GET
@recently_authenticated
def download(request: MemberRequest) -> HttpResponse:
    """Everything about the member as one file."""
    if not allow(f"export:{request.user.pk}", EXPORTS_AN_HOUR, timedelta(hours=1)):
        sentence = _("You have downloaded your data several times just now. Try in an hour.")
        return render(request, "429.html", {"sentence": sentence}, status=429)
    name = f"forum-{timezone.localdate():%Y-%m-%d}.zip"
    return HttpResponse(
        export.archive(request.user),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@never_cache
@login_required
@recently_authenticated
def erase(request: MemberRequest) -> HttpResponse:
    """First what would happen and the choice; then the same once more, to confirm."""
    answer = rules.may_be_erased(request.user)
    if isinstance(answer, Refusal):
        shown = {"sentence": answer.sentence}
        return render(request, "accounts/erase.html", shown, status=403)
    is_second = request.POST.get("step") == "2"
    form = (ErasureConfirmedForm if is_second else ErasureForm)(
        request.POST if request.method == "POST" else None, initial={"texts": Texts.KEEP}
    )
    if not form.is_valid():
        template = "accounts/erase_confirm.html" if is_second else "accounts/erase.html"
        return _page(request, template, form)
    if not is_second:
        chosen = ErasureConfirmedForm(initial=form.cleaned_data)
        return _page(request, "accounts/erase_confirm.html", chosen)
    erasing.erase_account(member=request.user, texts=Texts(form.cleaned_data["texts"]))
    logout(request)
    return see_other(reverse("accounts:erased"))


@require_GET
def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/erased.html")


def _page(
    request: MemberRequest, template: str, form: ErasureForm | ErasureConfirmedForm
) -> HttpResponse:
    texts = form["texts"].value()
    shown = {
        "form": form,
        "holdings": holdings(),
        "texts": Texts(texts).label if texts in Texts else "",
    }
    return render(request, template, shown, status=422 if form.errors else 200)
