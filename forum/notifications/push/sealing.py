"""What goes over the wire: a text that only the device can read, signed with the forum's own key.

Source: RFC 8291, RFC 8292.
"""

import base64
import binascii
import os
import time
from datetime import timedelta
from functools import lru_cache

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from py_vapid import Vapid02

KEY_BYTES = 65  # an uncompressed point of P-256
SECRET_BYTES = 16
PRIVATE_KEY_BYTES = 32
PAYLOAD_MAX_BYTES = 3000  # every push service takes 4096 with what the encryption adds
SIGNED_FOR = timedelta(hours=12)  # RFC 8292 allows a day


class NotAKey(ValueError):
    """What a browser sent as its key is none."""


def new_private_key() -> str:
    """A new key of the forum, as VAPID_PRIVATE_KEY takes it."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return encode(number.to_bytes(PRIVATE_KEY_BYTES, "big"))


def is_set_up() -> bool:
    """Whether this installation has a key, so that devices can be asked for."""
    return bool(settings.VAPID_PRIVATE_KEY)


def public_key() -> str:
    """The forum's public key as browsers take it; empty without a key.

    Raises: ImproperlyConfigured where VAPID_PRIVATE_KEY is no key.
    """
    if not is_set_up():
        return ""
    return encode(
        _signer(settings.VAPID_PRIVATE_KEY).public_key.public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
    )


def signature(audience: str) -> str:
    """The Authorization header by which a push service knows the forum again.

    Units: good for twelve hours, and for this origin only.
    """
    claims = {
        "aud": audience,
        "exp": int(time.time() + SIGNED_FOR.total_seconds()),
        "sub": settings.VAPID_CONTACT,
    }
    return str(_signer(settings.VAPID_PRIVATE_KEY).sign(claims)["Authorization"])


def seal(payload: bytes, *, key: str, secret: str) -> bytes:
    """The payload, readable by the device with that key and secret only; new at every call.

    Raises: NotAKey.
    """
    assert len(payload) <= PAYLOAD_MAX_BYTES, "too long for a push message"
    return bytes(
        http_ece.encrypt(
            payload,
            salt=os.urandom(16),
            private_key=ec.generate_private_key(ec.SECP256R1()),
            dh=device_key(key),
            auth_secret=device_secret(secret),
            version="aes128gcm",
        )
    )


def device_key(text: str) -> bytes:
    """The public key of a device. Raises: NotAKey for anything that is no point of the curve."""
    given = decode(text)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), given)
    except ValueError as error:
        raise NotAKey("not a point of P-256") from error
    if len(given) != KEY_BYTES:
        raise NotAKey("not an uncompressed point")
    return given


def device_secret(text: str) -> bytes:
    """The secret of a device. Raises: NotAKey where it has not 16 bytes."""
    given = decode(text)
    if len(given) != SECRET_BYTES:
        raise NotAKey("a secret has 16 bytes")
    return given


def encode(given: bytes) -> str:
    """base64url without padding, as all of web push writes bytes."""
    return base64.urlsafe_b64encode(given).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes of such a text; padding is borne. Raises: NotAKey."""
    text = text.rstrip("=")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotAKey("not base64url") from error


@lru_cache(maxsize=4)
def _signer(private_key: str) -> Vapid02:
    wrong = "VAPID_PRIVATE_KEY must be a key made by manage.py make_push_keys"
    try:
        if len(decode(private_key)) != PRIVATE_KEY_BYTES:
            raise ImproperlyConfigured(wrong)
        return Vapid02.from_raw(private_key.encode())
    except ValueError as error:
        raise ImproperlyConfigured(wrong) from error
