"""Who gets as far as a view that matters: one place to ask for more than a session."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.views.decorators.cache import never_cache

from accounts import verification_rules
from accounts.reauthentication import recently_authenticated
from accounts.requests import MemberRequest
from forum.lib.answers import demand

View = Callable[..., HttpResponseBase]


def for_members(view: View) -> View:
    """Members only; what they see is never kept by a cache."""
    return never_cache(login_required(view))


def for_proven_members(view: View) -> View:
    """Members who proved lately that they are themselves: before they act for an organization."""
    return for_members(recently_authenticated(view))


def for_desk(view: View) -> View:
    """Staff, who proved lately that they are themselves. Raises: Refused for others."""
    proven = recently_authenticated(view)

    @wraps(view)
    def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        demand(verification_rules.may_work_at_desk(request.user))
        return proven(request, *args, **kwargs)

    return for_members(guarded)
