"""The open interface of the National Court Register: the current extract as JSON, by number.

It needs no key, knows no search by name, hides the data of persons, and is down at times.
Source: the Ministry's description at prs.ms.gov.pl (OdpisAktualny, registers P and S).
"""

import json
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from accounts.registers.answers import Facts, NotFound, RegisterAnswer, Unavailable

TIMEOUT_S = 5
MAX_BYTES = 1024 * 1024
PIECE_BYTES = 16 * 1024
NUMBER_DIGITS = 10
# Associations and foundations first: they are nearly all of ours. Then entrepreneurs.
PARTS = ("S", "P")


class _NoAnswer(Exception):
    """What came back is no answer; says why."""


@dataclass(frozen=True, slots=True)
class OpenKrs:
    """Asks the interface at `base_url`, which ends before `/OdpisAktualny`."""

    base_url: str
    timeout_s: float = TIMEOUT_S

    def lookup(self, number: str) -> RegisterAnswer:
        """What the extract says; both parts of the register are asked.

        Raises: nothing, whatever comes back. Units: at most `timeout_s` for each part.
        """
        if not (number.isascii() and number.isdigit() and len(number) == NUMBER_DIGITS):
            return NotFound()
        try:
            for part in PARTS:
                extract = self._extract(number, part)
                if extract is not None:
                    return _facts(extract, number)
        except (OSError, HTTPException, ValueError, RecursionError, _NoAnswer) as error:
            return Unavailable(f"{type(error).__name__}: {error}")
        return NotFound()

    def _extract(self, number: str, part: str) -> Any:
        """The JSON of the extract, or None where the part has no such number."""
        address = urlsplit(self.base_url)
        kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
        connection = kind(address.hostname or "", address.port, timeout=self.timeout_s)
        path = f"{address.path}/OdpisAktualny/{number}?rejestr={part}&format=json"
        try:
            ends_at = time.monotonic() + self.timeout_s
            connection.request("GET", path, headers={"Accept": "application/json"})
            answer = connection.getresponse()
            if answer.status in (204, 404):
                return None
            # http.client follows no redirect: one is an answer we do not take.
            if answer.status != 200:
                raise _NoAnswer(f"status {answer.status}")
            return json.loads(_read(answer, ends_at))
        finally:
            connection.close()


def _read(answer: Any, ends_at: float) -> bytes:
    """The body, unless it is too large or comes too slowly."""
    body = b""
    # read1 returns with what is there, so that drops of a slow sender are counted in time.
    while piece := answer.read1(PIECE_BYTES):
        body += piece
        if len(body) > MAX_BYTES:
            raise _NoAnswer("too large")
        if time.monotonic() > ends_at:
            raise _NoAnswer("too slow")
    return body


def _facts(extract: Any, number: str) -> Facts:
    """What we keep of the extract. Raises: _NoAnswer where it is not about this number."""
    head = _part(extract, "odpis", "naglowekA")
    first = _part(extract, "odpis", "dane", "dzial1")
    entity = _part(first, "danePodmiotu")
    if _text(head, "numerKRS") != number or not _text(entity, "nazwa"):
        raise _NoAnswer("not an extract of this number")
    ids = _part(entity, "identyfikatory")
    return Facts(
        name=_text(entity, "nazwa"),
        number=number,
        legal_form=_text(entity, "formaPrawna"),
        nip=_text(ids, "nip"),
        regon=_short_regon(_text(ids, "regon")),
        address=_address(_part(first, "siedzibaIAdres", "adres")),
        representation=_representation(_part(extract, "odpis", "dane", "dzial2")),
        is_opp=entity.get("czyPosiadaStatusOPP") is True,
        as_of=_text(head, "stanZDnia"),
    )


def _part(thing: Any, *names: str) -> dict[str, Any]:
    """The part of that name inside the thing; an empty one where there is none."""
    for name in names:
        thing = thing.get(name) if isinstance(thing, dict) else None
    return thing if isinstance(thing, dict) else {}


def _text(part: dict[str, Any], name: str) -> str:
    value = part.get(name)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _short_regon(regon: str) -> str:
    """Nine digits: the register writes fourteen, with zeros for the organization itself."""
    return regon[:9] if regon.endswith("00000") else regon


def _address(part: dict[str, Any]) -> str:
    house = "/".join(filter(None, (_text(part, "nrDomu"), _text(part, "nrLokalu"))))
    street = " ".join(filter(None, (_text(part, "ulica"), house)))
    town = " ".join(filter(None, (_text(part, "kodPocztowy"), _text(part, "miejscowosc"))))
    return ", ".join(filter(None, (street, town)))


def _representation(second: dict[str, Any]) -> str:
    found = second.get("reprezentacja")
    bodies = found if isinstance(found, list) else [found]
    told = (_text(_part(body), "sposobReprezentacji") for body in bodies)
    return " ".join(filter(None, told))
