"""The waiting room in front of the readers, and what one query may take."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from partnering.errors import Busy


@dataclass(frozen=True)
class Limits:
    """What one query may take. Seconds, bytes, rows."""

    deadline: float = 10.0
    memory: int = 512 << 20
    """Bytes of address space above the loaded index."""
    max_rows: int = 1_000_000
    max_bytes: int = 64 << 20
    max_waiting: int = 64
    """Queries that may wait for a reader; one more is told to come back."""
    patience: float = 5.0
    """Seconds a query waits for a reader before it is told to come back."""


class Room:
    """A waiting room in front of so many readers."""

    def __init__(self, readers: int, limits: Limits) -> None:
        self.limits = limits
        self._free = threading.Semaphore(readers)
        self._lock = threading.Lock()
        self.waiting = 0
        self.running = 0

    @contextlib.contextmanager
    def place(self) -> Iterator[None]:
        """Wait for a reader, for a while."""
        if not self._free.acquire(blocking=False):
            self._wait()
        with self._lock:
            self.running += 1
        try:
            yield
        finally:
            with self._lock:
                self.running -= 1
            self._free.release()

    def _wait(self) -> None:
        with self._lock:
            if self.waiting >= self.limits.max_waiting:
                raise self._busy()
            self.waiting += 1
        try:
            if not self._free.acquire(timeout=self.limits.patience):
                raise self._busy()
        finally:
            with self._lock:
                self.waiting -= 1

    def _busy(self) -> Busy:
        seconds = max(1, round(self.limits.deadline / 2))
        return Busy(
            "Every reader is at work on other queries.",
            retry_after=seconds,
            mend=f"ask again in {seconds} seconds",
        )
