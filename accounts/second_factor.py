"""Who needs a second factor, and whether they have one.

Source: docs/decisions/0024-second-factor.md.
"""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import QuerySet

from accounts.models import Mandate, User

# Recovery codes stand in for one of these; alone they are none.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has(user: User) -> bool:
    """Whether logging in asks the member for a second factor. Queries: one."""
    return _factors(user).exists()


def has_since(user: User) -> float | None:
    """When the first of them was set up, if there is one. Units: seconds since 1970. Queries: one.

    By the clock of `time.time`, as allauth notes when somebody proved who they are.
    """
    begun = _factors(user).order_by("created_at").values_list("created_at", flat=True).first()
    return None if begun is None else begun.timestamp()


def is_missing(user: User) -> bool:
    """Whether staff doors stay shut to the member for want of one. Queries: 0 or 1."""
    return settings.REQUIRE_SECOND_FACTOR and user.is_staff and not has(user)


def is_missing_for_voice(user: User) -> bool:
    """Whether the member may speak for no organization for want of one. Queries: 0 or 1."""
    return settings.REQUIRE_SECOND_FACTOR_OF_REPRESENTATIVES and not has(user)


def is_advised(user: User) -> bool:
    """Whether to lead the member to setting one up after logging in. Queries: 0 to 2."""
    if is_missing(user):
        return True
    speaks = Mandate.objects.held_by(user).that_speak().current()
    return is_missing_for_voice(user) and speaks.exists()


def _factors(user: User) -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(user=user, type__in=FACTORS)
