"""A server of a few lines that speaks the live protocol and can lose, double and delay."""

import contextlib
import json
import string
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.frames import Close, Frame, Opcode
from websockets.utils import accept_key

from tests.browser.client_pages.world import World, draw_post

HERE = Path(__file__).resolve().parent
STATIC = HERE.parents[2] / "forum_site" / "static"
STRIP = (
    '<new-strip hidden data-for="{list}" data-one="{count} nowa" data-few="{count} nowe"'
    ' data-many="{count} nowych" data-later-one="{count} dalej" data-later-few="{count} dalej"'
    ' data-later-many="{count} dalej" data-later-url="/last/"></new-strip>'
)


class FakeForum:
    """One thread at `/`, its doors, and a socket; faults are switched on by attributes."""

    def __init__(self) -> None:
        self.sockets: list[Any] = []
        self.begin_anew()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=[0.05], daemon=True).start()

    def begin_anew(self) -> None:
        """An empty thread, no faults, nothing remembered."""
        self.world = World()
        self.joins: list[dict[str, int]] = []
        self.asked: list[str] = []  # paths of the HTTP requests to doors
        self.posted: list[dict[str, str]] = []
        self.onces: dict[str, int] = {}
        self.refuses_sockets = False
        self.answers = True  # False: a request is taken, and its answer is lost
        self.silent_join = False
        self.before_answer: Callable[[], None] = lambda: None
        self.extra_pages: dict[str, Callable[[], str]] = {}

    @property
    def url(self) -> str:
        return f"http://localhost:{self._server.server_port}"

    def stop(self) -> None:
        self.close_sockets(4012)
        self._server.shutdown()
        self._server.server_close()

    # --- The socket -----------------------------------------------------------------------------

    def push(self, frame: dict[str, object]) -> None:
        for connection in list(self.sockets):
            send_frame(connection, Opcode.TEXT, json.dumps(frame).encode())

    def push_now(self) -> None:
        self.push({"type": "now", "stream": "thread.1", "seq": self.world.seq})

    def close_sockets(self, code: int) -> None:
        for connection in list(self.sockets):
            self.forget(connection)
            send_frame(connection, Opcode.CLOSE, Close(code, "").serialize())

    def forget(self, connection: Any) -> None:
        # The page may have gone at this very moment, in its own thread.
        with contextlib.suppress(ValueError):
            self.sockets.remove(connection)

    def take_frame(self, text: str) -> None:
        wish = json.loads(text)
        self.joins.append(wish["join"])
        if not self.silent_join:
            for stream in wish["join"]:
                self.push({"type": "now", "stream": stream, "seq": self.world.seq})

    # --- Pages and doors ------------------------------------------------------------------------

    def page(self, query: dict[str, str]) -> str:
        body = self.world.head() + self.world.conversation(query.get("order", "tree"))
        body += STRIP.replace("{list}", "posts") + (HERE / "composer.html").read_text()
        return frame(body, streams=f"thread.1:{self.world.seq}", viewer=query.get("viewer", "1"))

    def reply(self, fields: dict[str, str]) -> tuple[int, dict[str, object]]:
        self.posted.append(fields)
        if not fields.get("body", "").strip():
            return 422, {"errors": {"body": ["Napisz coś."]}}
        if fields["body"] == "forbidden":
            return 403, {"refusal": "Wątek jest zamknięty."}
        if fields["once"] not in self.onces:
            parent = int(fields["parent"]) if fields.get("parent") else None
            post = self.world.post(parent=parent, author=1, words=fields["body"])
            self.onces[fields["once"]] = post.number
        post = self.world.posts[self.onces[fields["once"]] - 1]
        self.before_answer()
        url = f"/threads/1/posts/{post.number}/"
        return 201, {"stream": "thread.1", "seq": post.seq, "html": draw_post(post), "url": url}

    def react(self, number: int, fields: dict[str, str]) -> tuple[int, dict[str, object]]:
        self.posted.append(fields)
        post = self.world.thank(number, 1)
        answer = {"stream": "thread.1", "seq": post.seq, "html": draw_post(post)}
        self.before_answer()
        return 201, answer

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        return type("Handler", (_Handler,), {"forum": self})


