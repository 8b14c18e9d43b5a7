"""The page that asks in whose name somebody comes, who they are, and where the code goes."""

from datetime import timedelta
from typing import Any

from allauth.account import views as allauth_views
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStage
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.forms import ChoicesForm, SignupForm
from accounts.joining import Way
from accounts.models import Invitation
from accounts.requests import sender_of
from accounts.tokens import TOKEN_MAX_CHARS, hash_of
from forum.lib.limits import allow

TYPED = ("organization", "whom", "kind", "gmina", "display_name", "email")
LOOKS_PER_MINUTE = 90  # one for each key of a fast typist
MINUTE = timedelta(minutes=1)


class SignupView(allauth_views.SignupView):
    """allauth's own, with the question in whose name."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "look" not in request.POST:
            return super().post(request, *args, **kwargs)
        # The step of browsers without scripts: show what is found, and keep what was typed.
        typed = {name: request.POST.get(name, "") for name in TYPED}
        if typed["whom"] == Way.NEW:
            typed["whom"] = ""  # chosen by the page where it found nothing; now it may find more
        form = SignupForm(initial=typed, **self._circumstances())
        return self.render_to_response(self.get_context_data(form=form))

    def get_initial(self) -> dict[str, Any]:
        given = {name: self.request.GET.get(name, "") for name in ("organization", "whom")}
        return super().get_initial() | given

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | self._circumstances()

    def _circumstances(self) -> dict[str, Any]:
        back_to = self.get_next_url() or ""
        token = _token_in(back_to)
        return {"back_to": back_to, "token": token, "invitation": _invitation(token)}


class LoginView(allauth_views.LoginView):
    """allauth's own, which a sign-up that waits for its code does not stand in the way of.

    Whoever signed up with an address that has an account gets a mail that leads here.
    """

    def _redirect_to_pending_stage(
        self, request: HttpRequest, stage: LoginStage
    ) -> HttpResponseRedirect | None:
        if not stage.login.signup:
            return super()._redirect_to_pending_stage(request, stage)
        clear_login(request)
        return None


sign_up = SignupView.as_view()
log_in = LoginView.as_view()


@never_cache
@require_safe
def choices(request: HttpRequest) -> HttpResponse:
    """The organizations that the typed words may mean, as a piece of the page."""
    if not allow(f"find:{sender_of(request)}", LOOKS_PER_MINUTE, MINUTE):
        sentence = _("That was a lot in a short time. Wait a minute and try again.")
        return HttpResponse(sentence, status=429, content_type="text/plain; charset=utf-8")
    form = ChoicesForm(initial={name: request.GET.get(name, "") for name in TYPED})
    return render(request, "account/_choices.html", {"form": form})


def _token_in(address: str) -> str:
    """The token, where the address is that of an invitation."""
    try:
        match = resolve(address)
    except (Resolver404, Http404):
        return ""
    token = str(match.kwargs.get("token", "")) if match.view_name == "accounts:invitation" else ""
    return token if len(token) <= TOKEN_MAX_CHARS else ""


def _invitation(token: str) -> Invitation | None:
    if not token:
        return None
    usable = Invitation.objects.usable().select_related("organization")
    return usable.filter(token_hash=hash_of(token)).first()
