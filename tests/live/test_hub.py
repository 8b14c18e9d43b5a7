"""The hub alone: fake sockets, a stream in memory, the real channel layer."""

import asyncio
import logging
import threading
import time
from typing import Any

import pytest
from channels.layers import get_channel_layer

from forum.live.hub import MAX_UNSENT_BYTES
from tests.live.probes import FakePage, MemoryStream, hint, running, until


def now(seq: int, pk: int = 1) -> dict[str, Any]:
    return {"type": "now", "stream": f"memory.{pk}", "seq": seq}


def change(seq: int, pk: int = 1, html: dict[str, str] | None = None) -> dict[str, Any]:
    message: dict[str, Any] = {"type": "change", "stream": f"memory.{pk}", "seq": seq}
    return message if html is None else {**message, "html": html}


async def test_a_join_is_answered_with_the_number_now(memory: MemoryStream) -> None:
    async with running() as hub:
        page = FakePage(hub)
        await page.join("memory.1")
        assert page.frames == [now(17)]


async def test_a_change_reaches_its_listeners_and_nobody_else(memory: MemoryStream) -> None:
    memory.numbers[2] = 1
    async with running() as hub:
        page, other, idle = FakePage(hub), FakePage(hub), FakePage(hub)
        await page.join("memory.1")
        await other.join("memory.2")
        await hint(change(18, html={"pl": "<p>po polsku</p>", "en": "<p>in English</p>"}))
        await until(lambda: len(page.frames) == 2)
        assert page.frames[1] == {**change(18), "html": "<p>po polsku</p>"}
        assert other.frames == [now(1, pk=2)]
        assert idle.frames == []


async def test_many_numbers_in_one_message_reach_each_their_own(memory: MemoryStream) -> None:
    memory.numbers[2] = 1
    async with running() as hub:
        page, other = FakePage(hub), FakePage(hub)
        await page.join("memory.1")
        await other.join("memory.2")
        await hint({"type": "numbers", "numbers": {"memory.1": 18, "memory.2": 2, "memory.3": 9}})
        await until(lambda: len(page.frames) == len(other.frames) == 2)
        assert (page.frames[1], other.frames[1]) == (change(18), change(2, pk=2))


async def test_several_changes_in_one_message_come_in_their_order(memory: MemoryStream) -> None:
    async with running() as hub:
        page = FakePage(hub)
        await page.join("memory.1")
        some = [{"type": "change", "stream": "memory.1", "seq": seq} for seq in (18, 19)]
        other = {"type": "numbers", "numbers": {"memory.1": 20}}
        await hint({"type": "several", "messages": [*some, {"type": "a later release's"}, other]})
        await until(lambda: len(page.frames) == 4)
        assert page.frames[1:] == [change(18), change(19), change(20)]


async def test_a_change_comes_in_each_pages_language_or_without_html(
    memory: MemoryStream,
) -> None:
    async with running() as hub:
        polish, english = FakePage(hub, language="pl"), FakePage(hub, language="en")
        for page in (polish, english):
            await page.join("memory.1")
        await hint(change(18, html={"en": "short"}))  # the Polish text was above the limit
        await until(lambda: len(english.frames) == 2 and len(polish.frames) == 2)
        assert english.frames[1]["html"] == "short"
        assert "html" not in polish.frames[1]


async def test_a_change_between_the_reading_and_the_answer_is_in_the_answer(
    memory: MemoryStream,
) -> None:
    """Join first, then read: the change that passes meanwhile must not fall in between."""
    reading, go_on = threading.Event(), threading.Event()

    def pause() -> None:
        reading.set()
        go_on.wait(5)

    memory.before_read = pause
    async with running() as hub:
        page = FakePage(hub)
        joining = asyncio.create_task(page.join("memory.1"))
        await asyncio.to_thread(reading.wait, 5)
        await hint(change(18, html={"pl": "not yet allowed"}))
        await until(lambda: page.socket.waiting == {"memory.1": 18})
        assert page.frames == []
        go_on.set()
        await joining
        assert page.frames == [now(18)]


async def test_who_may_not_listen_is_refused_and_hears_nothing(memory: MemoryStream) -> None:
    memory.forbidden.add((None, 1))
    async with running() as hub:
        page = FakePage(hub)
        await page.join("memory.1", "memory.404", "unknown.1")
        assert {(f["type"], f["stream"]) for f in page.frames} == {
            ("refused", "memory.1"),
            ("refused", "memory.404"),
            ("refused", "unknown.1"),
        }
        memory.numbers[2] = 1
        await page.join("memory.2")
        await hint(change(18))
        await hint(change(2, pk=2))
        await until(lambda: len(page.frames) == 5)
        assert page.frames[3:] == [now(1, pk=2), change(2, pk=2)]


async def test_a_thousand_joins_cost_few_readings(memory: MemoryStream) -> None:
    async with running() as hub:
        pages = [FakePage(hub) for _ in range(1_000)]
        began = time.monotonic()
        await asyncio.gather(*(page.join("memory.1") for page in pages))
        assert time.monotonic() - began < 5
        assert memory.reads <= 20
        assert all(page.frames == [now(17)] for page in pages)
        await hint(change(18))
        await until(lambda: all(len(page.frames) == 2 for page in pages))


