"""What every page knows: the site's name and who reads it."""

from functools import partial

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import VerificationCase
from forum.moderation.queue import waiting_for
from forum.notifications.bell import bell_of


def frame(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)
    return {
        "site_name": settings.SITE_NAME,
        "languages": settings.LANGUAGES,
        "viewer_id": user.pk if user is not None and user.is_authenticated else "",
        "debug": settings.DEBUG,
        # Asked once, where the template of the bell does: for members.
        "bell": SimpleLazyObject(partial(bell_of, user or AnonymousUser())),
        # Counted only where the template asks: for staff.
        "cases_waiting": lambda: VerificationCase.objects.waiting().count(),
        # What waits at the desk, asked where the template does: for whoever moderates.
        "desk": SimpleLazyObject(partial(waiting_for, user or AnonymousUser())),
    }
