"""What a register may answer, and what something that asks one looks like."""

from dataclasses import asdict, dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Facts:
    """What the register says. No names of people: the decision does not need them kept."""

    name: str
    number: str
    legal_form: str = ""
    nip: str = ""
    regon: str = ""
    address: str = ""
    representation: str = ""  # how the organization is represented, as it is written there
    is_opp: bool = False
    as_of: str = ""  # the day the answer holds for, as the register writes it

    def as_json(self) -> dict[str, object]:
        return {"outcome": "found", **asdict(self)}


@dataclass(frozen=True, slots=True)
class NotFound:
    """The register has no such number."""

    def as_json(self) -> dict[str, object]:
        return {"outcome": "not_found"}


@dataclass(frozen=True, slots=True)
class Unavailable:
    """The register gave no answer that can be read; `why` is for the log."""

    why: str

    def as_json(self) -> dict[str, object]:
        return {"outcome": "unavailable"}


RegisterAnswer = Facts | NotFound | Unavailable


class Source(Protocol):
    """Something that can be asked for a number."""

    def lookup(self, number: str) -> RegisterAnswer:
        """What the register says of the number. Raises: nothing, whatever the register does."""
        ...
