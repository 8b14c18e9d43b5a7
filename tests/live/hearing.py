"""Somebody listens, though no page is open: what is announced is rendered for them."""

from collections.abc import Iterator
from contextlib import contextmanager

from forum.live import languages
from forum.live.languages import Heard


@contextmanager
def heard(*kinds: str, spoken: tuple[str, ...] = ("pl",)) -> Iterator[None]:
    """Streams of these kinds are listened to in these languages."""
    for kind in kinds:
        for language in spoken:
            languages.say(Heard(kind, language))
    try:
        yield
    finally:
        languages._said.clear()
