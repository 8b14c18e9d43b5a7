"""Announcing: after the commit, in every language, never at the cost of the action."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from channels.layers import channel_layers, get_channel_layer
from django.db import transaction
from django.test import override_settings
from django.utils import translation

from accounts.models import User
from forum.live import announcing
from forum.live.announcing import (
    HTML_MAX_BYTES,
    MOST_AT_ONCE,
    announce,
    announce_numbers,
    kick,
    publish,
    recheck,
)
from tests.live.hearing import heard

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """What reached the channel layer; the layer is the border that is faked."""
    messages: list[dict[str, Any]] = []
    channel_layers.backends.clear()
    layer: Any = get_channel_layer()

    async def keep(group: str, message: dict[str, Any]) -> None:
        assert group == "live"
        messages.append(message)

    monkeypatch.setattr(layer, "group_send", keep)
    monkeypatch.setattr(announcing, "_server_loop", None)
    yield messages
    channel_layers.backends.clear()


def break_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(group: str, message: dict[str, Any]) -> None:
        raise ConnectionError("Redis is away")

    monkeypatch.setattr(get_channel_layer(), "group_send", away)


def test_nothing_is_told_before_the_commit(sent: list[dict[str, Any]]) -> None:
    with transaction.atomic():
        announce("thread.1", 18)
        assert sent == []
    assert sent == [{"type": "change", "stream": "thread.1", "seq": 18}]


def test_nothing_is_told_of_what_was_rolled_back(sent: list[dict[str, Any]]) -> None:
    with transaction.atomic():
        announce("thread.1", 18)
        transaction.set_rollback(True)
    assert sent == []


@pytest.fixture
def listeners() -> Iterator[None]:
    with heard("thread", spoken=("pl", "en")):
        yield


@pytest.mark.usefixtures("listeners")
def test_the_fragment_is_rendered_once_for_each_language(sent: list[dict[str, Any]]) -> None:
    announce("thread.1", 18, lambda: f"<p>{translation.get_language()}</p>")
    assert sent[0]["html"] == {"pl": "<p>pl</p>", "en": "<p>en</p>"}


@pytest.mark.usefixtures("listeners")
def test_a_fragment_above_the_limit_is_left_out(sent: list[dict[str, Any]]) -> None:
    def render() -> str:
        # "ż" takes two bytes: the limit is of bytes, not of characters.
        return "ż" * (HTML_MAX_BYTES // 2 + (translation.get_language() == "pl"))

    announce("thread.1", 18, render)
    assert list(sent[0]["html"]) == ["en"]


@pytest.mark.usefixtures("listeners")
def test_a_fragment_that_cannot_be_rendered_is_left_out(
    sent: list[dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    announce("thread.1", 18, lambda: str(1 // 0))
    assert sent == [{"type": "change", "stream": "thread.1", "seq": 18}]
    assert "could not be rendered" in caplog.text


def test_an_action_succeeds_where_the_layer_fails(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    break_layer(monkeypatch)
    with transaction.atomic():
        User.objects.create_user("anna@example.org", display_name="Anna")
        announce("thread.1", 18)
        kick(user=1)
        recheck()
    assert User.objects.count() == 1
    assert caplog.text.count("was not sent") == 3


def test_a_kick_and_a_recheck_wait_for_the_commit(sent: list[dict[str, Any]]) -> None:
    with transaction.atomic():
        kick(user=7)
        recheck()
        assert sent == []
    assert sent == [{"type": "kick", "user": 7, "session": None}, {"type": "recheck"}]


@pytest.fixture
def server_loop(monkeypatch: pytest.MonkeyPatch) -> Iterator[asyncio.AbstractEventLoop]:
    """A loop that runs in a thread of its own, as the server's does."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    monkeypatch.setattr(announcing, "_server_loop", loop)
    monkeypatch.setattr(announcing, "_sending", None)
    yield loop
    announcing._waiting.clear()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_every_thread_sends_through_the_loop_of_the_server(
    server_loop: asyncio.AbstractEventLoop, sent: list[dict[str, Any]]
) -> None:
    began = time.monotonic()
    for seq in range(100):
        publish({"type": "change", "stream": "thread.1", "seq": seq})
    while len(told := _one_by_one(sent)) < 100:
        assert time.monotonic() - began < 1
        time.sleep(0.001)
    assert [message["seq"] for message in told] == list(range(100))


