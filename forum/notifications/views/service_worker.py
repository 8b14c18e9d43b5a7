"""The service worker, at the root: a worker's scope is never wider than its own address."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

FILE = "js/service-worker.js"


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it again at most once a day and compare the bytes."""
    found = finders.find(FILE)
    assert isinstance(found, str), f"{FILE} is a file of ours"
    return HttpResponse(Path(found).read_bytes(), content_type="text/javascript; charset=utf-8")
