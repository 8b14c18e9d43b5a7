"""What the tests of the second factor share: an authenticator app, and a member who has one."""

import time

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value

from accounts.models import User

SECRET = "JBSWY3DPEHPK3PXP"
PERIOD_S = 30


def app_shows(secret: str = SECRET, *, periods_later: int = 0) -> str:
    """The six digits that an app with this secret shows now, as RFC 6238 has it."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD_S + periods_later))


def wrong_digits() -> str:
    near = {app_shows(periods_later=shift) for shift in (-1, 0, 1)}
    return next(f"{number:06}" for number in range(9) if f"{number:06}" not in near)


def give_app(member: User) -> list[str]:
    """The member has an authenticator app; their recovery codes."""
    TOTP.activate(member, SECRET)
    return RecoveryCodes.activate(member).get_unused_codes()
