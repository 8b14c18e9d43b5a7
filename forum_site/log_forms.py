"""How a line of the log is written: for people, or as JSON; without personal data.

Source: docs/decisions/0044-operation.md.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

from forum.lib import tracing
from forum_site import redacting


class Lines(logging.Formatter):
    """One line for people; a traceback below it."""

    default_time_format = "%Y-%m-%d %H:%M:%S"

    def __init__(self, *, is_redacted: bool = True) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self.is_redacted = is_redacted

    def format(self, record: logging.LogRecord) -> str:
        if not self.is_redacted:
            return super().format(record)
        head = f"{self.formatTime(record)} {record.levelname} {record.name}"
        lines = [" ".join(filter(None, [head, _trace(record), redacting.message(record)]))]
        if record.exc_info and record.exc_info[1]:
            lines.append(stack(record.exc_info[1]))
        return "\n".join(lines)


class JsonLines(logging.Formatter):
    """One JSON object a line: what happened, where, and which request or job it belongs to."""

    def __init__(self, *, is_redacted: bool = True) -> None:
        super().__init__()
        self.is_redacted = is_redacted

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        said: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redacting.message(record) if self.is_redacted else record.getMessage(),
            "trace": _trace(record),
            "view": _view(record),
            **{name: getattr(record, name, None) for name in ("status", "method", "duration_ms")},
            "error": type(error).__name__ if error else "",
            "stack": stack(error) if error else "",
        }
        kept = {name: value for name, value in said.items() if value not in ("", None)}
        return json.dumps(kept, ensure_ascii=False, default=str)


def stack(error: BaseException) -> str:
    """The traceback: our own lines of code, and of each error's words what names nobody."""
    parts, seen = [], set[int]()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = "".join(traceback.format_tb(current.__traceback__))
        parts.append(f"Traceback:\n{frames}{redacting.error(current)}")
        current = current.__cause__ or (
            None if current.__suppress_context__ else current.__context__
        )
    return "\n\n".join(reversed(parts))


def _trace(record: logging.LogRecord) -> str:
    # Django logs some answers after the middleware has ended.
    return tracing.current() or getattr(getattr(record, "request", None), "trace", "")


def _view(record: logging.LogRecord) -> str:
    given = getattr(record, "view", "")
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    return str(given or getattr(match, "view_name", "") or "")