async def test_telling_a_thousand_pages_leaves_turns_for_others(memory: MemoryStream) -> None:
    async with running() as hub:
        pages = [FakePage(hub) for _ in range(1_000)]
        await asyncio.gather(*(page.join("memory.1") for page in pages))
        told_when_others_ran = []

        async def other() -> None:
            while len(pages[-1].frames) < 2 or not all(len(p.frames) == 2 for p in pages):
                told_when_others_ran.append(sum(len(page.frames) == 2 for page in pages))
                await asyncio.sleep(0)

        await asyncio.gather(hint(change(18)), other())
        assert any(0 < told < 1_000 for told in told_when_others_ran)


async def test_a_lost_hint_is_healed_by_the_heartbeat(memory: MemoryStream) -> None:
    async with running(heartbeat_seconds=0.05) as hub:
        page = FakePage(hub)
        await page.join("memory.1")
        memory.numbers[1] = 18
        await until(lambda: len(page.frames) == 2)
        assert page.frames[1] == now(18)
        assert hub.counts.healed == 1


async def test_whoever_joins_hides_no_lost_hint_from_the_others(memory: MemoryStream) -> None:
    async with running(heartbeat_seconds=0.2) as hub:
        page, later = FakePage(hub), FakePage(hub)
        await page.join("memory.1")
        memory.numbers[1] = 18  # and nobody was told
        await later.join("memory.1")
        assert later.frames == [now(18)]
        await until(lambda: page.frames[1:] == [now(18)])


async def test_a_hint_that_came_is_not_told_again_by_the_heartbeat(memory: MemoryStream) -> None:
    async with running(heartbeat_seconds=0.05) as hub:
        page = FakePage(hub)
        await page.join("memory.1")
        memory.numbers[1] = 18
        await hint(change(18))
        before = memory.reads
        await until(lambda: memory.reads >= before + 3)
        assert [frame["type"] for frame in page.frames] == ["now", "change"]


async def test_the_heartbeat_costs_one_reading_for_all_streams_of_a_kind(
    memory: MemoryStream,
) -> None:
    memory.numbers = dict.fromkeys(range(1, 41), 1)
    async with running(heartbeat_seconds=0.05) as hub:
        page = FakePage(hub)
        await page.join(*(f"memory.{pk}" for pk in memory.numbers))
        asked = memory.reads
        memory.numbers = dict.fromkeys(memory.numbers, 2)
        await until(lambda: len(page.frames) == 80)
        assert memory.reads - asked <= 2


async def test_a_stream_that_is_gone_is_refused(memory: MemoryStream) -> None:
    async with running(heartbeat_seconds=0.05) as hub:
        page = FakePage(hub)
        await page.join("memory.1")
        del memory.numbers[1]
        await until(lambda: len(page.frames) == 2)
        assert page.frames[1] == {"type": "refused", "stream": "memory.1"}


async def test_a_page_that_does_not_read_is_closed_and_the_others_hear_on(
    memory: MemoryStream,
) -> None:
    async with running() as hub:
        slow, quick = FakePage(hub), FakePage(hub)
        for page in (slow, quick):
            await page.join("memory.1")
        slow.unsent = MAX_UNSENT_BYTES + 1
        await hint(change(18))
        await until(lambda: len(quick.frames) == 2)
        assert slow.code == 4013
        assert len(slow.frames) == 1
        assert hub.counts.too_slow == 1
        assert slow.socket not in hub.register.sockets


async def test_a_page_that_fails_does_not_keep_a_change_from_the_others(
    memory: MemoryStream, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_: str) -> None:
        raise RuntimeError("no transport")

    async with running() as hub:
        bad, good = FakePage(hub), FakePage(hub)
        for page in (bad, good):
            await page.join("memory.1")
        bad.socket.send = broken
        await hint(change(18))
        await until(lambda: len(good.frames) == 2)
        assert bad.code == 4012


async def test_the_hub_survives_a_layer_that_fails(
    memory: MemoryStream, caplog: pytest.LogCaptureFixture
) -> None:
    layer: Any = get_channel_layer()
    receive, failures = layer.receive, iter([ConnectionError("Redis is away")] * 2)

    async def failing(channel: str) -> Any:
        for failure in failures:
            raise failure
        return await receive(channel)

    layer.receive = failing
    async with running() as hub:
        page = FakePage(hub)
        await page.join("memory.1")
        await until(lambda: hub.is_listening and hub.counts.restarts == 2)
        await hint(change(18))
        await until(lambda: len(page.frames) == 2)
    assert "starts again" in caplog.text


async def test_a_message_nobody_understands_does_no_harm(
    memory: MemoryStream, caplog: pytest.LogCaptureFixture
) -> None:
    async with running() as hub:
        page = FakePage(hub)
        await page.join("memory.1")
        await hint({"type": "change"})
        await hint({"type": "from a newer version"})
        await hint(change(18))
        await until(lambda: len(page.frames) == 2)
        assert hub.counts.restarts == 0


async def test_a_database_that_is_away_sends_pages_to_come_back(
    memory: MemoryStream, caplog: pytest.LogCaptureFixture
) -> None:
    def away() -> None:
        raise OSError("the database is away")

    memory.before_read = away
    async with running() as hub:
        page = FakePage(hub)
        await page.join("memory.1")
        assert page.code == 4012
        memory.before_read = lambda: None
        later = FakePage(hub)
        await later.join("memory.1")
        assert later.frames == [now(17)]


def test_the_log_is_quiet_in_ordinary_work(
    memory: MemoryStream, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        async with running(heartbeat_seconds=0.02) as hub:
            page = FakePage(hub)
            await page.join("memory.1")
            await hint(change(18))
            await until(lambda: len(page.frames) == 2)

    with caplog.at_level(logging.WARNING):
        asyncio.run(scene())
    assert caplog.records == []
