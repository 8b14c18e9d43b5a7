"""The hub tells pages who reads and writes: not those who may not know, nor of who wants it not."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from channels.layers import channel_layers
from django.contrib.sessions.backends.db import SessionStore

from accounts.models import Organization, User
from forum.live import streams
from forum.live.presence import Voice
from tests import cast
from tests.live.probes import FakePage, MemoryStream, running, until

FAR = 1_000.0  # seconds: the hub never tells by itself


class AttendedStream(MemoryStream):
    kind = "attended"
    shows_presence = True


@pytest.fixture(autouse=True)
def _fresh_layer() -> Iterator[None]:
    channel_layers.backends.clear()
    yield
    channel_layers.backends.clear()


@pytest.fixture
def attended() -> Iterator[AttendedStream]:
    stream = AttendedStream()
    stream.numbers = {1: 17, 2: 3}
    streams.register(stream)
    yield stream
    streams._kinds.pop("attended")


@pytest.fixture
def alice(transactional_db: None) -> User:
    return cast.make_alice()


@pytest.fixture
def bob(transactional_db: None) -> User:
    return cast.make_bob()


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hub tells only when the test says so."""
    monkeypatch.setattr("forum.live.attending.TELL_SECONDS", FAR)


def heard(page: FakePage) -> list[dict[str, Any]]:
    """The frames of presence that the page got, without what is always in them."""
    frames = [dict(frame) for frame in page.frames if frame["type"] == "presence"]
    return [{k: v for k, v in frame.items() if k not in ("type", "stream")} for frame in frames]


def told(readers: int, *names: str, more: bool = False) -> dict[str, Any]:
    writing = [{"name": name, "organization": name.startswith("Fundacja")} for name in names]
    return {"readers": readers, "more": more, "writing": writing}


def session() -> str:
    store = SessionStore()
    store.create()
    return str(store.session_key)


@pytest.mark.usefixtures("quiet")
async def test_guests_are_counted_and_latecomers_are_told(attended: AttendedStream) -> None:
    async with running() as hub:
        pages = [FakePage(hub) for _ in range(3)]
        for page in pages:
            await page.join("attended.1")
        await hub.attending.tell()
        await hub.attending.tell()
        assert [heard(page) for page in pages] == [[told(3)]] * 3
        late = FakePage(hub)
        await late.join("attended.1")
        assert heard(late) == [told(3)]


@pytest.mark.usefixtures("quiet")
async def test_a_thousand_listeners_cost_nothing_while_nothing_changes(
    attended: AttendedStream,
) -> None:
    async with running() as hub:
        pages = [FakePage(hub) for _ in range(1_000)]
        for page in pages:
            hub.register.listen(page.socket, "attended.1")
            page.socket.waiting.clear()
        await hub.attending.tell()
        assert hub.counts.frames == 1_000
        hub.register.leave(pages[0].socket)
        await hub.attending.tell()
        frames = hub.counts.frames
        for page in pages[1:90]:  # 990 to 911: "900+" all the time
            hub.register.leave(page.socket)
            await hub.attending.tell()
        assert hub.counts.frames == frames


@pytest.mark.usefixtures("quiet")
async def test_a_stream_without_presence_tells_nothing(attended: AttendedStream) -> None:
    attended.shows_presence = False
    async with running() as hub:
        pages = [FakePage(hub), FakePage(hub)]
        for page in pages:
            await page.join("attended.1")
        await hub.attending.tell()
        assert heard(pages[0]) == []


# Members stand in the database, which threads of the hub read: such scenes have their own loops.
@pytest.mark.usefixtures("quiet")
def test_who_writes_is_told_to_the_others_and_not_to_themselves(
    attended: AttendedStream, alice: User, bob: User
) -> None:
    keys = session(), session()
    fundacja = Organization.objects.get(name__startswith="Fundacja").pk

    async def scene() -> None:
        async with running() as hub:
            ours = FakePage(hub, viewer=alice, session_key=keys[0])
            theirs = FakePage(hub, viewer=bob, session_key=keys[1])
            for page in (ours, theirs):
                await page.join("attended.1")
            await hub.write(ours.socket, "attended.1", 0)
            await hub.attending.tell()
            await hub.write(ours.socket, "attended.1", fundacja)
            await hub.attending.tell()
            await hub.write(ours.socket, "attended.1", None)
            await hub.attending.tell()
            assert heard(theirs) == [
                told(2, "Alice Nowak"), told(2, "Fundacja Dobry Start"), told(2)
            ]  # fmt: skip
            assert heard(ours) == [told(2)] * 3

    asyncio.run(scene())


