"""How far long work has come, and how long the rest will take at the pace of late."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass

_WINDOW = 60.0
"""Seconds of work by which the pace is judged."""
_EVERY = 1.0
"""Seconds between two marks."""


@dataclass(frozen=True)
class Progress:
    """So many of so many done; ``left`` is in seconds, None until there is a pace to judge by."""

    what: str
    done: int
    of: int
    left: float | None

    def __str__(self) -> str:
        share = f"{self.what} {self.done:,} of {self.of:,}"
        return f"{share}, {_spoken(self.left)} left" if self.left is not None else share


class Pace:
    """Watches work being done. What was known already is no work and must not be counted."""

    def __init__(self, what: str, of: int) -> None:
        self._what = what
        self._of = of
        self._done = 0
        self._marks = deque([(time.monotonic(), 0)])

    def one_more(self) -> Progress | None:
        """Count one thing done; where it stands now, about once a second and at the end."""
        self._done += 1
        now = time.monotonic()
        if now - self._marks[-1][0] < _EVERY and self._done < self._of:
            return None
        self._marks.append((now, self._done))
        while len(self._marks) > 2 and now - self._marks[1][0] > _WINDOW:
            self._marks.popleft()
        begun, before = self._marks[0]
        pace = (self._done - before) / max(now - begun, 1e-9)
        return Progress(self._what, self._done, self._of, (self._of - self._done) / pace)


def _spoken(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02} min"
