"""Who gets as far as the desk: staff and elected moderators, who proved lately who they are."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from accounts import second_factor
from accounts.reauthentication import recently_authenticated
from accounts.requests import MemberRequest
from accounts.views.guards import for_members
from forum.lib.answers import demand
from forum.lib.redirects import see_other
from forum.moderation import rules

View = Callable[..., HttpResponseBase]


def for_moderators(view: View) -> View:
    """Moderators with a second factor and a fresh proof. Raises: Refused for others.

    The middleware asks a second factor of staff; whoever was elected is asked here.
    """
    proven = recently_authenticated(view)

    @wraps(view)
    def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        demand(rules.may_moderate(request.user))
        if settings.REQUIRE_SECOND_FACTOR and not second_factor.has(request.user):
            back = request.get_full_path() if request.method == "GET" else "/"
            needed = reverse("accounts:second_factor_needed")
            return see_other(f"{needed}?{urlencode({'next': back})}")
        return proven(request, *args, **kwargs)

    return for_members(guarded)
