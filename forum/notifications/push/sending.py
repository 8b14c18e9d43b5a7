"""Hands one sealed message to a push service. Nothing here knows the database."""

import contextlib
import socket
import ssl
import threading
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from http.client import HTTPConnection, HTTPException, HTTPSConnection

from forum.notifications.push import endpoints, sealing

TIMEOUT_S = 10  # of each step
WHOLE_S = 20  # of all steps: an answer that comes drop by drop must not hold a worker
# How long a push service keeps a message for a device that is off: after that the mail has gone.
KEEP = timedelta(hours=12)
GONE = (404, 410)  # RFC 8030, 7.3: the subscription is over
TRY_LATER = (408, 425, 429)


class Outcome(Enum):
    """What became of a message."""

    TAKEN = "taken"
    GONE = "gone"  # the device is to be forgotten
    LATER = "later"
    REFUSED = "refused"  # for good, though not because the device is gone


@dataclass(frozen=True, slots=True)
class Result:
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a device is reached, and what seals for it."""

    endpoint: str
    key: str
    secret: str


def send(address: Address, payload: bytes, *, topic: str, is_urgent: bool) -> Result:
    """Hand the payload to the device's push service.

    A later message with the same topic takes the place of one that was not delivered yet, so that
    a repetition shows once. Raises: nothing, whatever comes back. Units: topic up to 32 characters.
    """
    try:
        endpoint = endpoints.parse(address.endpoint)
        body = sealing.seal(payload, key=address.key, secret=address.secret)
        status = _post(endpoint, body, _headers(endpoint, topic, is_urgent))
    except (endpoints.NotAllowed, sealing.NotAKey) as error:
        return Result(Outcome.GONE, str(error))
    except (OSError, HTTPException) as error:
        return Result(Outcome.LATER, f"{type(error).__name__}: {error}")
    return _judged(status)


def _headers(endpoint: endpoints.Endpoint, topic: str, is_urgent: bool) -> dict[str, str]:
    return {
        "Authorization": sealing.signature(endpoint.origin),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(KEEP.total_seconds())),
        "Urgency": "high" if is_urgent else "normal",
        "Topic": topic,
    }


def _post(endpoint: endpoints.Endpoint, body: bytes, headers: dict[str, str]) -> int:
    """The status; http.client follows no redirect, and the answer's body is not read."""
    connection = _connection(endpoint, endpoints.resolve(endpoint))
    assert connection.sock is not None
    too_slow = threading.Timer(WHOLE_S, _cut, [connection.sock])
    too_slow.daemon = True
    too_slow.start()
    try:
        connection.request("POST", endpoint.path, body, headers)
        return connection.getresponse().status
    finally:
        too_slow.cancel()
        connection.close()


def _cut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _connection(endpoint: endpoints.Endpoint, ip: str) -> HTTPConnection:
    """To the address that was judged, under the name that the certificate must have."""
    if endpoint.scheme == "http":
        connection = HTTPConnection(endpoint.host, endpoint.port, timeout=TIMEOUT_S)
        connection.sock = socket.create_connection((ip, endpoint.port), TIMEOUT_S)
        return connection
    context = ssl.create_default_context()
    secure = HTTPSConnection(endpoint.host, endpoint.port, timeout=TIMEOUT_S, context=context)
    plain = socket.create_connection((ip, endpoint.port), TIMEOUT_S)
    try:
        secure.sock = context.wrap_socket(plain, server_hostname=endpoint.host)
    except BaseException:
        plain.close()
        raise
    return secure


def _judged(status: int) -> Result:
    if 200 <= status < 300:
        return Result(Outcome.TAKEN)
    reason = f"status {status}"
    if status in GONE:
        return Result(Outcome.GONE, reason)
    if status in TRY_LATER or status >= 500:
        return Result(Outcome.LATER, reason)
    return Result(Outcome.REFUSED, reason)
