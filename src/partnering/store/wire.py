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
    first = connection.recv(65_536)
    if not first:
        raise EOFError
    while len(first) < _LENGTHS.size:
        first += _more(connection)
    head_length, body_length = _LENGTHS.unpack_from(first)
    end = _LENGTHS.size + head_length
    if len(first) < end + body_length:
        first = _fill(connection, first, end + body_length)
    return json.loads(first[_LENGTHS.size : end]), first[end:]


def _more(connection: socket.socket) -> bytes:
    piece = connection.recv(65_536)
    if not piece:
        raise EOFError
    return piece


def _fill(connection: socket.socket, start: bytes, size: int) -> bytes:
    whole = bytearray(size)
    whole[: len(start)] = start
    view, filled = memoryview(whole), len(start)
    while filled < size:
        got = connection.recv_into(view[filled:])
        if not got:
            raise EOFError
        filled += got
    view.release()
    return bytes(whole)
