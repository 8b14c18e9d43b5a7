"""The member's own page, and the choice of language for everybody."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import actions, second_factor
from accounts.addresses import is_ours
from accounts.forms import LanguageForm, ProfileForm
from accounts.models import Mandate, User
from forum.lib.redirects import see_other

LANGUAGE_KEPT_S = 60 * 60 * 24 * 365


@never_cache
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    member = request.user
    assert isinstance(member, User)
    known = {
        "display_name": member.display_name,
        "language": member.language,
        "shows_presence": member.shows_presence,
    }
    form = ProfileForm(request.POST or None, initial=known, member=member)
    if form.is_valid():
        actions.change_profile(member=member, **form.cleaned_data)
        with translation.override(member.language):
            messages.success(request, _("Your profile is saved."))
        return _speaking(see_other(reverse("accounts:profile")), member.language)
    shown = {
        "form": form,
        "mandates": Mandate.objects.held_by(member).for_listing(),
        "has_password": member.has_usable_password(),
        "has_factor": second_factor.has(member),
    }
    return render(request, "accounts/profile.html", shown, status=422 if form.is_bound else 200)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("The forum does not speak this language."))
    language = form.cleaned_data["language"]
    if isinstance(request.user, User):
        actions.choose_language(member=request.user, language=language)
    back = form.cleaned_data["next"]
    return _speaking(see_other(back if is_ours(request, back) else "/"), language)


def _speaking(response: HttpResponse, language: str) -> HttpResponse:
    """Keep the language in the cookie, so that it stays after logging out."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=LANGUAGE_KEPT_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
