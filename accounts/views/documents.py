"""The one address of a private document."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from accounts import actions, documents
from accounts.models import CaseEntry
from accounts.requests import MemberRequest
from accounts.views.guards import for_proven_members


@for_proven_members
@require_GET
def document(request: MemberRequest, pk: int) -> HttpResponse:
    """The file, for staff and who sent it; for everybody else there is none."""
    entries = CaseEntry.objects.readable_by(request.user).with_document()
    entry = get_object_or_404(
        entries.select_related("case__organization", "case__opened_by"), pk=pk
    )
    try:
        # Read whole: it is small, and an answer that streams would outlive the rights checked here.
        with entry.document.open() as file:
            kind = documents.content_type(file)
            content = file.read()
    except FileNotFoundError:
        raise Http404 from None
    actions.note_reading(reader=request.user, entry=entry)
    return HttpResponse(
        content,
        content_type=kind or "application/octet-stream",
        headers={
            "Content-Disposition": content_disposition_header(True, entry.document_name),
            **documents.HARMLESS,
        },
    )
