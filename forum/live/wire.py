"""The words of the live protocol: frames, close codes, and what a page may ask.

Source: docs/decisions/0002-hub.md.
"""

import json
import re
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from forum.live.presence import Shown

PK_END = 10**18
STREAM_NAME = r"[a-z]{1,20}\.[0-9]{1,18}"
_STREAM_NAME = re.compile(STREAM_NAME)


class Close(IntEnum):
    """Why the server closes a socket. The server below refuses to send codes under 3000."""

    NOT_UNDERSTOOD = 4000  # the page broke the protocol: coming back would not help
    LOGGED_OUT = 4001  # or suspended: the page offers to reload
    RIGHT_LOST = 4003
    COME_BACK = 4012  # the server restarts or cannot read its database
    TOO_SLOW = 4013
    TOO_MANY = 4029


@dataclass(frozen=True, slots=True)
class Wish:
    """What a page asks: streams to join and to leave; and where its member writes.

    `writing` gives for a stream the pk of an organization, 0 for one's own voice, or None where the
    member stopped.
    """

    join: tuple[str, ...] = ()
    leave: tuple[str, ...] = field(default=())
    writing: dict[str, int | None] = field(default_factory=dict)


def read_wish(text: str) -> Wish | None:
    """The page's wish; None where the text is not of the protocol."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    join, leave = data.get("join", {}), data.get("leave", [])
    writing = data.get("writing", {})
    if not (isinstance(join, dict) and isinstance(leave, list) and isinstance(writing, dict)):
        return None
    names = [*join, *leave, *writing]
    if not all(isinstance(name, str) and _STREAM_NAME.fullmatch(name) for name in names):
        return None
    if not all(voice is None or _is_pk(voice) for voice in writing.values()):
        return None
    return Wish(tuple(join), tuple(leave), writing)


def now(stream: str, seq: int) -> str:
    """The stream's current number: the answer to a join, and the truth after a loss."""
    return _frame(type="now", stream=stream, seq=seq)


def change(stream: str, seq: int, html: str | None) -> str:
    """A change as it happens; without html the page reads it through the changes door."""
    parts: dict[str, Any] = {"type": "change", "stream": stream, "seq": seq}
    return _frame(**parts) if html is None else _frame(**parts, html=html)


def refused(stream: str) -> str:
    """The viewer may not listen to this stream, or it is gone."""
    return _frame(type="refused", stream=stream)


def presence(stream: str, shown: Shown, without: int | None = None) -> str:
    """Who reads and writes there now, as told to a member, whose own writing is no news to them."""
    voices = [
        {"name": voice.name, "organization": voice.is_organization}
        for voice in shown.voices(without)
    ]
    return _frame(
        type="presence", stream=stream, readers=shown.readers, more=shown.is_more, writing=voices
    )


def _is_pk(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < PK_END


def _frame(**parts: Any) -> str:
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