class _Handler(BaseHTTPRequestHandler):
    forum: FakeForum
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {
            key: values[0] for key, values in parse_qs(url.query, keep_blank_values=True).items()
        }
        if url.path.startswith("/static/"):
            self._answer(200, (STATIC / url.path[8:]).read_text(), "text/javascript")
        elif url.path == "/page.css":
            self._answer(200, (HERE / "page.css").read_text(), "text/css")
        elif url.path == "/live/":
            self._socket()
        elif url.path.startswith("/live/"):
            self._door(lambda: (200, self.forum.world.changes(int(query["since"]))))
        elif "/branches/" in url.path:
            number = int(url.path.split("/")[4])
            root = self.forum.world.posts[number - 1].root
            html = self.forum.world.branch(root, query["after"])
            self.forum.before_answer()
            self._answer(200, html, "text/html")
        elif url.path in self.forum.extra_pages:
            self._answer(200, self.forum.extra_pages[url.path](), "text/html")
        elif url.path == "/":
            self._answer(200, self.forum.page(query), "text/html")
        else:
            self._answer(200, f"<title>{self.path}</title>", "text/html")

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        fields = multipart(self.rfile.read(length))
        if self.path.startswith("/posts/"):
            self._door(lambda: self.forum.react(int(self.path.split("/")[2]), fields))
        else:
            self._door(lambda: self.forum.reply(fields))

    def _door(self, act: Callable[[], tuple[int, dict[str, object]]]) -> None:
        self.forum.asked.append(self.path)
        status, data = act()
        if self.forum.answers:
            self._answer(status, json.dumps(data), "application/json")
        else:
            self.close_connection = True

    def _answer(self, status: int, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if kind in {"text/css", "text/javascript"}:
            self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        self.wfile.write(body)

    def _socket(self) -> None:
        self.close_connection = True
        if self.forum.refuses_sockets:
            self._answer(503, "", "text/plain")
            return
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", accept_key(self.headers["Sec-WebSocket-Key"]))
        self.end_headers()
        self.forum.sockets.append(self.connection)
        while (text := self._read_frame()) is not None:
            self.forum.take_frame(text)
        self.forum.forget(self.connection)

    def _read_frame(self) -> str | None:
        """A short masked text frame; None at the end."""
        head = self.rfile.read(2)
        if len(head) < 2 or head[0] & 0x0F == Opcode.CLOSE:
            return None
        length = head[1] & 0x7F
        if length == 126:
            (length,) = struct.unpack("!H", self.rfile.read(2))
        mask = self.rfile.read(4)
        data = self.rfile.read(length)
        return bytes(byte ^ mask[at % 4] for at, byte in enumerate(data)).decode()


def send_frame(connection: Any, opcode: Opcode, data: bytes) -> None:
    try:
        connection.sendall(Frame(opcode, data).serialize(mask=False))
    except OSError:
        """The page went away; the socket's own reader notices."""


def multipart(body: bytes) -> dict[str, str]:
    """The fields of a form as fetch sends them."""
    boundary = body.split(b"\r\n", 1)[0]
    fields = {}
    for part in body.split(boundary)[1:-1]:
        head, value = part.split(b"\r\n\r\n", 1)
        name = head.split(b'name="')[1].split(b'"')[0].decode()
        fields[name] = value.removesuffix(b"\r\n").decode()
    return fields


def frame(body: str, *, streams: str = "", viewer: str = "1", lang: str = "pl") -> str:
    """A whole page round the body."""
    text = (HERE / "page.html").read_text()
    streams = streams or ""
    if not streams:
        text = text.replace(' data-streams="$streams"', "")
    return string.Template(text).substitute(
        lang=lang, viewer=viewer, streams=streams, body=body, import_map=import_map()
    )


def import_map() -> str:
    root = STATIC / "js"
    names = [path.relative_to(root) for path in root.rglob("*.js")]
    imports = {f"forum/{name.with_suffix('')}": f"/static/js/{name}" for name in names}
    return json.dumps({"imports": imports})
