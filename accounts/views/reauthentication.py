"""The page where a member proves by a code from the e-mail who they are."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import resume_request
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import reauthentication
from accounts.forms import ReauthenticationCodeForm
from accounts.reauthentication import Method
from accounts.requests import MemberRequest
from forum.lib.redirects import see_other

PAGE = "accounts:reauthenticate_by_code"


@never_cache
@login_required
def by_code(request: MemberRequest) -> HttpResponseBase:
    """Take the code; afterwards what was interrupted goes on."""
    ways = _ways(request)
    if request.path not in [way["url"] for way in ways]:
        return redirect(ways[0]["url"])
    form = ReauthenticationCodeForm(request.POST or None)
    if form.is_valid():
        if reauthentication.try_code(request, form.cleaned_data["code"]):
            return resume_request(request) or redirect("accounts:profile")
        form.add_error(None, _what_was_wrong(request))
    shown = {
        "form": form,
        "is_sent": reauthentication.waits_for_code(request),
        "next": request.POST.get("next", request.GET.get("next", "")),
        "others": [way for way in ways if way["url"] != request.path],
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/reauthenticate_by_code.html", shown, status=status)


@login_required
@require_POST
def send_code(request: MemberRequest) -> HttpResponse:
    """Send a code. By a button, since machines open addresses, too."""
    back = urlencode({"next": request.POST.get("next", "")})
    is_open = reverse(PAGE) in [way["url"] for way in _ways(request)]
    if is_open and not reauthentication.send_code(request):
        return render(request, "429.html", status=429)
    return see_other(f"{reverse(PAGE)}?{back}")


def _ways(request: MemberRequest) -> list[Method]:
    ways: list[Method] = get_adapter(request).get_reauthentication_methods(request.user)
    return ways


def _what_was_wrong(request: MemberRequest) -> str:
    if reauthentication.waits_for_code(request):
        return _("This code is wrong. Check the newest e-mail from us.")
    return _("This code no longer counts. Ask for a new one.")
