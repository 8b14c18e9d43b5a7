"""Turning newcomers away without hanging up on those who are at the door already.

Closing a listening socket resets every connection that the kernel has accepted and the server has
not: a proxy has sent its request by then, and will not send a POST twice. So the kernel is told
first to overlook new handshakes; who is overlooked asks again after a second and is refused then,
and the proxy takes the next server. Source: docs/decisions/0038-production.md.
"""

import contextlib
import ctypes
import socket
import struct

SO_ATTACH_FILTER = 26  # Linux; Python has no name for it

TCP_FLAGS_AT = 13
SYN, ACK = 0x02, 0x10
# A filter of four words of the kernel's packet language: of a TCP header that has SYN without ACK
# keep nothing, of every other keep all.
_FILTER = (
    (0x30, 0, 0, TCP_FLAGS_AT),  # load a byte
    (0x54, 0, 0, SYN | ACK),  # and
    (0x15, 0, 1, SYN),  # is it equal?
    (0x06, 0, 0, 0),  # return: nothing
    (0x06, 0, 0, 0xFFFFFFFF),  # return: all
)


def overlook(listener: socket.socket) -> None:
    """Let the listening socket begin no new connection; those begun still arrive.

    Raises: nothing; where the system has no such filter, the socket stays as it was.
    """
    words = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *word) for word in _FILTER))
    program = struct.pack("HL", len(_FILTER), ctypes.addressof(words))
    with contextlib.suppress(OSError):
        listener.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)
