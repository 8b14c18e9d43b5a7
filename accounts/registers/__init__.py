"""What public registers say of an organization: asked in the background, never waited for.

    match lookup(register, number):
        case Facts(): ...         what the register says
        case NotFound(): ...      the register answered that there is no such number
        case Unavailable(): ...   the register did not answer, or not sensibly
        case None: ...            this register cannot be asked; a person looks into it

Source: docs/decisions/0027-verification.md.
"""

from accounts.registers.answers import Facts, NotFound, RegisterAnswer, Source, Unavailable
from accounts.registers.krs import OpenKrs
from accounts.registers.opening import lookup, source_of

__all__ = [
    "Facts",
    "NotFound",
    "OpenKrs",
    "RegisterAnswer",
    "Source",
    "Unavailable",
    "lookup",
    "source_of",
]
