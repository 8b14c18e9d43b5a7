"""Numbers that say too much of a person, found in a text before it is sent.

A PESEL and an account number carry check digits: what looks like one and does not fit is another
number. A telephone number carries none, so it is known by its shape and by what stands beside it.
Source: docs/decisions/0035-held-texts.md; Act of 24 September 2010 on population records, art. 15.
"""

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

# Hard and thin spaces come from text processors; every hyphen and dash parts groups of digits.
_GAP = "[ \u00a0\u2009\u202f-]"
_DIGITS_ALONE = rf"(?<![\w])(?<!\d{_GAP})"
_ENDS = rf"(?!\w)(?!{_GAP}\d)"
_PESEL = re.compile(rf"{_DIGITS_ALONE}\d{{6}}{_GAP}?\d{{5}}{_ENDS}")
_ACCOUNT = re.compile(
    rf"(?<![\w])(?:(?P<land>[A-Z]{{2}}){_GAP}?)?\d{{2}}(?:{_GAP}?[0-9]{{4}}){{3,6}}(?:{_GAP}?\d{{1,4}})?(?!\w)"
)
_PHONE = re.compile(
    rf"{_DIGITS_ALONE}(?P<land>(?:\+|00){_GAP}?48{_GAP}?)?"
    rf"(?:(?:\(0?\d{{2}}\)|0?\d{{2}}){_GAP}?\d{{3}}{_GAP}?\d{{2}}{_GAP}?\d{{2}}"
    rf"|\d{{3}}{_GAP}?\d{{3}}{_GAP}?\d{{3}}){_ENDS}"
)
# Nine digits that their writer calls something else, or that are an amount of money.
_CALLED = re.compile(r"(?:regon|nip|krs|pesel|nr\s+sprawy)\W{0,3}(?:nr\W{0,3})?$", re.IGNORECASE)
_AMOUNT = re.compile(r"\s?(?:z[łl]|pln|euro?|€|tys|mln|,\d{2}\b)", re.IGNORECASE)
_WORD_BEFORE_CHARS = 24
_PESEL_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
# The century of birth is written into the month.
_CENTURIES = {80: 1800, 0: 1900, 20: 2000, 40: 2100, 60: 2200}
_IBAN_LENGTHS = {"PL": 26, "DE": 20, "CZ": 22, "SK": 22, "LT": 18}


class Kind(Enum):
    """What a number is."""

    PESEL = "pesel"
    ACCOUNT = "account"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Slip:
    """One number found, as its writer wrote it."""

    kind: Kind
    written: str

    @property
    def digits(self) -> str:
        return "".join(filter(str.isdecimal, self.written))


def slips_in(text: str) -> list[Slip]:
    """The numbers in the text that say too much, in its order; each once.

    What is one kind is no other: the digits of an account hold no telephone number.
    """
    found: dict[str, tuple[int, Slip]] = {}
    rest = text
    for kind, find in ((Kind.ACCOUNT, _accounts), (Kind.PESEL, _pesels), (Kind.PHONE, _phones)):
        for place, written in list(find(rest)):
            slip = Slip(kind, written)
            found.setdefault(slip.digits, (place, slip))
            rest = rest[:place] + "x" * len(written) + rest[place + len(written) :]
    return [slip for _place, slip in sorted(found.values(), key=lambda each: each[0])]


def mark_of(slips: Collection[Slip]) -> str:
    """A short word for exactly these numbers: saying yes to them is no yes to others."""
    digits = ",".join(sorted(f"{slip.kind.value}{slip.digits}" for slip in slips))
    return hashlib.sha256(digits.encode()).hexdigest()[:16]


def is_pesel(digits: str) -> bool:
    """Whether the eleven digits are a PESEL: a day that was, and the check digit."""
    weighed = sum(w * int(d) for w, d in zip(_PESEL_WEIGHTS, digits, strict=False))
    if (10 - weighed % 10) % 10 != int(digits[10]):
        return False
    month = int(digits[2:4])
    century = _CENTURIES.get(month - month % 20)
    try:
        date((century or 0) + int(digits[:2]), month % 20, int(digits[4:6]))
    except ValueError:
        return False
    return century is not None


def is_account(land: str, digits: str) -> bool:
    """Whether the digits are an account number of the country. Source: ISO 13616, mod 97-10."""
    if len(digits) != _IBAN_LENGTHS.get(land):
        return False
    letters = "".join(str(ord(letter) - 55) for letter in land)
    return int(digits[2:] + letters + digits[:2]) % 97 == 1


def _accounts(text: str) -> Iterator[tuple[int, str]]:
    for match in _ACCOUNT.finditer(text):
        digits = "".join(filter(str.isdecimal, match[0]))
        if is_account(match["land"] or "PL", digits):
            yield match.start(), match[0]


def _pesels(text: str) -> Iterator[tuple[int, str]]:
    for match in _PESEL.finditer(text):
        if is_pesel("".join(filter(str.isdecimal, match[0]))):
            yield match.start(), match[0]


def _phones(text: str) -> Iterator[tuple[int, str]]:
    for match in _PHONE.finditer(text):
        before = text[max(match.start() - _WORD_BEFORE_CHARS, 0) : match.start()]
        if _CALLED.search(before) or _AMOUNT.match(text, match.end()):
            continue
        digits = "".join(filter(str.isdecimal, match[0]))
        national = digits[-9:]
        # No Polish number begins with 0 or 1; round ones are counted, not called.
        if national[0] not in "01" and not national.endswith("000000"):
            yield match.start(), match[0]
