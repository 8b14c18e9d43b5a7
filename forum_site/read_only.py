"""Maintenance as visitors meet it: everybody reads, nobody writes, nothing typed is lost.

The banner is put into the finished page: pages that are kept for many readers, pages of the
administration and pages of packages get it alike, and no template has to know of it.
Source: docs/decisions/0044-operation.md.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.core.files.uploadhandler import StopUpload
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from forum.operation import maintenance
from forum.operation.maintenance import ReadOnly, State
from forum_site.middleware import Handler

SAFE = {"GET", "HEAD", "OPTIONS"}
# Whoever sits at somebody else's computer must be able to leave.
ALWAYS = {"account_logout"}
RETRY_S = 300
WRITES = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|REPLACE|TRUNCATE|CREATE|ALTER|DROP)\b", re.IGNORECASE
)
BODY = re.compile(rb"<body[^>]*>")
# What is never shown again, and what nobody typed.
NOT_SHOWN = re.compile(r"csrf|password|code|secret|token|once|version|format|next", re.IGNORECASE)
TYPED_MIN_CHARS = 2
LINE_CHARS = 70

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


def read_only(get_response: Handler) -> Handler:
    """During maintenance: answer what would write with 503 and the text, mark every page."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        state = maintenance.current()
        if state is None:
            return get_response(request)
        if request.method not in SAFE:
            return (
                get_response(request) if _is_always_open(request) else _given_back(request, state)
            )
        # A page that the browser kept has no banner, or one that is over.
        request.META.pop("HTTP_IF_NONE_MATCH", None)
        request.META.pop("HTTP_IF_MODIFIED_SINCE", None)
        with _nothing_is_written():
            response = get_response(request)
        return _with_banner(response, state)

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, ReadOnly):
            return None
        return _given_back(request, maintenance.current() or State("", None))

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # Django's hook
    return middleware


def _is_always_open(request: HttpRequest) -> bool:
    try:
        return resolve(request.path_info).view_name in ALWAYS
    except Resolver404:
        return False


def _nothing_is_written() -> AbstractContextManager[None]:
    """Refuses statements that write; whatever a page would do beside being read."""

    def refuse(execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if WRITES.match(sql):
            raise ReadOnly
        return execute(sql, params, many, context)

    return connection.execute_wrapper(refuse)


def _given_back(request: HttpRequest, state: State) -> HttpResponse:
    """503: why, until when, and what was typed, ready to be copied."""
    sentence = sentence_of(state)
    headers = {"Retry-After": str(RETRY_S), "Cache-Control": "no-store"}
    if request.headers.get("X-Fragment"):
        return JsonResponse({"refusal": sentence}, status=503, headers=headers)
    context = {
        "sentence": sentence,
        "typed": list(_typed(request)),
        "has_files": _has_files(request),
    }
    answer = render(request, "read_only.html", context, status=503)
    for name, value in headers.items():
        answer.headers[name] = value
    return answer


def _typed(request: HttpRequest) -> Iterator[tuple[str, bool]]:
    """The texts of the form in their order, each with whether it takes more than a line; without
    what must not be shown."""
    try:
        sent = request.POST
    except (MultiPartParserError, RequestDataTooBig, TooManyFieldsSent, StopUpload, OSError):
        return
    for name in sent:
        for value in sent.getlist(name):
            text = value.strip()
            if not NOT_SHOWN.search(name) and len(text) >= TYPED_MIN_CHARS and not text.isdigit():
                yield text, len(text) > LINE_CHARS or "\n" in text


def _has_files(request: HttpRequest) -> bool:
    return "multipart" in (request.content_type or "") and bool(request.FILES)


def sentence_of(state: State) -> str:
    """What visitors read: that nothing can be written, why, and until when."""
    parts = [_("The forum is being maintained: you can read everything, but not write.")]
    if state.reason:
        parts.append(state.reason if state.reason[-1] in ".!?" else f"{state.reason}.")
    if state.until and state.until > timezone.now():
        local = timezone.localtime(state.until)
        is_today = local.date() == timezone.localdate()
        shown = date_format(local, "H:i" if is_today else "j E, H:i")
        parts.append(_("We expect to be done by %(time)s.") % {"time": shown})
    return " ".join(parts)


def _with_banner(response: HttpResponseBase, state: State) -> HttpResponseBase:
    is_page = "text/html" in response.headers.get("Content-Type", "")
    if response.streaming or not is_page or not isinstance(response, HttpResponse):
        return response
    found = BODY.search(response.content)
    if found:
        banner = render_to_string("components/_read_only.html", {"sentence": sentence_of(state)})
        page = response.content
        response.content = page[: found.end()] + banner.encode() + page[found.end() :]
        for name in ("ETag", "Last-Modified"):
            response.headers.pop(name, None)
        response.headers["Cache-Control"] = "no-store"
        if "Content-Length" in response.headers:
            response.headers["Content-Length"] = str(len(response.content))
    return response
