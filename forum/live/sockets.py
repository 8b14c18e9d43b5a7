"""The open sockets of this process and what each of them listens to."""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from accounts.rules import Viewer
from forum.live.presence import Voice


@dataclass(eq=False, slots=True)
class Socket:
    """One open page: who reads it, in which language, and how to reach it.

    `waiting` holds the streams that were joined but not yet answered, each with the highest
    number that passed meanwhile: a right not yet judged must not let a frame through.
    """

    viewer: Viewer
    language: str
    address: str
    send: Callable[[str], Awaitable[None]]
    close: Callable[[int], Awaitable[None]]
    unsent_bytes: Callable[[], int]
    session_key: str | None = None
    session_hash: str = ""
    streams: set[str] = field(default_factory=set)
    waiting: dict[str, int] = field(default_factory=dict)
    # As whom the member writes, by organization (0: own voice), once it was judged; None: not so.
    voices: dict[int, Voice | None] = field(default_factory=dict)


class Register:
    """Who listens to what. Touched by the event loop only, so it needs no lock."""

    def __init__(self) -> None:
        self.sockets: set[Socket] = set()
        self._listeners: defaultdict[str, set[Socket]] = defaultdict(set)
        self._by_address: Counter[str] = Counter()

    def enter(self, socket: Socket, *, limit_per_address: int) -> bool:
        """Take the socket in; False where its address holds too many already."""
        if self._by_address[socket.address] >= limit_per_address:
            return False
        self.sockets.add(socket)
        self._by_address[socket.address] += 1
        return True

    def leave(self, socket: Socket) -> None:
        """Forget the socket; leaving twice is harmless."""
        if socket not in self.sockets:
            return
        self.sockets.discard(socket)
        self._by_address[socket.address] -= 1
        if not self._by_address[socket.address]:
            del self._by_address[socket.address]
        for stream in list(socket.streams):
            self.unlisten(socket, stream)

    def listen(self, socket: Socket, stream: str) -> None:
        """Register before the right is judged and the number read, so that no change slips by."""
        if stream not in socket.streams:
            socket.streams.add(stream)
            socket.waiting[stream] = 0
            self._listeners[stream].add(socket)

    def unlisten(self, socket: Socket, stream: str) -> None:
        socket.streams.discard(stream)
        socket.waiting.pop(stream, None)
        self._listeners[stream].discard(socket)
        if not self._listeners[stream]:
            del self._listeners[stream]

    def listeners(self, stream: str) -> list[Socket]:
        """The sockets of a stream at this moment: the register may change while they are told."""
        return list(self._listeners.get(stream, ()))

    def streams(self) -> list[str]:
        return list(self._listeners)

    def languages(self) -> dict[str, set[str]]:
        """The languages in which each stream is listened to, by those who were admitted."""
        return {
            stream: {socket.language for socket in sockets if stream not in socket.waiting}
            for stream, sockets in self._listeners.items()
        }
