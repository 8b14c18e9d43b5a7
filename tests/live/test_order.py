"""Changes that two processes tell in the wrong order reach a page in the right one."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from forum.live import hub as hubs
from tests.live.probes import FakePage, MemoryStream, hint, running, until


def change(seq: int, html: str | None = None) -> dict[str, Any]:
    message: dict[str, Any] = {"type": "change", "stream": "memory.1", "seq": seq}
    return message if html is None else {**message, "html": {"pl": html}}


async def tell(*seqs: int) -> None:
    """Other processes tell these changes, in this order."""
    for seq in seqs:
        await hint(change(seq, html=f"<p>{seq}</p>"))


@pytest.fixture
async def page(memory: MemoryStream, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakePage]:
    """A page that listens, of a hub that waits as long as it must."""
    monkeypatch.setattr(hubs, "ORDER_SECONDS", 60)
    async with running() as hub:
        page = FakePage(hub)
        await page.join("memory.1")
        yield page


def numbers(page: FakePage) -> list[int]:
    return [frame["seq"] for frame in page.frames]


async def test_what_came_too_early_waits_for_what_is_ahead_of_it(page: FakePage) -> None:
    await tell(20, 19, 22, 18)
    await until(lambda: len(page.frames) == 4)
    assert numbers(page) == [17, 18, 19, 20]  # 22 waits for 21
    told = [frame.get("html") for frame in page.frames[1:]]
    assert told == ["<p>18</p>", "<p>19</p>", "<p>20</p>"]
    await tell(21)
    await until(lambda: len(page.frames) == 6)
    assert numbers(page)[4:] == [21, 22]


async def test_what_never_comes_is_not_waited_for_long(
    page: FakePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "ORDER_SECONDS", 0.05)
    await tell(20, 19)
    await until(lambda: len(page.frames) == 3)
    assert numbers(page) == [17, 19, 20]  # and the page asks for what it missed
    await tell(18, 21)
    await until(lambda: len(page.frames) == 5)
    assert numbers(page)[3:] == [18, 21]
    assert page.hub._releasing == set()


async def test_a_page_that_is_loaded_anew_waits_for_nothing(
    page: FakePage, memory: MemoryStream
) -> None:
    """What passed while nobody listened for a moment is known: the next one is in its turn."""
    again = FakePage(page.hub)
    page.hub.register.leave(page.socket)
    memory.numbers[1] = 18
    await tell(18)
    await until(lambda: page.hub._known["memory.1"] == 18)
    await again.join("memory.1")
    await tell(19)
    await until(lambda: numbers(again) == [18, 19])


async def test_a_fault_in_one_that_waited_does_not_take_the_others(
    page: FakePage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = page.hub._tell_change

    async def fails_once(stream: str, seq: int, html: dict[str, str]) -> None:
        if seq == 19:
            raise ValueError(seq)
        await real(stream, seq, html)

    monkeypatch.setattr(hubs, "ORDER_SECONDS", 0.05)
    monkeypatch.setattr(page.hub, "_tell_change", fails_once)
    await tell(19, 21)
    await until(lambda: numbers(page) == [17, 21])
    assert "could not be told" in caplog.text


async def test_a_number_without_text_waits_for_nothing(page: FakePage) -> None:
    """The page has to ask for it anyhow."""
    await hint(change(20))
    await until(lambda: numbers(page) == [17, 20])


async def test_a_text_that_waits_passes_no_doubt_of_rights(page: FakePage) -> None:
    """Where rights changed meanwhile, the number alone is told until all are judged again."""
    await tell(19)
    await until(lambda: page.hub._early)
    page.hub._is_unjudged = True
    await tell(18)
    await until(lambda: len(page.frames) == 3)
    assert page.frames[1:] == [change(18), change(19)]


async def test_a_hub_that_ends_drops_what_waits(page: FakePage) -> None:
    await tell(19)
    await until(lambda: page.hub._early)
    await page.hub.stop()
    assert (page.hub._early, page.hub._releasing) == ({}, set())
