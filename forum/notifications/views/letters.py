"""The weekly letter as the adviser sees it before it goes out."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.requests import MemberRequest
from accounts.views.guards import for_desk
from forum.lib.shown_mail import as_page
from forum.notifications import delivering_letters, letter_writing, stop_links
from forum.notifications.letter_writing import Letter
from forum.notifications.mail_styles import inline
from forum.notifications.mail_writing import FOLDER, absolute
from forum.notifications.models import Channels


@for_desk
@require_GET
def preview(request: MemberRequest) -> HttpResponse:
    unwanted = Channels.objects.filter(by_letter=False).values("user")
    readers = User.objects.filter(is_active=True).exclude(pk__in=unwanted)
    last = delivering_letters.last_day(timezone.now())
    shown = {
        "letter": _letter(request.user),
        "next_at": delivering_letters.moment_of(last + delivering_letters.WEEK),
        "readers_count": readers.count(),
    }
    return render(request, "notifications/desk_letter.html", shown)


@for_desk
@require_GET
@xframe_options_sameorigin
def preview_mail(request: MemberRequest) -> HttpResponse:
    """The mail itself, for the frame of the page above."""
    stop_url = absolute(stop_links.letter_url(request.user))
    context = {
        "site_name": settings.SITE_NAME,
        **letter_writing.shown_of(_letter(request.user), stop_url),
    }
    return as_page(inline(render_to_string(f"{FOLDER}/weekly.html", context)))


def _letter(adviser: User) -> Letter:
    """The adviser's own letter of today; nobody else's can be looked at."""
    waiting = delivering_letters.waiting_for_letter(adviser)
    today = timezone.localdate() + timedelta(days=1)
    return letter_writing.compose(adviser, waiting, delivering_letters.since(adviser, today))
