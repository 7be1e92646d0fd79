"""The waiting room in front of the readers, and what one query may take.

Nobody's query keeps another's waiting for long: one that has run for a while steps aside for those
who wait, into one of a few further places, and runs on there. Where these are taken too,
the query that has run longest is ended.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from partnering.errors import Busy

LONG = 0.5
"""Seconds after which a query steps aside if others wait."""
_SOON = 0.05
"""Seconds until it is looked again whether a query can be ended."""


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


@dataclass(eq=False)
class Place:
    """A query at work; ``end`` ends it at once, where that can be done."""

    since: float
    end: Callable[[], None] | None = None
    aside: bool = False
    crowded_out: bool = False


class Turn:
    """Somebody in the line; ``called`` is told, maybe by another thread, that there is a place."""

    def __init__(self, called: Callable[[], None], until: float) -> None:
        self.called, self.until = called, until
        self.place: Place | None = None


class Room:
    """A waiting room in front of so many readers, with ``aside`` more for what runs long."""

    def __init__(self, readers: int, limits: Limits, aside: int = 0) -> None:
        self.limits = limits
        self._readers = readers
        self._most_aside = aside
        self._lock = threading.Lock()
        self._places: list[Place] = []
        self._line: deque[Turn] = deque()

    @property
    def waiting(self) -> int:
        """How many queries wait for a reader."""
        return len(self._line)

    @property
    def running(self) -> int:
        """How many queries are at work."""
        return len(self._places)

    @contextlib.contextmanager
    def place(self) -> Iterator[Place]:
        """Wait for a reader, for a while; first come, first served."""
        turn = self.enter()
        try:
            assert turn.place is not None
            yield turn.place
        finally:
            self.leave(turn)

    def enter(self) -> Turn:
        """Wait for a place; who has one leaves in the end."""
        # A bare lock: an event is four of them, and the threads of a site take turns at every one.
        waiting = threading.Lock()
        waiting.acquire()
        turn = self.join(waiting.release)
        try:
            while (left := self.look(turn)) and not waiting.acquire(timeout=left):
                pass
        except BaseException:
            self.leave(turn)
            raise
        return turn

    def join(self, called: Callable[[], None]) -> Turn:
        """Take a place, or stand in the line until ``called``; ``Busy`` where that is full.

        Who joined looks every now and then, and leaves in the end.
        """
        with self._lock:
            turn = Turn(called, time.monotonic() + self.limits.patience)
            if not self._line and self._has_room():
                turn.place = self._begin()
            elif len(self._line) >= self.limits.max_waiting:
                raise self._busy()
            else:
                self._line.append(turn)
            return turn

    def look(self, turn: Turn) -> float:
        """Seconds after which who stands in the line looks again; 0 with a place.

        Who stands first in the line ends the query that has to end for it. Raises ``Busy`` where
        there was no place for as long as one waits.
        """
        longest = None
        with self._lock:
            self._admit()
            if turn.place is not None:
                return 0.0
            left = turn.until - time.monotonic()
            if left <= 0:
                raise self._busy()
            if self._line[0] is turn:
                longest = self._to_be_ended()
                left = min(left, self._until_one_is_long())
        if longest is not None and longest.end is not None:
            longest.end()
        # Who becomes the first in the line looks at those at work before one could be long.
        return min(left, LONG)

    def leave(self, turn: Turn) -> None:
        """Give a place back, or its turn up; whose turn it is then is called."""
        with self._lock:
            if turn.place is None:
                self._line.remove(turn)
            else:
                self._places.remove(turn.place)
            self._admit()

    def _admit(self) -> None:
        """Give those who wait the places there are: they need not look for themselves."""
        while self._line and self._has_room():
            turn = self._line.popleft()
            turn.place = self._begin()
            turn.called()

    def _begin(self) -> Place:
        place = Place(time.monotonic())
        self._places.append(place)
        return place

    def _has_room(self) -> bool:
        """Whether a query may begin; one that has run long steps aside for it."""
        oldest = self._oldest(aside=False)
        if oldest is None or self._count(aside=False) < self._readers:
            return True
        if self._is_long(oldest) and self._count(aside=True) < self._most_aside:
            oldest.aside = True
            return True
        return False

    def _to_be_ended(self) -> Place | None:
        """The query that ends for those who wait: the oldest aside, when another would step there."""
        oldest, longest = self._oldest(aside=False), self._oldest(aside=True)
        if oldest is None or longest is None or not self._is_long(oldest):
            return None
        if longest.crowded_out or longest.end is None:
            return None
        longest.crowded_out = True
        return longest

    def _until_one_is_long(self) -> float:
        oldest = self._oldest(aside=False)
        if not self._most_aside or oldest is None:
            return self.limits.patience
        return max(_SOON, oldest.since + LONG - time.monotonic())

    def _is_long(self, place: Place) -> bool:
        return time.monotonic() - place.since >= LONG

    def _oldest(self, *, aside: bool) -> Place | None:
        return next((place for place in self._places if place.aside is aside), None)

    def _count(self, *, aside: bool) -> int:
        return sum(place.aside is aside for place in self._places)

    def _busy(self) -> Busy:
        seconds = max(1, round(self.limits.deadline / 2))
        return Busy(
            "Every reader is at work on other queries.",
            retry_after=seconds,
            mend=f"ask again in {seconds} seconds",
        )
