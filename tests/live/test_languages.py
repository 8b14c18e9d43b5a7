"""A push is rendered for whoever listens to its kind of stream, whichever process they are at."""

import asyncio
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.utils import translation

from forum.live import languages, streams
from forum.live.announcing import _in_every_language
from forum.live.languages import Heard
from tests.live.probes import FakePage, MemoryStream, running, until


@pytest.fixture(autouse=True)
def nothing_is_known() -> Iterator[None]:
    cache.clear()
    for known in (languages._said, languages._answers):
        known.clear()
    yield
    for known in (languages._said, languages._answers):
        known.clear()


def rendered() -> list[str]:
    asked: list[str] = []
    _in_every_language("thread.1", lambda: asked.append(translation.get_language() or "") or "x")
    return asked


def test_nothing_is_rendered_for_nobody() -> None:
    assert rendered() == []
    languages.say(Heard("category", "pl"))
    assert rendered() == []  # of threads
    languages.say(Heard("thread", "pl"))
    assert rendered() == ["pl"]


def test_what_another_process_hears_is_known_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr(languages, "_now", lambda: now[0])
    assert languages.wanted("thread.1") == []
    languages.say(Heard("thread", "en"))
    languages._said.clear()  # as in the process that did not say it
    assert languages.wanted("thread.1") == []  # asked a moment ago
    now[0] += languages.ASKED_AGAIN_SECONDS
    assert languages.wanted("thread.1") == ["en"]
    cache.clear()  # as after the last of them went and a minute passed
    now[0] += languages.ASKED_AGAIN_SECONDS
    assert languages.wanted("thread.1") == []


def test_a_process_says_it_again_while_they_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr(languages, "_now", lambda: now[0])
    english = Heard("thread", "en")
    languages.say(english)
    assert languages.is_said(english)
    now[0] += languages.SAID_AGAIN_SECONDS
    assert not languages.is_said(english)
    assert languages.SAID_AGAIN_SECONDS < languages.KEPT_SECONDS


@pytest.mark.django_db(transaction=True)
async def test_whoever_joins_is_rendered_for_at_once() -> None:
    stream = MemoryStream()
    stream.numbers[1] = 17
    streams.register(stream)
    try:
        async with running(heartbeat_seconds=0.05) as hub:
            await FakePage(hub, language="pl").join("memory.1")
            assert languages.wanted("memory.1") == ["pl"]
            await FakePage(hub, language="en").join("memory.1")
            assert languages.is_said(Heard("memory", "en"))
            languages._said.clear()  # as a while later
            await until(lambda: languages.is_said(Heard("memory", "en")))  # the heartbeat
    finally:
        streams._kinds.pop("memory")


@pytest.mark.django_db(transaction=True)
async def test_whoever_is_refused_is_rendered_for_nowhere() -> None:
    """Names that a page invents would fill the cache."""
    async with running(heartbeat_seconds=0.05) as hub:
        page = FakePage(hub)
        await page.join("invented.1", "thread.1")
        await until(lambda: len(page.frames) == 2)
        await asyncio.sleep(0.2)  # a heartbeat or two
    assert languages._said == {}


@pytest.mark.django_db(transaction=True)
async def test_a_cache_that_fails_sends_no_page_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a cache that may only be read")

    stream = MemoryStream()
    stream.numbers[1] = 17
    streams.register(stream)
    monkeypatch.setattr(languages.cache, "set", fail)
    try:
        async with running(heartbeat_seconds=0.05) as hub:
            page = FakePage(hub)
            await page.join("memory.1")
            await until(lambda: hub.register.listeners("memory.1") != [] and bool(page.frames))
            await asyncio.sleep(0.2)
            assert hub.counts.restarts == 0
            assert languages.wanted("memory.1") == ["pl"]
    finally:
        streams._kinds.pop("memory")
