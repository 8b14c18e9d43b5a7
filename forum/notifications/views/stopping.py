"""The link of a mail that stops such mails: a page with one button, or one click in the mail."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from forum.notifications import stop_links
from forum.notifications.actions import reaching


@csrf_exempt  # RFC 8058: mail programs post here without a cookie; the signed address is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Opened it asks, posted to it acts. A mail scanner that follows links stops nothing."""
    found = stop_links.read(token)
    if found is None:
        raise Http404
    if request.method == "POST":
        reaching.stop(stop=found)
    shown = {"stop": found, "is_done": request.method == "POST"}
    with translation.override(found.member.language):
        return render(request, "notifications/stop.html", shown)
