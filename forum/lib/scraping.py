"""Who may read the numbers, and a door for processes that serve nothing else.

Source: docs/decisions/0044-operation.md.
"""

import hmac
import ipaddress
import threading
from collections.abc import Iterable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.conf import settings
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

FORWARDED = (b"x-forwarded-for", b"forwarded", b"x-real-ip")
PATIENCE_S = 5


def is_allowed(client: str, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether the numbers are given: to this machine itself, or to whoever has METRICS_TOKEN.

    What came through a proxy is never this machine's own, whatever the proxy's address is.
    """
    given = dict(headers)
    bearer = given.get(b"authorization", b"")
    token: str = settings.METRICS_TOKEN
    if token and hmac.compare_digest(bearer, f"Bearer {token}".encode()):
        return True
    return _is_loopback(client) and not any(name in given for name in FORWARDED)


def _is_loopback(client: str) -> bool:
    try:
        return ipaddress.ip_address(client).is_loopback
    except ValueError:
        return False


class _Handler(BaseHTTPRequestHandler):
    timeout = PATIENCE_S

    def do_GET(self) -> None:
        headers = [(n.lower().encode(), v.encode()) for n, v in self.headers.items()]
        if self.path != "/metrics" or not is_allowed(self.client_address[0], headers):
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        body = generate_latest(REGISTRY)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", CONTENT_TYPE_LATEST)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: who scrapes is noise, and their address is nobody's business."""


def serve(host: str, port: int) -> ThreadingHTTPServer:
    """Answer `/metrics` there with this process's numbers. Raises: OSError where it cannot listen.

    It ends with the process, or at `shutdown`.
    """
    server = ThreadingHTTPServer((host, port), _Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server
