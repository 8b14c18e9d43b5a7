"""The languages that somebody listens in to a kind of stream: a push is rendered in no other.

Most hours nobody has a list open, or reads in English, and half of what a push costs would be
rendered for no one. Hubs say what their sockets listen to and speak; where that is not known yet, a
page gets the number without a text and fetches it, as it does for texts that are too long.
Source: docs/decisions/0047-cost-of-a-post.md and 0053-cost-of-a-post-again.md.
"""

import time
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache

KEY = "live-heard:{0.kind}:{0.language}"
KEPT_SECONDS = 60  # after the last word of a hub
SAID_AGAIN_SECONDS = 20
ASKED_AGAIN_SECONDS = 2


class Heard(NamedTuple):
    """A kind of stream, and a language somebody listens to it in."""

    kind: str
    language: str


_now = time.monotonic
_said: dict[Heard, float] = {}  # until when this process need not say it again
_answers: dict[Heard, tuple[float, bool]] = {}  # until when an answer of the cache is good


def heard(stream: str, language: str) -> Heard:
    """What a page that joined this stream hears."""
    return Heard(stream.partition(".")[0], language)


def is_said(what: Heard) -> bool:
    """Whether this process said not long ago that its sockets hear it."""
    return _now() < _said.get(what, 0)


def say(what: Heard) -> None:
    """Say to all processes that somebody hears it. Raises: what the cache raises; this process
    knows it in any case."""
    _said[what] = _now() + SAID_AGAIN_SECONDS
    cache.set(KEY.format(what), True, timeout=KEPT_SECONDS)


def wanted(stream: str) -> list[str]:
    """The languages to render a change of this stream in: those that somebody listens in."""
    return [
        language for language, _ in settings.LANGUAGES if _is_listened_to(heard(stream, language))
    ]


def _is_listened_to(what: Heard) -> bool:
    if is_said(what):
        return True
    until, answer = _answers.get(what, (0.0, False))
    now = _now()
    if now >= until:
        answer = bool(cache.get(KEY.format(what)))
        _answers[what] = (now + ASKED_AGAIN_SECONDS, answer)
    return answer
