"""What the programs that fill the Django peers have in common."""

import json
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from bench.peers.conversations import Texts
from bench.peers.peer import UNIQUE

BATCH = 1_000
TOKEN = "a" * 32  # a CSRF token is whatever cookie and form have in common
T = TypeVar("T")


def in_batches(rows: Iterable[T], write: Callable[[list[T]], Any]) -> None:
    """Write rows as they come, a thousand at a time."""
    waiting: Iterator[T] = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        write(batch)


def log_in(user: Any) -> str:
    """The cookies of a member who has logged in."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={TOKEN}"


def reply_text(texts: Texts, number: int) -> str:
    """What is written: one of the texts, and a word that makes it another one each time."""
    return f"{texts.sources[number % len(texts.sources)]} {UNIQUE}"


def form(path: str, cookie: str, **fields: str) -> dict[str, Any]:
    """A reply sent as a plain form."""
    return {
        "path": path,
        "headers": {
            "Cookie": cookie,
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/x-www-form-urlencoded",
        },
        "body": urlencode(fields, safe=UNIQUE),
    }


def tell(path: Path, **addresses: object) -> None:
    """Leave the addresses (peer.Addresses) where the program that started this one finds them."""
    path.write_text(json.dumps(addresses))
