"""A few whole numbers as a short signed word that runs out: for mail addresses and links.

Small letters and digits only, since mail servers may change the case of an address. The word of
three ordinary numbers has some 35 characters (docs/decisions/0036-mail-in.md).
"""

import base64
import binascii
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.utils.crypto import salted_hmac

SINCE = date(2026, 1, 1)  # days are counted from here, and take two bytes for a century and more
SIGNATURE_BYTES = 10
DAY_BYTES = 2
WORD_MAX_CHARS = 100  # longer ones are not even looked at
NUMBER_MAX = 2**63 - 1  # of a key


@dataclass(frozen=True, slots=True)
class Signed:
    """What a word said: its numbers, and the first moment at which it holds no more."""

    numbers: tuple[int, ...]
    ends_at: datetime

    def has_ended(self, now: datetime) -> bool:
        return now >= self.ends_at


def sign(salt: str, numbers: Sequence[int], *, now: datetime, holds_for: timedelta) -> str:
    """The word for these numbers; it holds at least so long, until the end of a day.

    The same numbers give the same word all day. Raises: nothing; numbers must not be negative.
    """
    last_day = (now.astimezone(UTC) + holds_for).date()
    body = (last_day - SINCE).days.to_bytes(DAY_BYTES, "big")
    body += b"".join(_packed(number) for number in numbers)
    return _word(body + _signature(salt, body, settings.SECRET_KEY))


def read(salt: str, word: str) -> Signed | None:
    """What the word says, also where it has ended; None where it was not signed here for this use.

    Keys of SECRET_KEY_FALLBACKS count as well, so that a new key cuts nobody off.
    """
    raw = _raw(word)
    if raw is None or len(raw) <= DAY_BYTES + SIGNATURE_BYTES:
        return None
    body, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(hmac.compare_digest(_signature(salt, body, key), signature) for key in keys):
        return None
    numbers = _unpacked(body[DAY_BYTES:])
    if numbers is None:
        return None
    last_day = SINCE + timedelta(days=int.from_bytes(body[:DAY_BYTES], "big"))
    after = last_day + timedelta(days=1)
    return Signed(numbers, datetime(after.year, after.month, after.day, tzinfo=UTC))


def _signature(salt: str, body: bytes, key: str) -> bytes:
    mac = salted_hmac(f"forum.signed_numbers.{salt}", body, secret=key, algorithm="sha256")
    return mac.digest()[:SIGNATURE_BYTES]


def _word(raw: bytes) -> str:
    return base64.b32encode(raw).decode("ascii").rstrip("=").lower()


def _raw(word: str) -> bytes | None:
    if not word.isascii() or not 0 < len(word) <= WORD_MAX_CHARS:
        return None
    try:
        raw = base64.b32decode(word.upper() + "=" * (-len(word) % 8))
    except (binascii.Error, ValueError):
        return None
    # The last letter has bits to spare: only the spelling that was given out counts.
    return raw if _word(raw) == word.lower() else None


def _packed(number: int) -> bytes:
    """Seven bits a byte, the lowest first; the eighth bit says that more follow."""
    assert 0 <= number <= NUMBER_MAX
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _unpacked(packed: bytes) -> tuple[int, ...] | None:
    numbers, number, shift = [], 0, 0
    for byte in packed:
        number |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            numbers.append(number)
            number, shift = 0, 0
    return tuple(numbers) if not shift else None
