"""A push service on this machine: checks who sends, decrypts what was sent, answers as it is told.

with PushService() as service:
    device = service.new_device()
    ...
    device.received[0]["title"]
"""

import base64
import json
import os
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import http_ece
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def encoded(given: bytes) -> str:
    return base64.urlsafe_b64encode(given).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class PushedDevice:
    """What a browser keeps of its subscription, and what arrived there."""

    endpoint: str
    status: int = 201  # what the service answers
    received: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    private_key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def key(self) -> str:
        point = self.private_key.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        return encoded(point)

    @property
    def secret(self) -> str:
        return encoded(self.auth)


class PushService:
    """Only who is signed with `server_key` (where one is given) is let in."""

    def __init__(self, server_key: str = "") -> None:
        self.server_key = server_key
        self.devices: dict[str, PushedDevice] = {}
        self.complaints: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)

    def new_device(self, status: int = 201) -> PushedDevice:
        path = f"/push/{secrets.token_urlsafe(16)}"
        device = PushedDevice(f"{self.origin}{path}", status)
        self.devices[path] = device
        return device

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()

    def take(self, path: str, headers: dict[str, str], body: bytes) -> int:
        """The status that answers this message."""
        device = self.devices.get(path)
        if device is None:
            return 404
        try:
            self._check_sender(headers["authorization"])
            assert headers["content-encoding"] == "aes128gcm"
            assert 0 < int(headers["ttl"]) <= 28 * 24 * 3600
            assert len(headers["topic"]) <= 32
            told = http_ece.decrypt(
                body, private_key=device.private_key, auth_secret=device.auth, version="aes128gcm"
            )
        except Exception as error:  # whatever is wrong is told to the test
            self.complaints.append(repr(error))
            return 403
        if device.status < 300:
            device.received.append(json.loads(told))
            device.headers.append(headers)
        return device.status

    def _check_sender(self, authorization: str) -> None:
        scheme, _, values = authorization.partition(" ")
        assert scheme == "vapid"
        given = dict(pair.strip().split("=", 1) for pair in values.split(","))
        assert not self.server_key or given["k"] == self.server_key, "another forum's key"
        signed, _, signature = given["t"].rpartition(".")
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(given["k"]))
        raw = decoded(signature)
        numbers = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        key.verify(encode_dss_signature(*numbers), signed.encode(), ec.ECDSA(hashes.SHA256()))
        claims = json.loads(decoded(signed.partition(".")[2]))
        assert claims["aud"] == self.origin, "signed for another service"
        assert time.time() < claims["exp"] <= time.time() + 24 * 3600
        assert claims["sub"].startswith(("mailto:", "https:"))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                self.send_response(service.take(self.path, headers, body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        return Handler
