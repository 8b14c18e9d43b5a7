"""The service worker, at the root: a worker's scope is never wider than its own address."""

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

FILE = "js/service-worker.js"


def _etag(_request: HttpRequest) -> str:
    return f'"{hashlib.sha256(_content()).hexdigest()[:32]}"'


@require_safe
@cache_control(no_cache=True)
@condition(etag_func=_etag)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it again at most once a day and compare the bytes."""
    return HttpResponse(_content(), content_type="text/javascript; charset=utf-8")


@cache
def _content() -> bytes:
    """The file, read once: it changes with the version of the forum only."""
    found = finders.find(FILE)
    assert isinstance(found, str), f"{FILE} is a file of ours"
    return Path(found).read_bytes()
