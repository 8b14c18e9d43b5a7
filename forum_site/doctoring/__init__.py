"""What `manage.py doctor` looks at, and what it says about it.

Each look gives findings: what was looked at, how it is, and, where something is wrong, what to do.
Source: docs/decisions/0044-operation.md.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

PATIENCE_S = 8.0  # for every answer of another machine


class State(StrEnum):
    """How it is: well, worth knowing, or broken."""

    WELL = "ok"
    NOTICE = "notice"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    state: State
    how: str
    do: str = ""


Look = Callable[[], Iterator[Finding]]


def well(what: str, how: str) -> Finding:
    return Finding(what, State.WELL, how)


def notice(what: str, how: str, do: str) -> Finding:
    return Finding(what, State.NOTICE, how, do)


def fault(what: str, how: str, do: str) -> Finding:
    return Finding(what, State.FAULT, how, do)
