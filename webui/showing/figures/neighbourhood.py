"""A thing and what is tied to it, on an ellipse; the same rows always give the same picture."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass

from partnering.webui.showing.panels import Panel
from partnering.webui.showing.rows import Cell, Row


@dataclass
class Tie:
    """One of the others, by its first row, and how often all of its rows tell it each way."""

    row: Row
    cell: Cell
    good: int = 0
    bad: int = 0


@dataclass(frozen=True)
class Neighbour:
    """A thing around the centre: its place, its words in lines, and what ties it."""

    x: float
    y: float
    anchor: str
    lines: tuple[str, ...]
    said: str
    good: float
    bad: float
    href: str
    ends: tuple[float, float]


@dataclass(frozen=True)
class Neighbourhood:
    """A centre and what is tied to it, on an ellipse or half of one; in the order of the rows."""

    width: int
    height: int
    x: float
    centre: tuple[str, ...]
    around: tuple[Neighbour, ...]
    left_out: int

    @property
    def y(self) -> float:
        return self.height / 2


MOST_AROUND, MOST_ASIDE = 14, 8
"""Things drawn around the centre, and on a phone, where they all stand on one side of it."""
STEP = 64
"""Height of one of them."""


def neighbourhood(panel: Panel, *, narrow: bool = False) -> Neighbourhood:
    """Rows of counts as ties between one thing and others.

    Options: ``around`` (the column of the others), ``good``, ``bad``, ``centre`` (its words).
    The most told of are drawn. ``narrow`` is for a phone, 340 px wide.
    """
    option = panel.options
    ties: dict[str, Tie] = {}
    for row in panel.rows:
        cell = row[option["around"]]
        tie = ties.setdefault(cell.iri or cell.text, Tie(row, cell))
        tie.good += int(row[option["good"]].value or 0)
        tie.bad += int(row[option["bad"]].value or 0)
    every = list(ties.values())
    most_drawn = MOST_ASIDE if narrow else MOST_AROUND
    told_most = sorted(every, key=lambda tie: -(tie.good + tie.bad))[:most_drawn]
    kept = [tie for tie in every if tie in told_most]
    most = max([1, *(number for tie in kept for number in (tie.good, tie.bad))])
    half = len(kept) if narrow else (len(kept) + 1) // 2
    width, height = 340 if narrow else 760, STEP * max(half, 2) + 40
    centre = width * (0.15 if narrow else 0.5)
    near, bend = (70, 40) if narrow else (90, 80)
    lines = textwrap.wrap(option["centre"], 10 if narrow else 16)[:5]
    words = (50 if narrow else 70, 10 * len(lines) + 6)
    around = []
    for at, tie in enumerate(kept):
        # Clockwise from the top: down the right side, up the left one.
        right = at < half
        place = at if right else len(kept) - 1 - at
        y = 20 + (height - 40) * (place + 0.5) / max(half if right else len(kept) - half, 1)
        bow = math.sqrt(max(0.0, 1 - ((y - height / 2) / (height / 2)) ** 2))
        x = centre + (near + bend * bow) * (1 if right else -1)
        told = [f"{number} {tie.row[option[name]].column.title.lower()}"
                for name, number in (("good", tie.good), ("bad", tie.bad)) if number]  # fmt: skip
        around.append(Neighbour(
            round(x, 1), round(y, 1), "start" if right else "end",
            tuple(textwrap.wrap(tie.cell.text, 22 if narrow else 24)[:3]), ", ".join(told),
            _thick(tie.good, most), _thick(tie.bad, most), tie.cell.href or tie.row.why,
            _towards(centre, height / 2, x, y, words),
        ))  # fmt: skip
    left_out = len(every) - len(kept)
    return Neighbourhood(width, height, centre, tuple(lines), tuple(around), left_out)


def _towards(
    x0: float, y0: float, x: float, y: float, words: tuple[float, float]
) -> tuple[float, float]:
    """Where a line from the centre comes out from under its words, so far to the sides and up."""
    part = min(1.0, words[0] / max(abs(x - x0), 1), words[1] / max(abs(y - y0), 1))
    return round(x0 + part * (x - x0), 1), round(y0 + part * (y - y0), 1)


def _thick(number: int, most: int) -> float:
    return round(1.2 + 4.3 * number / most, 1) if number else 0
