"""E-mail addresses in a pasted list, whatever stands between them."""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

ADDRESS_MAX_CHARS = 254
SHOWN_MAX_CHARS = 60  # of a word that is no address, in the sentence about it
# Between two entries; a comma only where it is not inside the name before <…>.
ENTRY_ENDS = re.compile(r"[\n\r;\t]+")
NAMED = re.compile(r"<([^<>]*)>")
QUOTES = "\"'„”“"


@dataclass(slots=True)
class AddressList:
    """The addresses, each once and in small letters, and what looked like one but is none."""

    addresses: list[str] = field(default_factory=list)
    junk: list[str] = field(default_factory=list)

    def add(self, word: str) -> None:
        address = word.strip().strip(QUOTES).removeprefix("mailto:").lower()
        if not address:
            return
        if not _is_address(address):
            self.junk.append(word.strip()[:SHOWN_MAX_CHARS])
        elif address not in self.addresses:
            self.addresses.append(address)


def parse_addresses(text: str) -> AddressList:
    """The addresses of a list with commas, semicolons, tabs or lines, with names or without.

    Raises: nothing; `Kowalska, Anna <anna@example.org>` is one entry, its name is left out.
    """
    found = AddressList()
    for entry in ENTRY_ENDS.split(text):
        end = 0
        for named in NAMED.finditer(entry):
            _add_bare(found, entry[end : named.start()], before_a_name=True)
            found.add(named[1])
            end = named.end()
        _add_bare(found, entry[end:], before_a_name=False)
    return found


def _add_bare(found: AddressList, text: str, *, before_a_name: bool) -> None:
    """A part without <…>: words beside an address, and all words before <…>, are names."""
    for part in text.split(","):
        addresses = [word for word in part.split() if "@" in word]
        for address in addresses:
            found.add(address)
        if not addresses and not before_a_name:
            found.add(part)


def _is_address(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return len(address) <= ADDRESS_MAX_CHARS
