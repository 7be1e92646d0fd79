"""Measured times as medians with their spread, and rows of the table they end in."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Timing:
    """Seconds: the median of some runs, and the middle half of them."""

    median: float
    low: float
    high: float
    runs: int

    @classmethod
    def of(cls, seconds: list[float]) -> Timing:
        """Of measured seconds; one is its own spread."""
        ordered = sorted(seconds)
        quarter = len(ordered) // 4
        return cls(
            statistics.median(ordered), ordered[quarter], ordered[-1 - quarter], len(ordered)
        )

    def __str__(self) -> str:
        return f"{spoken(self.median)} ({spoken(self.low)} to {spoken(self.high)})"


def spoken(seconds: float) -> str:
    """Seconds as people read them."""
    if seconds < 0.001:
        return f"{seconds * 1e6:.0f} µs"
    if seconds < 1:
        return f"{seconds * 1e3:.3g} ms"
    return f"{seconds:.3g} s" if seconds < 120 else f"{seconds / 60:.3g} min"


SLOW = 1.0
"""Seconds of one run from which it is not run again: what takes so long varies little."""


def timed(work: Callable[[], object], *, budget: float = 1.0, most: int = 15) -> Timing:
    """Run it as often as fits into ``budget`` seconds, at least three times, but once where it is slow."""
    seconds: list[float] = []
    gc.collect()
    while len(seconds) < 3 or (sum(seconds) < budget and len(seconds) < most):
        seconds.append(once(work).median)
        if seconds[-1] > SLOW:
            break
    return Timing.of(seconds)


def once(work: Callable[[], object]) -> Timing:
    """Run it once."""
    begun = time.perf_counter()
    work()
    return Timing.of([time.perf_counter() - begun])


@dataclass(frozen=True)
class Row:
    """One line of the table.

    ``figure`` and ``beside`` are medians with their spread, as text; ``ratio`` is the first by
    the second, and ``bound`` what it should keep to.
    """

    part: str
    what: str
    cases: int
    figure: str
    beside: str = ""
    ratio: float | None = None
    bound: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """As the table shows it."""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return (self.what, f"{self.cases:,}", self.figure, self.beside, ratio, self.bound)


@dataclass
class Found:
    """Rows of one part of a run as they come, and what the reader must know of it."""

    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    conditions: str = ""
    """The machine, versions, and how busy it was at the end."""

    def add(self, *rows: Row) -> None:
        for row in rows:
            self.rows.append(row)
            print(f"{row.part:8} {' | '.join(row.cells)}", flush=True)

    def note(self, text: str) -> None:
        self.notes.append(text)
        print(f"note: {text}", flush=True)

    def to_dict(self) -> dict[str, object]:
        """For the file of results."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> Found:
        """As it was kept."""
        rows = [Row(**row) for row in kept["rows"]]
        return cls(rows, kept["notes"], kept["conditions"])
