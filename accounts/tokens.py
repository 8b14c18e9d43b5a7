"""Secrets in links: long enough that nobody guesses one, kept only as what they hash to."""

import hashlib
import secrets

TOKEN_BYTES = 32
TOKEN_MAX_CHARS = 100  # what an address may hold; ours have 43


def new_token() -> str:
    """A token for a link; it stands nowhere but in the letter."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> str:
    """What is kept of a token. Units: 64 hexadecimal digits.

    A plain hash: unlike a password the token has 256 random bits, there is nothing to try out.
    """
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
