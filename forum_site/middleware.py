"""The frame round every request: headers, the reader's language, refusals as pages."""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from forum.lib.answers import Refused
from forum.live.announcing import recheck

Handler = Callable[[HttpRequest], HttpResponseBase]

NOT_MODIFIED = 304

# What the forum never asks a browser for, so that nothing on its pages can.
NEVER_ASKED = (
    "accelerometer autoplay camera display-capture geolocation gyroscope hid "
    "magnetometer microphone midi payment serial usb xr-spatial-tracking"
)
EVERYWHERE = {
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in NEVER_ASKED.split()),
    "Cross-Origin-Resource-Policy": "same-origin",
    # Also where Django's own middleware is passed by: static files.
    "X-Frame-Options": settings.X_FRAME_OPTIONS,
    # Asked anew each time, kept for this reader alone. Not `no-store`: a browser that goes back
    # must still have the page, with what was typed into it.
    "Cache-Control": "private, no-cache",
}


def security_headers(get_response: Handler) -> Handler:
    """Add the Content-Security-Policy with this response's nonce, and what every response says.

    Source: docs/decisions/0007-csp.md, and 0046-conditional-requests.md for answers without a page.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        nonce = secrets.token_urlsafe(16)
        request.csp_nonce = nonce  # type: ignore[attr-defined]  # read by templates
        response = get_response(request)
        if response.status_code == NOT_MODIFIED:
            # The browser's page goes on under the policy it came with, whose nonce stands in it;
            # and a length would be taken for the page's.
            response.headers.pop("Content-Length", None)
        else:
            response.headers.setdefault("Content-Security-Policy", _policy(nonce))
        for name, value in EVERYWHERE.items():
            response.headers.setdefault(name, value)
        if request.is_secure() and _ends_the_session(response):
            # On a shared computer the next person must not find pages by going back. Texts that
            # are kept for their writer are not in the cache.
            response.headers["Clear-Site-Data"] = '"cache"'
        return response

    return middleware


def _ends_the_session(response: HttpResponseBase) -> bool:
    cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
    return cookie is not None and cookie["max-age"] == 0


def _policy(nonce: str) -> str:
    return "; ".join(
        " ".join([name, *(f"'nonce-{nonce}'" if word == "nonce" else word for word in allowed)])
        for name, allowed in settings.SECURE_CSP.items()
    )


def reader_language(get_response: Handler) -> Handler:
    """Activate the member's language, else the one in the cookie, else Polish.

    The browser's own wish is not asked: the forum speaks Polish first (docs/words.md).
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        # Guests have no session cookie: they must not cost a query here.
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            # Itself from here on: each attribute of Django's stand-in is looked for twice, and a
            # request asks for hundreds.
            request.user = get_user(request)
            if request.user.is_authenticated:
                language = request.user.language
        if language not in dict(settings.LANGUAGES):
            language = settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        # A shared cache must not hand a Polish page to a reader with an English cookie.
        patch_vary_headers(response, ["Cookie"])
        return response

    return middleware


def rights_change_in_the_admin(get_response: Handler) -> Handler:
    """Have open sockets judged again after the admin wrote: categories, mandates, accounts."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method == "POST" and request.path.startswith(reverse("admin:index")):
            recheck()
        return response

    return middleware


def refusals(get_response: Handler) -> Handler:
    """Turn an action's refusal into 403 with the sentence the member reads."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if settings.DEBUG and response.status_code == 404 and "text/html" in _type_of(response):
            # Django's own page for developers would greet whoever tries the forum out.
            return render(request, "404.html", status=404)
        return response

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        sentence = exception.refusal.sentence
        if request.headers.get("X-Fragment"):
            return JsonResponse({"refusal": str(sentence)}, status=403)
        return render(request, "403.html", {"sentence": sentence}, status=403)

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # Django's hook
    return middleware


def _type_of(response: HttpResponseBase) -> str:
    return response.headers.get("Content-Type", "")
