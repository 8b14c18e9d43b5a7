"""Attached files: the door that hands them out, and those of the page's script while one writes."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.requests import MemberRequest
from forum.discussions.actions import attaching
from forum.discussions.drafts import ContextConverter
from forum.discussions.forms import description_in
from forum.discussions.models import Attachment
from forum.lib import uploads
from forum.lib.answers import Refusal
from forum.lib.limits import allow

MINUTE = timedelta(minutes=1)
# Whatever the file is, it can start nothing here: no script, no form, no page of ours.
SANDBOX = "sandbox; default-src 'none'"

Door = Callable[..., HttpResponse]


@require_safe
def attachment(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The file, for those who may read its post, asked each time: a withdrawal holds at once."""
    found = get_object_or_404(Attachment.objects.readable_by(request.user), key=key)
    etag = quote_etag(found.key.hex)  # what is kept under a key never changes
    response = get_conditional_response(request, etag=etag)
    if response is None or response.status_code != 304:
        response = _handed_out(found)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def members_only(view: Door) -> Door:
    """For the page's script: who is logged out gets the sentence, not the login page."""

    @require_POST
    @wraps(view)
    def wrapped(request: HttpRequest, **kwargs: object) -> HttpResponse:
        if not isinstance(request.user, User):
            return _said(_("You are logged out. Log in again in another tab."), 401)
        return view(request, **kwargs)

    return wrapped


@members_only
def upload(request: MemberRequest) -> HttpResponse:
    """One file for a text that is being written; the answer is its line in the list."""
    context, file = request.POST.get("context", ""), request.FILES.get("file")
    if file is None or not re.fullmatch(ContextConverter.regex, context):
        return _said(_("No file arrived. Choose it again."), 422)
    if not may_go_on(request.user):
        return _said(_("That was a lot in a short time. Wait a minute and attach it again."), 429)
    judged = uploads.judge(file, settings.ATTACHMENT_MAX_BYTES)
    if isinstance(judged, Refusal):
        return _said(str(judged.sentence), 422)
    kept = attaching.upload(uploader=request.user, context=context, file=judged)
    html = render_to_string("discussions/_attached_file.html", {"file": kept})
    return JsonResponse({"key": str(kept.key), "html": html}, status=201)


@members_only
def describe(request: MemberRequest, key: UUID) -> HttpResponse:
    """What a picture shows, in words, kept while the text is written."""
    alt = description_in(request.POST.get("alt", ""))
    attaching.describe(uploader=request.user, alts={key: alt})
    return JsonResponse({"alt": alt})


@members_only
def discard_attachment(request: MemberRequest, key: UUID) -> HttpResponse:
    """One's own file taken out of a text that is not sent yet; a second time is no harm."""
    attaching.discard(uploader=request.user, keys=[key])
    return JsonResponse({})


def may_go_on(user: User) -> bool:
    """Whether the member may attach one more file in this minute."""
    return allow(f"attach:{user.pk}", settings.ATTACHMENTS_PER_MINUTE, MINUTE)


def _handed_out(found: Attachment) -> HttpResponse:
    """In one piece: it is bounded, and a file streamed under ASGI would be read ahead anyway."""
    response = HttpResponse(content_type=found.content_type)
    disposition = content_disposition_header(not found.is_image, found.name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    if settings.FILES_X_ACCEL:
        response.headers["X-Accel-Redirect"] = f"{settings.FILES_X_ACCEL}{found.file.name}"
        return response
    with found.file.open("rb") as file:
        response.content = file.read()
    return response


def _said(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"refusal": sentence}, status=status)
