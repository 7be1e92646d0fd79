"""A line to a reader: one connection, one question at a time, kept open between questions.

To call a reader, wake it and learn who took the call costs more than a small query does.
"""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from partnering.store import wire


class Unread(Exception):
    """The reader was gone before it had read the question: another one may be asked."""


class Line:
    """An open connection to the reader ``pid``."""

    def __init__(self, connection: socket.socket, pid: int, patience: float) -> None:
        self.pid = pid
        self._connection = connection
        self._patience = patience

    @classmethod
    def open(cls, path: Path, patience: float) -> Line:
        """Call whichever reader is free.

        Raises ``Unread``, or ``BlockingIOError`` where none speaks within ``patience`` seconds.
        """
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            wire.set_timeout(connection, patience)
            connection.connect(str(path))
            # A reader says who it is as soon as it has taken the call.
            said = connection.recv(4, socket.MSG_WAITALL)
        except OSError as error:
            connection.close()
            if isinstance(error, BlockingIOError):
                raise
            raise Unread from error
        if len(said) < 4:
            connection.close()
            raise Unread
        return cls(connection, int.from_bytes(said, "big"), patience)

    def ask(
        self, header: dict[str, Any], query: bytes, patience: float
    ) -> tuple[dict[str, Any], bytes]:
        """One answer; without one the line is closed.

        Raises ``Unread``, ``EOFError`` where the reader fell over the question, and
        ``BlockingIOError`` where it takes longer than ``patience`` seconds.
        """
        try:
            if patience != self._patience:
                wire.set_timeout(self._connection, patience)
                self._patience = patience
            wire.send(self._connection, header, query)
            return wire.receive(self._connection)
        except (OSError, EOFError) as error:
            self.close()
            # The kernel resets a line whose other end goes with something unread on it.
            if isinstance(error, BrokenPipeError | ConnectionResetError):
                raise Unread from error
            raise

    def close(self) -> None:
        """Let the reader take another call."""
        self._connection.close()
