"""Answers joins in batches.

A thousand pages that come back at once cost a few queries, not thousands.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from channels.db import DatabaseSyncToAsync

from accounts.models import User
from accounts.rules import Viewer
from forum.live import rules, streams

BATCH = 100  # joins answered by one visit to the database

Given = TypeVar("Given")
Result = TypeVar("Result")


class Reader:
    """One thread of the live room that reads the database.

    Channels' own thread is shared by all sockets and would make each wait for all (its issue 2132).
    """

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def read(self, function: Callable[[Given], Result], given: Given) -> Result:
        reading = DatabaseSyncToAsync(function, thread_sensitive=False, executor=self._executor)
        return await reading(given)

    def close(self) -> None:
        self._executor.shutdown(wait=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to a join: who joins as they are now (None: no longer a member), and numbers.

    A stream without a number is refused.
    """

    viewer: Viewer | None
    numbers: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Ask:
    viewer: Viewer
    names: tuple[str, ...]
    answer: asyncio.Future[Verdict]


class Doorkeeper:
    """Judges joins, all that wait at once, on one thread."""

    def __init__(self) -> None:
        self.reader = Reader("live-joins")
        self._asks: asyncio.Queue[_Ask] = asyncio.Queue()

    async def ask(self, viewer: Viewer, names: tuple[str, ...]) -> Verdict:
        """Whether the viewer may join, and the streams' numbers read after this call began."""
        answer: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        self._asks.put_nowait(_Ask(viewer, names, answer))
        return await answer

    async def work(self) -> None:
        """Answer for ever; whoever runs this starts it again when the database fails."""
        while True:
            asks = [await self._asks.get()]
            while len(asks) < BATCH and not self._asks.empty():
                asks.append(self._asks.get_nowait())
            await self._answer(asks)

    async def _answer(self, asks: list[_Ask]) -> None:
        try:
            verdicts = await self.reader.read(_verdicts, [(a.viewer, a.names) for a in asks])
        except BaseException as error:
            for ask in asks:
                if not ask.answer.done():
                    ask.answer.set_exception(ConnectionError(f"joins cannot be judged: {error!r}"))
            raise
        for ask, verdict in zip(asks, verdicts, strict=True):
            if not ask.answer.done():
                ask.answer.set_result(verdict)


def _verdicts(asks: list[tuple[Viewer, tuple[str, ...]]]) -> list[Verdict]:
    members = rules.fresh_members({viewer.pk for viewer, _ in asks if viewer.pk is not None})
    current = [(_as_now(viewer, members), names) for viewer, names in asks]
    rights = rules.judge(
        (viewer, name) for viewer, names in current if viewer is not None for name in names
    )
    numbers = streams.numbers({name for (_, name), is_allowed in rights.items() if is_allowed})
    return [
        Verdict(None)
        if viewer is None
        else Verdict(
            viewer,
            {n: numbers[n] for n in names if rights[viewer.pk, n] and n in numbers},
        )
        for viewer, names in current
    ]


def _as_now(viewer: Viewer, members: dict[int, User]) -> Viewer | None:
    return viewer if viewer.pk is None else members.get(viewer.pk)
