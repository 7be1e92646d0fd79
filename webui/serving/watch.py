"""Waiting for any of many connections, without asking each of them before what it waits for.

Waitress asks all of them, every time; with a few dozen open that takes as long as to answer a small
query. Here those are asked to which something happened; and all of them once a second, when there
is a new one, and when another thread has worked on one, which it tells by pulling the trigger.
"""

from __future__ import annotations

import select
import time
from typing import Any

from waitress import wasyncore

ALL_EVERY = 1.0
"""Seconds until all are asked, whatever happened."""


class Watch:
    """The connections of one server, and whatever else it waits for."""

    def __init__(self, server: Any) -> None:
        self._map: dict[int, Any] = server._map
        self._telling = (server, server.trigger)
        self._poll = select.poll()
        self._flags: dict[int, int] = {}
        self._changed: set[int] = set()
        self._all_at = 0.0

    def add(self, descriptor: int, watched: Any) -> None:
        """Wait for this, too; it is handled as waitress handles its own."""
        self._map[descriptor] = watched
        self._changed.add(descriptor)

    def remove(self, descriptor: int) -> None:
        """Wait for it no longer."""
        self._map.pop(descriptor, None)
        self._changed.add(descriptor)

    def look(self, seconds: float) -> None:
        """Handle what has happened, or the first that does within so many seconds."""
        now = time.monotonic()
        if now >= self._all_at:
            self._changed.update(self._map, self._flags)
            self._all_at = now + ALL_EVERY
        changed, self._changed = self._changed, set()
        for descriptor in changed:
            self._ask(descriptor)
        for descriptor, flags in self._poll.poll(1000 * seconds):
            self._changed.add(descriptor)
            watched = self._map.get(descriptor)
            if watched is not None:
                if watched in self._telling:
                    self._all_at = 0.0
                wasyncore.readwrite(watched, flags)

    def _ask(self, descriptor: int) -> None:
        watched, flags = self._map.get(descriptor), 0
        if watched is not None:
            if watched.readable():
                flags |= select.POLLIN | select.POLLPRI
            if watched.writable() and not watched.accepting:
                flags |= select.POLLOUT
        if flags == self._flags.get(descriptor, 0):
            return
        if flags:
            self._poll.register(descriptor, flags)
            self._flags[descriptor] = flags
        else:
            self._poll.unregister(descriptor)
            del self._flags[descriptor]
