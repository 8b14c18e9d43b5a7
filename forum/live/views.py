"""The doors of the live room that speak HTTP: what changed since, and a word to stray visitors."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from forum.live import rules, streams


@require_safe
def sockets_only(request: HttpRequest) -> HttpResponse:
    """The address of the socket, asked for as a page."""
    return HttpResponse(
        _("This address is for live updates of open pages."),
        status=426,
        headers={"Upgrade": "websocket", "Connection": "Upgrade"},
        content_type="text/plain; charset=utf-8",
    )


@require_safe
@never_cache
def changes(request: HttpRequest, stream: str) -> JsonResponse:
    """What changed in the stream since the number the page has; polling pages live on this."""
    since = request.GET.get("since", "")
    if not (since.isascii() and since.isdecimal() and len(since) <= 18):
        return _error(_("Say since which number, for example ?since=17."), 400)
    found = streams.find(stream)
    if found is None or not rules.may_listen(request.user, stream):
        return _error(_("There is nothing here that you may read."), 404)
    kind, pk = found
    try:
        changed = kind.changes(pk, int(since))
    except ObjectDoesNotExist:
        return _error(_("There is nothing here that you may read."), 404)
    return JsonResponse(
        {"stream": stream, "seq": changed.seq, "html": changed.html, "more": changed.more}
    )


def _error(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)