@pytest.mark.usefixtures("quiet")
def test_nobody_is_shown_in_a_voice_that_is_not_theirs(
    attended: AttendedStream, alice: User, bob: User
) -> None:
    keys = session(), session()
    fundacja = Organization.objects.get(name__startswith="Fundacja").pk

    async def scene() -> None:
        async with running() as hub:
            ours = FakePage(hub, viewer=alice, session_key=keys[0])
            theirs = FakePage(hub, viewer=bob, session_key=keys[1])
            for page in (ours, theirs):
                await page.join("attended.1")
            for voice in (fundacja, 10**17, 0):
                await hub.write(theirs.socket, "attended.1", voice)
                await hub.attending.tell()
            assert heard(ours) == [told(2), told(2, "Bob Kowalski")]

    asyncio.run(scene())


@pytest.mark.usefixtures("quiet")
def test_who_does_not_want_it_is_neither_counted_nor_named(
    attended: AttendedStream, alice: User, bob: User
) -> None:
    keys = session(), session()
    User.objects.filter(pk=bob.pk).update(shows_presence=False)

    async def scene() -> None:
        async with running() as hub:
            watching = [FakePage(hub), FakePage(hub, viewer=alice, session_key=keys[0])]
            hidden = FakePage(hub, viewer=bob, session_key=keys[1])
            for page in (*watching, hidden):
                await page.join("attended.1")
            await hub.write(hidden.socket, "attended.1", 0)
            await hub.attending.tell()
            assert [heard(page) for page in watching] == [[told(2)]] * 2

    asyncio.run(scene())


@pytest.mark.usefixtures("quiet")
def test_a_member_with_two_windows_is_one_reader(attended: AttendedStream, alice: User) -> None:
    key = session()

    async def scene() -> None:
        async with running() as hub:
            guest = FakePage(hub)
            pages = [FakePage(hub, viewer=alice, session_key=key) for _ in range(2)]
            for page in (guest, *pages):
                await page.join("attended.1")
            await hub.attending.tell()
            assert heard(guest) == [told(2)]

    asyncio.run(scene())


@pytest.mark.usefixtures("quiet")
def test_who_may_not_read_hears_nothing_and_is_not_heard(
    attended: AttendedStream, alice: User, bob: User
) -> None:
    keys = session(), session()
    attended.forbidden = {(bob.pk, 1), (None, 1)}

    async def scene() -> None:
        async with running() as hub:
            reader = FakePage(hub, viewer=alice, session_key=keys[0])
            second = FakePage(hub, viewer=alice, session_key=keys[0])
            outsider = FakePage(hub, viewer=bob, session_key=keys[1])
            guest = FakePage(hub)
            for page in (reader, second, outsider, guest):
                await page.join("attended.1", "attended.2")
            await hub.write(outsider.socket, "attended.1", 0)
            await hub.write(reader.socket, "attended.1", 0)
            await hub.attending.tell()
            about = [
                frame["stream"]
                for page in (outsider, guest)
                for frame in page.frames
                if frame["type"] == "presence"
            ]
            assert about == ["attended.2", "attended.2"]
            named = [f for f in second.frames if f["type"] == "presence" and f["writing"]]
            assert named == []  # Alice herself writes; Bob is not heard
            assert hub.attending.presence.shown("attended.1").voices() == [Voice("Alice Nowak")]

    asyncio.run(scene())


@pytest.mark.usefixtures("quiet")
def test_while_rights_are_judged_again_nothing_is_told(
    attended: AttendedStream, alice: User
) -> None:
    async def scene() -> None:
        async with running() as hub:
            pages = [FakePage(hub), FakePage(hub)]
            for page in pages:
                await page.join("attended.1")
            hub.attending.is_silent = True
            await hub.attending.tell()
            assert heard(pages[0]) == []
            hub.attending.is_silent = False
            await hub.attending.tell()
            assert heard(pages[0]) == [told(2)]

    asyncio.run(scene())


@pytest.mark.usefixtures("quiet")
def test_two_hubs_tell_their_pages_the_same(
    attended: AttendedStream, alice: User, bob: User
) -> None:
    keys = session(), session()

    async def scene() -> None:
        async with running() as one, running() as other:
            ours = FakePage(one, viewer=alice, session_key=keys[0])
            theirs = FakePage(other, viewer=bob, session_key=keys[1])
            for page in (ours, theirs):
                await page.join("attended.1")
            await one.write(ours.socket, "attended.1", 0)
            await one.attending.tell()
            await other.attending.tell()
            known = (one.attending.presence._elsewhere, other.attending.presence._elsewhere)
            await until(lambda: all(known))
            await one.attending.tell()
            await other.attending.tell()
            assert heard(theirs)[-1] == told(2, "Alice Nowak")
            assert heard(ours)[-1] == told(2)
            assert heard(ours)[-1] != told(2, "Alice Nowak")

    asyncio.run(scene())
