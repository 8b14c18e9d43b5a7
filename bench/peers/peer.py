"""What a forum must offer to be measured beside ours."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

MEMBERS = 40  # who read and write by turns
UNIQUE = "@unique@"  # in the body of a reply: the load program puts another word there each time


@dataclass(frozen=True, slots=True)
class Reply:
    """A post as a browser would send it: where to, with which headers, saying what."""

    path: str
    headers: dict[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the same things are found in a forum; a cookie stands for a member who is logged in."""

    thread: str
    threads: list[str]  # others of the same size
    last_page: str
    category: str
    search: str
    members: list[str]
    replies: list[Reply]
    post_mark: str  # a regular expression that fits once in each post of a page


@dataclass(frozen=True, slots=True)
class Running:
    """A forum that answers. The processes are those under (and with) the pid."""

    port: int
    pid: int
    addresses: Addresses
    log: Callable[[], str] = field(repr=False)


class Peer(Protocol):
    """A forum that can be installed, filled and started."""

    @property
    def name(self) -> str: ...

    @property
    def served_by(self) -> str:
        """By which server, with how many processes."""

    def install(self) -> None:
        """Put it into its directory, where it is not there yet."""

    def seed(self, texts: Path) -> None:
        """Fill its database with 100,000 posts (conversations.py), where that is not done yet."""

    def forget(self) -> None:
        """Drop what was filled, so that it is filled anew."""

    def running(self) -> AbstractContextManager[Running]:
        """The forum started as for visitors, until the context ends."""
