"""Keys: strong, private, and fitting."""

import base64
import binascii
import stat
from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseAway
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from forum.lib import sealed
from forum.notifications.push.sealing import public_key
from forum_site.doctoring import Finding, fault, notice, well
from forum_site.environment import SECRET_MIN_CHARS, SECRET_MIN_KINDS

FILE = "secret-key"
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def secret() -> Iterator[Finding]:
    """The key that signs sessions and links."""
    what = "SECRET_KEY"
    key: str = settings.SECRET_KEY
    is_weak = len(key) < SECRET_MIN_CHARS or len(set(key)) < SECRET_MIN_KINDS
    if is_weak or key.startswith("django-insec"):
        yield fault(
            what,
            _("It is short or easy to guess: sessions and links in mails could be forged."),
            _(
                'Make a new one: python3 -c "import secrets; print(secrets.token_urlsafe(48))". '
                "Put the old one into SECRET_KEY_FALLBACKS for a while."
            ),
        )
    else:
        yield well(what, _("It is long enough."))
    kept_in = settings.DATA_DIR / FILE
    if kept_in.is_file() and kept_in.stat().st_mode & OTHERS:
        yield fault(
            what,
            _("Others on this machine may read %(path)s.") % {"path": kept_in},
            f"chmod 600 {kept_in}",
        )


def push() -> Iterator[Finding]:
    """The key by which push services know the forum."""
    what = "VAPID_PRIVATE_KEY"
    try:
        is_set_up = bool(public_key())
    except ImproperlyConfigured:
        yield fault(
            what,
            _("It is no key: no notification reaches a device."),
            _("Take the key that was there before; a new one: manage.py make_push_keys."),
        )
        return
    if is_set_up:
        yield well(what, _("It is a key, and has its public half."))
    else:
        yield notice(
            what,
            _("There is none: members cannot switch on notifications on their devices."),
            _("manage.py make_push_keys makes one."),
        )


def second_factors() -> Iterator[Finding]:
    """Secrets of authenticator apps can be read; who works for the forum has one."""
    what = _("Second factors")
    try:
        totp = Authenticator.objects.filter(type=Authenticator.Type.TOTP)
        broken = sum(1 for each in totp.iterator() if not _is_secret(each.data.get("secret")))
        staff = User.objects.filter(is_staff=True, is_active=True)
        without = staff.exclude(authenticator__isnull=False).count()
    except DatabaseAway:
        return  # told by the look at the database
    if broken:
        yield fault(
            what,
            ngettext(
                "The secret of %(count)s authenticator app cannot be read.",
                "The secrets of %(count)s authenticator apps cannot be read.",
                broken,
            )
            % {"count": broken},
            _(
                "Put the SECRET_KEY they were sealed by into SECRET_KEY_FALLBACKS. Only where it "
                "is lost, take them off in the administration: their owners set them up anew."
            ),
        )
    if without and settings.REQUIRE_SECOND_FACTOR:
        yield notice(
            what,
            ngettext(
                "%(count)s person of the staff has none and cannot pass the staff's doors.",
                "%(count)s people of the staff have none and cannot pass the staff's doors.",
                without,
            )
            % {"count": without},
            _("They set one up at their next visit; ask them to."),
        )
    if not broken and not without:
        yield well(what, _("Everybody of the staff has one."))


def _is_secret(stored: object) -> bool:
    """Whether it opens (docs/decisions/0045-security.md) and is what apps reckon codes from."""
    if not isinstance(stored, str):
        return False
    try:
        opened = sealed.opened(stored)
        base64.b32decode(opened + "=" * (-len(opened) % 8))
    except (binascii.Error, ValueError):  # sealed.Unreadable is a ValueError
        return False
    return bool(opened)
