"""Numbers of Polish registers: read as people write them, kept as digits, checked where one can.

Source: stdnum.pl (check digits of NIP and REGON); a KRS number has none.
"""

import re
from collections.abc import Callable

from stdnum.exceptions import ValidationError
from stdnum.pl import nip as stdnum_nip
from stdnum.pl import regon as stdnum_regon

KRS_DIGITS = 10
# Spaces and dashes of every kind. No dots: a spreadsheet's 532412.0 is no number of anybody.
_BETWEEN_DIGITS = re.compile(r"[\s\u2010-\u2015-]+")


def krs(text: str) -> str:
    """The ten digits; leading zeros that a spreadsheet took away come back. Raises: ValueError."""
    digits = _bare(text, "KRS")
    if not digits.isascii() or not digits.isdigit() or len(digits) > KRS_DIGITS or not int(digits):
        raise ValueError("not a KRS number")
    return digits.zfill(KRS_DIGITS)


def nip(text: str) -> str:
    """The ten digits, the last of which checks the others. Raises: ValueError."""
    return _checked(stdnum_nip.validate, _bare(text, "NIP"))


def regon(text: str) -> str:
    """The nine digits, or the fourteen of a local unit. Raises: ValueError."""
    return _checked(stdnum_regon.validate, _bare(text, "REGON"))


def bare_number(text: str) -> str:
    """A number of any other register: without the spaces round it and double ones in it."""
    return re.sub(r"\s+", " ", text).strip()


def digits_of(text: str) -> str:
    """The digits where the text is one number and nothing else, else an empty text."""
    digits = _BETWEEN_DIGITS.sub("", text)
    return digits if digits.isascii() and digits.isdigit() else ""


def _bare(text: str, name: str) -> str:
    """Without separators, and without the register's own name before the number."""
    return _BETWEEN_DIGITS.sub("", text).upper().removeprefix(name).lstrip(":")


def _checked(validate: Callable[[str], str], text: str) -> str:
    try:
        return validate(text)
    except ValidationError as error:
        raise ValueError("the check digit does not fit") from error
