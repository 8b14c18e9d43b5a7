"""Pages of a list by keyset: the next begins where this one ends, at the same cost anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

T = TypeVar("T")

LARGEST_PK = 2**63 - 1  # of a bigint column


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list; an address is empty where there is no such page."""

    items: Sequence[T]
    later_url: str = ""
    earlier_url: str = ""
    first_url: str = ""
    last_url: str = ""
    number: int = 0  # from 1; 0 where pages are not numbered
    count: int = 0


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def key_of(moment: datetime, pk: int) -> str:
    """The place of a row in a list sorted by time, as text for an address.

    Units: microseconds since 1970, an underscore, the pk.
    """
    return f"{(moment - _EPOCH) // _MICROSECOND}_{pk}"


def parse_key(text: str) -> tuple[datetime, int] | None:
    """The moment and pk that key_of wrote; None for anything else."""
    microseconds, _, pk = text.partition("_")
    try:
        moment, number = _EPOCH + int(microseconds) * _MICROSECOND, int(pk)
    except (ValueError, OverflowError):
        return None
    return (moment, number) if 0 <= number <= LARGEST_PK else None
