"""Kept pages in tests: turned on and off, and compared without what is of one answer only."""

import re
from collections.abc import Callable

import pytest
from django.core.cache import caches

MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"}
NOTHING = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
# What is of one answer only, wherever it stands.
OF_ONE_ANSWER = (
    re.compile(r'(csrfmiddlewaretoken" value=")\w+'),
    re.compile(r'(nonce=")[\w-]+'),
    re.compile(r'(name="once" value=")[\w-]{36}'),
)

Turn = Callable[[bool], None]


@pytest.fixture
def sharing(settings) -> Turn:
    """Turns keeping on and off; on, to begin with."""

    def turn(on: bool) -> None:
        settings.CACHES = {**settings.CACHES, "pages": MEMORY if on else NOTHING}

    turn(True)
    caches["pages"].clear()
    return turn


def plain(response) -> str:
    """The page's HTML, but for what is of this answer only."""
    assert response.status_code == 200
    html = response.content.decode()
    assert "\0" not in html
    for own in OF_ONE_ANSWER:
        html = own.sub(r"\1", html)
    return html
