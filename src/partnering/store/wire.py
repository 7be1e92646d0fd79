"""Frames between the web process and a reader: a JSON header and a body, each with its length.

Both ends are ours and of one version; the lengths are network order, 32 and 64 bits.
"""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

_LENGTHS = struct.Struct("!IQ")
_encode = json.JSONEncoder(separators=(",", ":")).encode


def send(connection: socket.socket, header: dict[str, Any], body: bytes = b"") -> None:
    """Send one frame; raises ``OSError`` when the other end is gone."""
    head = _encode(header).encode()
    start = _LENGTHS.pack(len(head), len(body)) + head
    if len(body) < 65_536:
        connection.sendall(start + body)
    else:
        connection.sendall(start)
        connection.sendall(body)


def set_timeout(connection: socket.socket, seconds: float) -> None:
    """Let the kernel keep the time of a blocking socket: half the calls of Python's own way.

    A call that takes longer raises ``BlockingIOError``.
    """
    timeval = struct.pack("ll", int(seconds), int(seconds % 1 * 1_000_000))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, timeval)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeval)


def receive(connection: socket.socket) -> tuple[dict[str, Any], bytes]:
    """Read one frame; raises ``EOFError`` when the other end goes before it is whole."""
    frame = Incoming()
    while not frame.read(connection):
        pass
    return frame.parts()


class Incoming:
    """A frame on its way in."""

    size = 0
    """Bytes of the whole; 0 until that is known."""

    def __init__(self) -> None:
        self._start, self._head = b"", 0
        self._whole: bytearray | None = None
        self._filled = 0

    def read(self, connection: socket.socket, flags: int = 0) -> bool:
        """Read once; whether the frame is whole.

        Raises ``EOFError`` where the other end is gone.
        """
        if self._whole is not None:
            with memoryview(self._whole) as view:
                got = connection.recv_into(view[self._filled :], 0, flags)
            if not got:
                raise EOFError
            self._filled += got
            return self._filled == self.size
        piece = connection.recv(65_536, flags)
        if not piece:
            raise EOFError
        self._start += piece
        if len(self._start) < _LENGTHS.size:
            return False
        if not self.size:
            self._head, body = _LENGTHS.unpack_from(self._start)
            self.size = _LENGTHS.size + self._head + body
        if len(self._start) == self.size:
            return True
        self._whole, self._filled = bytearray(self.size), len(self._start)
        self._whole[: self._filled] = self._start
        return False

    def parts(self) -> tuple[dict[str, Any], bytes]:
        """Header and body of a whole frame."""
        whole = self._start if self._whole is None else bytes(self._whole)
        end = _LENGTHS.size + self._head
        return json.loads(whole[_LENGTHS.size : end]), whole[end:]
