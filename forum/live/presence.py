"""Who reads and who writes at this moment: hints, kept in memory only, gone by themselves.

Each process knows the readers and writers of its own sockets, and tells the others of them now and
then. Whatever is not repeated is forgotten. Nothing here knows sockets, the layer or the database.
Source: docs/decisions/0020-presence.md.
"""

import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

WRITING_SECONDS = 6.0  # without another word from the page
READING_SECONDS = 25.0  # without another word from the other process
REPEAT_READING_SECONDS = 10.0
REPEAT_WRITING_SECONDS = 2.0
WRITERS_NAMED = 3
WORTH_TELLING = 2  # readers: who reads alone knows it
EXACT_UP_TO = 20  # readers; above it a number that changes less often is enough
STREAMS_PER_HINT = 500
WRITERS_PER_STREAM = 20


@dataclass(frozen=True, slots=True)
class Voice:
    """As whom somebody writes: a person by name, or somebody of an organization."""

    name: str
    is_organization: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What listeners are told of one stream. Writers by their member's pk, in a fixed order."""

    readers: int = 0
    is_more: bool = False  # rounded down
    writers: tuple[tuple[int, Voice], ...] = ()

    def voices(self, without: int | None = None) -> list[Voice]:
        """Those who write, but for the member who is told; each voice once."""
        voices = dict.fromkeys(voice for pk, voice in self.writers if pk != without)
        return list(voices)[:WRITERS_NAMED]


@dataclass(slots=True)
class _Part:
    """What one process knows of one stream, and until when it holds."""

    readers: int = 0
    readers_until: float = 0
    writers: dict[int, tuple[Voice, float]] = field(default_factory=dict)

    def writing(self, now: float) -> dict[int, Voice]:
        return {pk: voice for pk, (voice, until) in self.writers.items() if until > now}


@dataclass(frozen=True, slots=True)
class _Told:
    """What the other processes were told last of one stream, and when."""

    readers: int = 0
    writers: tuple[tuple[int, Voice], ...] = ()
    at: float = 0


class Presence:
    """The hints of one process, its own and those it heard from others."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = secrets.token_hex(8)  # of this process, for the others
        self._clock = clock
        self._here: dict[str, _Part] = {}
        self._elsewhere: defaultdict[str, dict[str, _Part]] = defaultdict(dict)
        self._shown: dict[str, Shown] = {}
        self._told: dict[str, _Told] = {}

    def write(self, stream: str, member: int, voice: Voice | None) -> None:
        """A member here writes, or (without a voice) no longer does."""
        part = self._here.setdefault(stream, _Part())
        if voice is None:
            part.writers.pop(member, None)
        elif member in part.writers or len(part.writers) < WRITERS_PER_STREAM:
            part.writers[member] = (voice, self._clock() + WRITING_SECONDS)

    def read(self, readers: Mapping[str, int]) -> None:
        """How many read what in this process now; a stream that is missing has none."""
        for stream, part in self._here.items():
            part.readers = readers.get(stream, 0)
        for stream, count in readers.items():
            self._here.setdefault(stream, _Part(count)).readers = count

    def take(self, hint: Mapping[str, Any]) -> None:
        """Learn what another process says; one's own words come back too, and are passed over."""
        if hint["hub"] == self.name:
            return
        now = self._clock()
        for stream, (readers, writers) in hint["streams"].items():
            self._elsewhere[stream][hint["hub"]] = _Part(
                int(readers),
                now + READING_SECONDS,
                {
                    int(pk): (Voice(name, bool(of)), now + WRITING_SECONDS)
                    for pk, name, of in writers
                },
            )

    def hints(self) -> Iterable[dict[str, Any]]:
        """What the other processes should hear now: what changed, and what they would forget."""
        now = self._clock()
        due: dict[str, tuple[int, list[tuple[int, str, bool]]]] = {}
        for stream, part in list(self._here.items()):
            writers = tuple(sorted(part.writing(now).items(), key=_by_member))
            told = self._told.get(stream, _Told())
            if not _is_due(told, part.readers, writers, now):
                continue
            due[stream] = (part.readers, [(pk, v.name, v.is_organization) for pk, v in writers])
            self._told[stream] = _Told(part.readers, writers, now)
            if not part.readers and not writers:
                del self._told[stream], self._here[stream]
        names = list(due)
        for start in range(0, len(names), STREAMS_PER_HINT):
            part_of = {name: due[name] for name in names[start : start + STREAMS_PER_HINT]}
            yield {"type": "presence", "hub": self.name, "streams": part_of}

    def news(self) -> dict[str, Shown]:
        """The streams of this process whose listeners should be told something else by now."""
        self._forget()
        current = {stream: self._sum(stream) for stream in [*self._here, *self._elsewhere]}
        changed = {
            stream: shown
            for stream, shown in current.items()
            if shown != self._shown.get(stream, Shown())
        }
        gone = {stream: Shown() for stream in self._shown.keys() - current.keys()}
        self._shown = {stream: shown for stream, shown in current.items() if shown != Shown()}
        return changed | gone

    def shown(self, stream: str) -> Shown:
        """What the listeners of the stream were told last: for one who has just come."""
        return self._shown.get(stream, Shown())

    def _forget(self) -> None:
        now = self._clock()
        for stream, parts in list(self._elsewhere.items()):
            for hub, part in list(parts.items()):
                if part.readers_until <= now:
                    del parts[hub]
            if not parts:
                del self._elsewhere[stream]
        for part in self._here.values():
            part.writers = {pk: each for pk, each in part.writers.items() if each[1] > now}

    def _sum(self, stream: str) -> Shown:
        now = self._clock()
        parts = [*self._elsewhere.get(stream, {}).values()]
        if stream in self._here:
            parts.append(self._here[stream])
        readers, is_more = _rounded(sum(part.readers for part in parts))
        writers = {pk: voice for part in parts for pk, voice in part.writing(now).items()}
        return Shown(readers, is_more, tuple(sorted(writers.items(), key=_by_member)))


def _is_due(told: _Told, readers: int, writers: tuple[tuple[int, Voice], ...], now: float) -> bool:
    if (told.readers, told.writers) != (readers, writers):
        return True
    if not readers and not writers:
        return told.at == 0  # nobody, and nothing was told: it is forgotten here too
    return now - told.at >= (REPEAT_WRITING_SECONDS if writers else REPEAT_READING_SECONDS)


def _rounded(count: int) -> tuple[int, bool]:
    if count < WORTH_TELLING:
        return 0, False
    if count <= EXACT_UP_TO:
        return count, False
    step = 10 if count < 100 else 100
    return count // step * step, count % step != 0


def _by_member(writer: tuple[int, Voice]) -> int:
    return writer[0]
