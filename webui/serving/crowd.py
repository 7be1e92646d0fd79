"""Who is let go when the door is crowded: connections that ask nothing, the longest waiting first.

A client that sends its request a letter at a time, or does not read its answer, costs a
connection; without end to how many there may be, or with nobody let go, enough of them would
keep everybody else out.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from typing import Any

from waitress.buffers import ReadOnlyFileBasedBuffer
from waitress.channel import HTTPChannel

CROWDED = 320
"""Connections, of those the server takes at once, from which each new one costs an idle one."""
MOST_PENDING = 256 << 20
"""Bytes of answers that wait on disk for clients that do not read them."""


class Channel(HTTPChannel):
    """A connection that makes room for itself."""

    waiting_since = 0.0
    """When its last answer was made, or when it came."""

    def __init__(self, server: Any, sock: Any, addr: Any, adj: Any, map: Any = None) -> None:
        super().__init__(server, sock, addr, adj, map)
        self.waiting_since = time.monotonic()
        make_room(server.active_channels.values(), self)

    def service(self) -> None:
        """Answer one request."""
        super().service()
        self.waiting_since = time.monotonic()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is done for it at the moment but to wait for it."""
        return not self.requests and not self.will_close

    @property
    def pending(self) -> int:
        """Bytes of its answer that lie on disk or in memory; files of ours do not count."""
        return sum(len(b) for b in self.outbufs if not isinstance(b, ReadOnlyFileBasedBuffer))


def watch(server: Any, patience: float) -> None:
    """Look at all connections every now and then, in the thread that serves them.

    The server's own look only marks them, and one whose client reads nothing would stay.
    """
    marks = server.maintenance

    def maintenance(now: float) -> None:
        marks(now)
        for channel in list(server.active_channels.values()):
            if not channel.requests and channel.last_activity < now - patience:
                channel.handle_close()
        free_disk(server.active_channels.values())

    server.maintenance = maintenance


def make_room(channels: Collection[Channel], newest: Channel) -> None:
    """Let go of whoever waits longest, one for one, where there are too many."""
    if len(channels) <= CROWDED:
        return
    idle = (channel for channel in channels if channel.is_idle and channel is not newest)
    longest = min(idle, key=lambda channel: channel.waiting_since, default=None)
    if longest is not None:
        longest.handle_close()


def free_disk(channels: Iterable[Channel]) -> None:
    """Let go of whoever has not read its answer for longest, where too much waits to be read."""
    waiting = sorted((c for c in channels if c.is_idle and c.pending),
                     key=lambda channel: channel.waiting_since)  # fmt: skip
    total = sum(channel.pending for channel in waiting)
    for channel in waiting:
        if total <= MOST_PENDING:
            return
        total -= channel.pending
        channel.handle_close()
