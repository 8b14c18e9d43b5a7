"""How allauth's second factors fit the forum: its names, its words, and how secrets are kept."""

import logging
from base64 import b32encode
from secrets import token_bytes

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from forum.lib import sealed

logger = logging.getLogger(__name__)


class MfaAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_generate_recovery_codes": gettext_lazy(
            "Recovery codes come with an authenticator app or a passkey. Set one up first."
        ),
        "incorrect_code": gettext_lazy(
            "This code is wrong. Wait for the next one, and check the clock of your telephone."
        ),
        "unverified_email": gettext_lazy("Confirm your e-mail address first."),
    }

    def _get_site_name(self) -> str:
        """What authenticator apps and browsers show as the name of the forum."""
        return settings.SITE_NAME

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey %(number)d") % {"number": count + 1}

    def encrypt(self, text: str) -> str:
        """Secrets of authenticator apps and of recovery codes, as they stand in the database."""
        return sealed.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; where its key is gone, one that no code fits.

        An error here would be a fault page at the login; an empty secret would have codes that
        anybody can reckon.
        """
        try:
            return sealed.opened(encrypted_text)
        except sealed.Unreadable:
            logger.error("A second factor was sealed by another SECRET_KEY: no code fits it now")
            return b32encode(token_bytes(20)).decode()
