"""A line to a reader: one connection, one question at a time, kept open between questions.

To call a reader, wake it and learn who took the call costs more than a small query does.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
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
        self._answer = wire.Incoming()
        self._whole = False

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

    def tell(self, header: dict[str, Any], query: bytes, patience: float) -> None:
        """Send a question. One that fits into the line, as a short one does, waits for nobody.

        Raises ``Unread``, and closes the line where it raises.
        """
        with self._closing():
            if patience != self._patience:
                wire.set_timeout(self._connection, patience)
                self._patience = patience
            self._answer = wire.Incoming()
            wire.send(self._connection, header, query)

    def hear(self) -> tuple[dict[str, Any], bytes]:
        """Wait for the answer; without one the line is closed.

        Raises ``Unread``, ``EOFError`` where the reader fell over the question, and
        ``BlockingIOError`` where it takes longer than ``patience`` seconds.
        """
        with self._closing():
            while not self._whole:
                self._whole = self._answer.read(self._connection)
        self._whole = False
        return self._answer.parts()

    def listen(self) -> bool:
        """Read what has come, without waiting for more; whether the answer is whole.

        Raises as ``hear`` does, but for ``BlockingIOError``.
        """
        with self._closing(), contextlib.suppress(BlockingIOError):
            self._whole = self._answer.read(self._connection, socket.MSG_DONTWAIT)
        return self._whole

    @property
    def coming(self) -> int:
        """Bytes that the answer will have; 0 until that is known."""
        return self._answer.size

    def fileno(self) -> int:
        """The descriptor on which an answer is seen to come."""
        return self._connection.fileno()

    @contextlib.contextmanager
    def _closing(self) -> Iterator[None]:
        try:
            yield
        except (OSError, EOFError) as error:
            self.close()
            # The kernel resets a line whose other end goes with something unread on it.
            if isinstance(error, BrokenPipeError | ConnectionResetError):
                raise Unread from error
            raise

    def close(self) -> None:
        """Let the reader take another call."""
        self._connection.close()
