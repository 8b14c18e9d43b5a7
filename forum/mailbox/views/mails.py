"""One's own mails to the forum: what became of each, and what it said."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.requests import MemberRequest
from forum.mailbox import listing
from forum.mailbox.models import Inbound

# Whatever is in it, it can start nothing here.
SANDBOX = "sandbox; default-src 'none'"


@login_required
@require_GET
def mails(request: MemberRequest) -> HttpResponse:
    """Everything the member sent, the last first."""
    page = listing.page_of(request.user, request.GET.get("before", ""), request.path)
    return render(request, "mailbox/mails.html", {"page": page})


@login_required
@require_GET
def mail(request: MemberRequest, pk: int) -> HttpResponse:
    """One mail: what became of it and why, what was taken of it, and all that it said."""
    own = Inbound.objects.sent_by(request.user).select_related("member", "thread")
    found = get_object_or_404(own, pk=pk)
    context = {
        "mail": found,
        "post": listing.post_of(found),
        "draft": listing.draft_of(found),
        "held": found.held,
    }
    return render(request, "mailbox/mail.html", context)


@login_required
@require_GET
@never_cache
def original(request: MemberRequest, pk: int) -> HttpResponse:
    """The mail as it came, to be opened in a mail program; for its writer only."""
    found = get_object_or_404(Inbound.objects.sent_by(request.user).exclude(original=""), pk=pk)
    try:
        with found.original.open("rb") as file:
            content = file.read()
    except FileNotFoundError:
        raise Http404 from None
    headers = {
        "Content-Disposition": f'attachment; filename="mail-{found.pk}.eml"',
        "Content-Security-Policy": SANDBOX,
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type="message/rfc822", headers=headers)
