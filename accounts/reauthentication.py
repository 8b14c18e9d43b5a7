"""Proof that the person at the keyboard is the member, asked again before what matters.

    @login_required
    @recently_authenticated
    def decide(request, pk): ...

Whoever has a second factor proves it by that, others by the password or a code sent by e-mail. A
login within the last half hour counts. Where the proof is asked for in the middle of a POST, the
form is kept and sent on afterwards, but not its files: put the decorator on the page with the form
as well, so that the proof comes before the typing.
Source: docs/decisions/0024-second-factor.md.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypedDict

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core.exceptions import ReauthenticationRequired
from allauth.core.internal.cryptokit import compare_user_code
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import second_factor
from accounts.models import User
from accounts.requests import MemberRequest
from forum.lib.limits import allow

STATE = "accounts_reauthentication"  # in the session
CODE_VALID_S = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT
TRIES = 3  # for one code, as at the login
CODES = ((3, timedelta(minutes=1)), (20, timedelta(hours=1)))  # to one member
MAIL = "account/email/reauthentication_code"
BY_SECOND_FACTOR = "mfa"

View = Callable[..., HttpResponseBase]


class Method(TypedDict):
    """One way to prove it, as allauth describes them."""

    id: str
    description: str
    url: str


class _State(TypedDict):
    code: str
    at: float
    tries: int


def recently_authenticated(view: View) -> View:
    """Let the view be reached only within half an hour of a login or of a proof given anew.

    Goes below `login_required`. Raises: ReauthenticationRequired, which allauth's middleware turns
    into a redirect to the page of proof, and back.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        demand_proof(request)
        return view(request, *args, **kwargs)

    return guarded


def demand_proof(request: HttpRequest) -> None:
    """The same inside a view, where the thing itself says who must prove who they are.

    Raises: ReauthenticationRequired.
    """
    if not is_recent(request):
        raise ReauthenticationRequired


def is_recent(request: HttpRequest) -> bool:
    """Whether this session proved lately who it belongs to, by the strongest way there then was.

    Whoever has just set up a second factor proved it before by something else. Queries: one.
    """
    if not isinstance(request.user, User):
        return False
    begun = second_factor.has_since(request.user)
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(
        record["at"] > since
        and (record["method"] == BY_SECOND_FACTOR or begun is None or record["at"] <= begun)
        for record in get_authentication_records(request, request.user)
    )


def methods_of(user: User, known: list[Method]) -> list[Method]:
    """The ways open to the member, the first by default, out of those that allauth knows.

    A password or a mailbox would be the weaker proof beside a second factor: then neither counts.
    """
    strong = [method for method in known if method["id"].startswith(BY_SECOND_FACTOR)]
    by_code: Method = {
        "id": "reauthenticate_by_code",
        "description": "",
        "url": reverse("accounts:reauthenticate_by_code"),
    }
    names = {
        "reauthenticate": _("With the password"),
        "mfa_reauthenticate": _("With the authenticator app or a recovery code"),
        "mfa_reauthenticate:webauthn": _("With a passkey"),
        "reauthenticate_by_code": _("With a code sent by e-mail"),
    }
    open_ways = strong or [*known, by_code]
    return [{**method, "description": names[method["id"]]} for method in open_ways]


def send_code(request: MemberRequest) -> bool:
    """Send a new code to the member; False where too many were sent."""
    for limit, window in CODES:
        if not allow(f"reauthentication:{request.user.pk}", limit, window):
            return False
    adapter = get_adapter(request)
    code = adapter.generate_login_code()
    state: _State = {"code": code, "at": time.time(), "tries": 0}
    request.session[STATE] = state
    adapter.send_mail(MAIL, request.user.email, {"user": request.user, "code": code})
    return True


def waits_for_code(request: HttpRequest) -> bool:
    """Whether a code was sent that still counts."""
    state: _State | None = request.session.get(STATE)
    return (
        state is not None and state["tries"] < TRIES and time.time() - state["at"] <= CODE_VALID_S
    )


def try_code(request: MemberRequest, code: str) -> bool:
    """Whether this is the code that was sent; if so, the proof is recorded."""
    if not waits_for_code(request):
        return False
    state: _State = request.session[STATE]
    if not compare_user_code(actual=code, expected=state["code"]):
        request.session[STATE] = state | {"tries": state["tries"] + 1}
        return False
    del request.session[STATE]
    record_authentication(request, request.user, method="code", reauthenticated=True)
    return True
