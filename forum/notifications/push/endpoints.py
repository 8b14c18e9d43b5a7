"""Addresses of push services come from browsers, so from anybody: where they may lead.

A forum that posts to whatever address it is given could be sent to machines behind its own wall.
So only https to public addresses is taken, and what is connected to is the address judged, not
what the name says a moment later.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from forum.lib.networks import is_public

MAX_CHARS = 1000


class NotAllowed(Exception):
    """The address leads, or now leads, where the forum does not go; says why."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A push service's address for one device, taken apart."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Scheme, host and port, as the audience of a signature has it (RFC 8292, 2)."""
        usual = 443 if self.scheme == "https" else 80
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == usual else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


def parse(address: str) -> Endpoint:
    """The address taken apart. Asks no name server.

    Raises: NotAllowed for anything but https with a host, short and without user or fragment.
    """
    if len(address) > MAX_CHARS or not address.isprintable() or " " in address:
        raise NotAllowed("too long, or not an address")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise NotAllowed("not an address") from error
    if not parts.hostname or parts.username or parts.password or parts.fragment:
        raise NotAllowed("no host, or more than an address")
    if parts.scheme != "https" and not _is_own_test(parts.scheme, parts.hostname):
        raise NotAllowed("not https")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii() or not parts.hostname.isascii():
        raise NotAllowed("not written as an address is sent")
    return Endpoint(
        parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80), path
    )


def resolve(endpoint: Endpoint) -> str:
    """The public address of the host, to be connected to.

    Raises: NotAllowed where any of its addresses is not public; OSError where the name is unknown.
    """
    try:
        found = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a name longer than names are
        raise NotAllowed("no such name") from error
    addresses = [str(given[4][0]) for given in found]
    for address in addresses:
        if not is_allowed(address):
            raise NotAllowed(f"{endpoint.host} is not a public address")
    return addresses[0]


def is_allowed(address: str) -> bool:
    """Whether the forum may connect to this address: a public one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if (getattr(ip, "ipv4_mapped", None) or ip).is_loopback:
        return bool(settings.PUSH_TO_LOOPBACK)
    return is_public(address)


def _is_own_test(scheme: str, host: str) -> bool:
    is_here = scheme == "http" and host in ("127.0.0.1", "localhost")
    return is_here and bool(settings.PUSH_TO_LOOPBACK)