def test_what_comes_while_the_layer_is_busy_goes_together(
    server_loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, Any]] = []
    is_free = threading.Event()

    async def take_a_while(group: str, message: dict[str, Any]) -> None:
        sent.append(message)
        while not is_free.is_set():
            await asyncio.sleep(0.001)

    monkeypatch.setattr(get_channel_layer(), "group_send", take_a_while)
    for seq in range(MOST_AT_ONCE + 3):
        publish({"type": "change", "stream": "thread.1", "seq": seq})
        if seq == 0:
            _wait_until(lambda: bool(sent))
    is_free.set()
    _wait_until(lambda: len(_one_by_one(sent)) == MOST_AT_ONCE + 3)
    assert [each["seq"] for each in _one_by_one(sent)] == list(range(MOST_AT_ONCE + 3))
    assert [len(each.get("messages", [each])) for each in sent] == [1, MOST_AT_ONCE, 2]


def test_a_kick_waits_for_no_hint_and_goes_alone(
    server_loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, Any]] = []

    async def hang_with_hints(group: str, message: dict[str, Any]) -> None:
        sent.append(message)
        if message["type"] != "kick":
            await asyncio.sleep(0.3)

    monkeypatch.setattr(get_channel_layer(), "group_send", hang_with_hints)
    announce("thread.1", 0)
    _wait_until(lambda: bool(sent))
    for seq in (1, 2):
        announce("thread.1", seq)
    kick(user=7)
    _wait_until(announcing.is_all_sent)
    told = [each["type"] for each in sent]
    assert told.count("kick") == 1
    assert told.index("kick") < len(told) - 1
    assert [each["seq"] for each in _one_by_one(sent) if "seq" in each] == [0, 1, 2]


def test_one_hint_that_the_layer_does_not_take_takes_no_other_with_it(
    server_loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, Any]] = []
    begun = threading.Event()

    async def refuse_the_third(group: str, message: dict[str, Any]) -> None:
        begun.set()
        await asyncio.sleep(0.05)
        if any(each["seq"] == 3 for each in message.get("messages", [message])):
            raise ValueError("it cannot be packed")
        sent.append(message)

    monkeypatch.setattr(get_channel_layer(), "group_send", refuse_the_third)
    announce("thread.1", 0)
    assert begun.wait(5)
    for seq in range(1, 6):
        announce("thread.1", seq)
    _wait_until(announcing.is_all_sent)
    assert [each["seq"] for each in _one_by_one(sent)] == [0, 1, 2, 4, 5]


def test_the_loop_named_twice_keeps_the_order(
    server_loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, Any]] = []

    async def take_a_while(group: str, message: dict[str, Any]) -> None:
        await asyncio.sleep(0.2 if message["seq"] == 0 else 0)
        sent.append(message)

    monkeypatch.setattr(get_channel_layer(), "group_send", take_a_while)
    announce("thread.1", 0)
    _wait_until(lambda: announcing._sending is not None)
    announcing.publish_through(server_loop)
    announce("thread.1", 1)
    _wait_until(announcing.is_all_sent)
    assert [each["seq"] for each in sent] == [0, 1]


def test_a_layer_that_hangs_holds_up_nobody_and_fills_no_memory(
    server_loop: asyncio.AbstractEventLoop,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    begun: list[dict[str, Any]] = []

    async def hang(group: str, message: dict[str, Any]) -> None:
        begun.append(message)
        await asyncio.sleep(60)

    monkeypatch.setattr(get_channel_layer(), "group_send", hang)
    monkeypatch.setattr(announcing, "MAX_WAITING", 5)
    monkeypatch.setattr(announcing, "SENDING_SECONDS", 0.2)
    announce("thread.1", 0)
    _wait_until(lambda: bool(begun))
    for seq in range(1, 9):
        announce("thread.1", seq)
    assert caplog.text.count("was dropped") == 3
    _wait_until(lambda: caplog.text.count("was not sent") == 2)
    assert not announcing._waiting


def _one_by_one(sent: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for message in list(sent) for each in message.get("messages", [message])]


def _wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_a_loop_that_fails_is_only_logged(
    server_loop: asyncio.AbstractEventLoop,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    break_layer(monkeypatch)
    announce("thread.1", 18)
    end = time.monotonic() + 5
    while "Redis is away" not in caplog.text and time.monotonic() < end:
        time.sleep(0.01)
    assert "Redis is away" in caplog.text


@pytest.mark.usefixtures("listeners")
@override_settings(LANGUAGES=[("pl", "polski")])
def test_only_the_forums_languages_are_rendered(sent: list[dict[str, Any]]) -> None:
    announce("thread.1", 18, lambda: "x")
    assert sent[0]["html"] == {"pl": "x"}


def test_many_numbers_go_in_one_message_after_the_commit(sent: list[dict[str, Any]]) -> None:
    numbers = {f"member.{pk}": pk for pk in range(1, 4)}
    with transaction.atomic():
        announce_numbers(numbers)
        assert sent == []
    assert sent == [{"type": "numbers", "numbers": numbers}]
    announce_numbers({})
    assert len(sent) == 1
