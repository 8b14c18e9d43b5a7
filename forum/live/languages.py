"""The languages that somebody listens in: a push is rendered in no other.

Most hours nobody reads in English, and half of what a push costs would be rendered for no one. Hubs
say what their sockets speak; where that is not known yet, a page gets the number without a text and
fetches it, as it does for texts that are too long.
Source: docs/decisions/0047-cost-of-a-post.md.
"""

import time

from django.conf import settings
from django.core.cache import cache

KEY = "live-language:{}"
KEPT_SECONDS = 60  # after the last word of a hub
SAID_AGAIN_SECONDS = 20
ASKED_AGAIN_SECONDS = 2

_now = time.monotonic
_said: dict[str, float] = {}  # until when this process need not say it again
_answers: dict[str, tuple[float, bool]] = {}  # until when an answer of the cache is good


def is_said(language: str) -> bool:
    """Whether nothing need be said: the forum's own language is always rendered; of another this
    process said not long ago that its sockets speak it."""
    return language == settings.LANGUAGE_CODE or _now() < _said.get(language, 0)


def say(language: str) -> None:
    """Say to all processes that somebody listens in it. Raises: nothing, also without the cache."""
    cache.set(KEY.format(language), True, timeout=KEPT_SECONDS)
    _said[language] = _now() + SAID_AGAIN_SECONDS


def wanted() -> list[str]:
    """The languages to render in: the forum's own, and those that somebody listens in."""
    return [language for language, _ in settings.LANGUAGES if _is_listened_in(language)]


def _is_listened_in(language: str) -> bool:
    if is_said(language):
        return True
    until, answer = _answers.get(language, (0.0, False))
    now = _now()
    if now >= until:
        answer = bool(cache.get(KEY.format(language)))
        _answers[language] = (now + ASKED_AGAIN_SECONDS, answer)
    return answer
