"""One page with a rich-text field, under the forum's own policy, and the server that shows it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.test import override_settings
from django.urls import path

from forum.lib import markup
from forum.lib.body_field import BodyForm, body_initial

PAGE = """{% load static i18n %}{% get_current_language as language %}<!doctype html>
<html lang="{{ language }}"><head><meta charset="utf-8"><title>Field</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="{% static 'css/tokens.css' %}">
<link rel="stylesheet" href="{% static 'css/reset.css' %}">
<link rel="stylesheet" href="{% static 'css/base.css' %}">
<link rel="stylesheet" href="{% static 'css/components/button.css' %}">
<link rel="stylesheet" href="{% static 'css/components/field.css' %}">
<link rel="stylesheet" href="{% static 'css/components/editor.css' %}">
<link rel="icon" href="data:,">
{% import_map %}<script type="module" src="{% static 'js/editor/rich-text.js' %}"></script>
</head><body><main><h1>Field</h1><form method="post" id="form">
{% include "components/_body_field.html" with placeholder="Say it" %}
<button class="button primary">Send</button></form></main></body></html>"""


def field(request: HttpRequest) -> HttpResponse:
    """The form, empty or with `source` and `format`; a good POST tells what would be stored."""
    if request.method == "POST":
        form = BodyForm(request.POST)
        if form.is_valid():
            body, written_in = form.cleaned_data["body"], form.cleaned_data["body_format"]
            return JsonResponse({"format": written_in, "html": markup.render(body, written_in)})
    else:
        source = request.GET.get("source", "")
        form = BodyForm(initial=body_initial(source, request.GET.get("format", "markdown")))
    return HttpResponse(engines["django"].from_string(PAGE).render({"form": form}, request))


def no_icon(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)


urlpatterns = [path("", field), path("favicon.ico", no_icon)]

SETTINGS = {
    "ROOT_URLCONF": __name__,
    "ALLOWED_HOSTS": ["*"],
    "MIDDLEWARE": [
        "forum_site.middleware.security_headers",
        "forum_site.middleware.reader_language",
    ],
}


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Quiet."""


class _Server(ThreadedWSGIServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A browser may leave in the middle of an answer."""


@contextmanager
def served() -> Iterator[str]:
    """The address of the page while the context lasts."""
    with override_settings(**SETTINGS):
        server = _Server(("127.0.0.1", 0), _Quiet)
        server.set_app(StaticFilesHandler(WSGIHandler()))
        thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        server.server_close()
        thread.join()
