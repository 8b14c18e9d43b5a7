"""In whose name somebody comes: said before they prove their address, and acted on only after.

What was said waits in the session of this browser together with the address it was said with.
Whoever logs in here with another address gets nothing of it.
Source: docs/decisions/0028-joining.md.
"""

import time
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, TypedDict

from django.db import models
from django.http import HttpRequest

from accounts.models import User

STATE = "accounts_joining"  # in the session
KEPT_FOR = timedelta(hours=2)  # a mail may be slow, and an account may be there already


class Way(models.TextChoices):
    """The answers to the question in whose name somebody comes."""

    PERSON = "person"
    ORGANIZATION = "organization"
    NEW = "new"
    INVITATION = "invitation"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer, with what belongs to it."""

    way: str = Way.PERSON
    organization: int = 0
    name: str = ""
    kind: str = ""
    gmina: str = ""
    is_another: bool = False
    token: str = ""


class _State(TypedDict):
    email: str
    at: float
    next: str
    choice: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """What was said, and the page that was left for it; empty where none was."""

    choice: Choice
    next: str


def keep(request: HttpRequest, *, email: str, choice: Choice, back_to: str) -> None:
    """Remember the answer until the address is proven, whether or not it has an account."""
    state: _State = {
        "email": email.lower(),
        "at": time.time(),
        "next": back_to,
        "choice": asdict(choice),
    }
    request.session[STATE] = state


def take(request: HttpRequest, member: User) -> Kept | None:
    """What this member said in this browser, once; what somebody else said is forgotten."""
    state: _State | None = request.session.pop(STATE, None)
    if state is None or state["email"] != member.email.lower():
        return None
    if time.time() - state["at"] > KEPT_FOR.total_seconds():
        return None
    return Kept(Choice(**state["choice"]), state["next"])
