"""Why a second factor is needed, for those who are led here without one."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts import second_factor
from accounts.addresses import is_ours
from accounts.requests import MemberRequest


@never_cache
@login_required
@require_GET
def needed(request: MemberRequest) -> HttpResponse:
    back = request.GET.get("next", "")
    shown = {
        "back": back if is_ours(request, back) else "/",
        "has_factor": second_factor.has(request.user),
        "is_staff": request.user.is_staff,
    }
    return render(request, "accounts/second_factor_needed.html", shown)
