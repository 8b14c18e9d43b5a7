"""Which registers can be asked here."""

from django.conf import settings

from accounts.models import Organization
from accounts.registers.answers import RegisterAnswer, Source
from accounts.registers.krs import OpenKrs


def source_of(register: str) -> Source | None:
    """What answers for the register; None where only a person can look into it."""
    if register == Organization.Register.KRS and settings.KRS_LOOKUP_URL:
        return OpenKrs(settings.KRS_LOOKUP_URL)
    return None


def lookup(register: str, number: str) -> RegisterAnswer | None:
    """What the register says of the number; None where it cannot be asked.

    Takes up to some seconds: for background jobs only.
    """
    source = source_of(register)
    return source.lookup(number) if source and number else None
