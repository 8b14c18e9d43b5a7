"""What every request of a member passes: the note that they were here, and the staff doors."""

import time
from collections.abc import Callable
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts import second_factor as factors
from accounts.models import User
from forum.lib.redirects import see_other
from forum.lib.remembered import Remembered
from forum.operation import maintenance

Handler = Callable[[HttpRequest], HttpResponseBase]

NOTED_EVERY = timedelta(minutes=10)

# Which sessions this process asked the cache about in a minute: else each page would ask it.
_asked = Remembered[bool](2_000)


def last_seen(get_response: Handler) -> Handler:
    """Note at most every ten minutes that a session is in use, for the list of sessions."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        # Guests have no session cookie: they must not cost a query here.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            _note(request)
        return response

    return middleware


def _note(request: HttpRequest) -> None:
    assert isinstance(request.user, User)
    if maintenance.current() or _has_just_logged_in(request.user):
        return  # nobody writes; or the login itself was noted
    if key := request.session.session_key:
        minute = int(time.time()) // 60
        _asked.get((key, minute), lambda: _note_once(request, key))


def _note_once(request: HttpRequest, key: str) -> bool:
    if cache.add(f"seen:{key}", 1, timeout=int(NOTED_EVERY.total_seconds())):
        UserSession.objects.create_from_request(request)
    return True


def _has_just_logged_in(member: User) -> bool:
    return member.last_login is not None and timezone.now() - member.last_login < NOTED_EVERY


def second_factor(get_response: Handler) -> Handler:
    """Lead staff without a second factor from the staff doors to where it is set up."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_view(
        request: HttpRequest, _view: object, _args: object, _kwargs: object
    ) -> HttpResponse | None:
        match = request.resolver_match
        name = match.view_name if match else ""
        if not name.startswith(settings.STAFF_DOORS):
            return None
        if not isinstance(request.user, User) or not factors.is_missing(request.user):
            return None
        # A form cannot be sent again by an address: afterwards the member starts from the page.
        back = request.get_full_path() if request.method == "GET" else "/"
        page = reverse("accounts:second_factor_needed")
        return see_other(f"{page}?{urlencode({'next': back})}")

    middleware.process_view = process_view  # type: ignore[attr-defined]  # Django's hook
    return middleware
