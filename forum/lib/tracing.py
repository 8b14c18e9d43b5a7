"""What a line of the log belongs to: a request or a job, by a name of its own."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_name: ContextVar[str] = ContextVar("trace", default="")


def new() -> str:
    """A name for a request: 16 characters that nobody guesses."""
    return secrets.token_hex(8)


def current() -> str:
    """The name of what is being done; empty outside of requests and jobs."""
    return _name.get()


@contextmanager
def named(name: str) -> Iterator[None]:
    """Everything logged inside belongs to this request or job."""
    mark = _name.set(name)
    try:
        yield
    finally:
        _name.reset(mark)
