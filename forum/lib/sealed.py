"""Short secrets as they may stand in the database: sealed by the forum's own key.

Who has a copy of the database alone cannot read them; who has SECRET_KEY as well can. Earlier keys
(SECRET_KEY_FALLBACKS) still open what they sealed, until `sealed_anew` has gone over it.
Source: docs/decisions/0045-security.md.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"forum.lib.sealed"


class Unreadable(ValueError):
    """It was sealed by a key that is not known any more, or was changed since."""


def seal(text: str) -> str:
    """The text, sealed: other letters each time. AES-128-CBC with HMAC-SHA256 (Fernet)."""
    return _key(settings.SECRET_KEY).encrypt(text.encode()).decode()


def opened(sealed: str) -> str:
    """The text again. Raises: Unreadable."""
    try:
        return _all_keys().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def sealed_anew(sealed: str) -> str | None:
    """The same sealed by the key of today; None where it is already. Raises: Unreadable."""
    try:
        _key(settings.SECRET_KEY).decrypt(sealed.encode())
    except InvalidToken:
        return seal(opened(sealed))
    return None


def _all_keys() -> MultiFernet:
    return MultiFernet(
        [_key(each) for each in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _key(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return Fernet(urlsafe_b64encode(derived))
