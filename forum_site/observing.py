"""The outermost layer round Django: each request gets a name, is counted, and told to the log."""

import logging
import re
import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseServerError
from django.template import loader

from forum.lib import tracing
from forum_site.metrics import REQUESTS
from forum_site.middleware import Handler

HEADER = "X-Request-ID"
GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
METHODS = {"GET", "HEAD", "POST"}
NO_VIEW = "none"

logger = logging.getLogger("forum.requests")


def requests(get_response: Handler) -> Handler:
    """Name the request, count it by its view, and write one line (LOG_LEVEL=INFO) without its path.

    The name comes from the proxy where one is trusted; it goes back in X-Request-ID and stands on
    the page of a fault, so that a member can tell it.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        trace = _given(request) or tracing.new()
        request.trace = trace  # type: ignore[attr-defined]  # for the log and for the page of a fault
        began = time.perf_counter()
        with tracing.named(trace):
            response = get_response(request)
            _note(request, response.status_code, time.perf_counter() - began)
        response.headers[HEADER] = trace
        return response

    return middleware


def _given(request: HttpRequest) -> str:
    given = request.headers.get(HEADER, "") if settings.ALLAUTH_TRUSTED_PROXY_COUNT else ""
    return given if GIVEN.fullmatch(given) else ""


def _note(request: HttpRequest, status: int, seconds: float) -> None:
    match = request.resolver_match
    view = (match.view_name if match else "") or NO_VIEW
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(view, method, status).observe(seconds)
    what = {"view": view, "method": method, "status": status, "duration_ms": round(seconds * 1000)}
    logger.info("request", extra=what)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of a fault, made of as little as possible: what broke may be anything."""
    page = loader.get_template("500.html")
    trace = getattr(request, "trace", "") or tracing.current()
    return HttpResponseServerError(page.render({"trace": trace}))
