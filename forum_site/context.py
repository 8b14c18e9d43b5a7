"""What every page knows: the site's name and who reads it."""

from django.conf import settings
from django.http import HttpRequest

from accounts.models import VerificationCase


def frame(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)
    return {
        "site_name": settings.SITE_NAME,
        "languages": settings.LANGUAGES,
        "viewer_id": user.pk if user is not None and user.is_authenticated else "",
        "debug": settings.DEBUG,
        # Counted only where the template asks: for staff.
        "cases_waiting": VerificationCase.objects.waiting().count,
    }
