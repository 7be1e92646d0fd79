"""A thing and what is tied to it, on an ellipse; the same rows always give the same picture."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass

from partnering.webui.showing.panels import Panel


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
    """A centre and what is tied to it, on an ellipse; the order is that of the rows."""

    width: int
    height: int
    centre: tuple[str, ...]
    around: tuple[Neighbour, ...]
    left_out: int


MOST_AROUND = 14


def neighbourhood(panel: Panel) -> Neighbourhood:
    """Rows of counts as ties between one thing and others.

    Options: ``around`` (the column of the others), ``good``, ``bad``, ``centre`` (its words).
    The most told of stand nearest to the top of their own group's order.
    """
    option = panel.options
    counts = {
        row.number: tuple(int(row[option[name]].value or 0) for name in ("good", "bad"))
        for row in panel.rows
    }
    kept = sorted(panel.rows, key=lambda row: (-sum(counts[row.number]), row.number))[:MOST_AROUND]
    kept.sort(key=lambda row: row.number)
    most = max([1, *(number for row in kept for number in counts[row.number])])
    half = (len(kept) + 1) // 2
    width, height = 760, 64 * half + 40
    around = []
    for at, row in enumerate(kept):
        # Clockwise from the top: down the right side, up the left one.
        right = at < half
        place = at if right else len(kept) - 1 - at
        y = 20 + 64 * (place + 0.5) * (half / max(half if right else len(kept) - half, 1))
        bow = math.sqrt(max(0.0, 1 - ((y - height / 2) / (height / 2)) ** 2))
        x = width / 2 + (90 + 80 * bow) * (1 if right else -1)
        cell = row[option["around"]]
        good, bad = counts[row.number]
        told = [f"{number} {row[option[name]].column.title.lower()}"
                for name, number in (("good", good), ("bad", bad)) if number]  # fmt: skip
        around.append(Neighbour(
            round(x, 1), round(y, 1), "start" if right else "end",
            tuple(textwrap.wrap(cell.text, 24)[:3]), ", ".join(told),
            _thick(good, most), _thick(bad, most), cell.href or row.why,
            _towards(width / 2, height / 2, x, y),
        ))  # fmt: skip
    return Neighbourhood(width, height, tuple(textwrap.wrap(option["centre"], 16)[:4]),
                         tuple(around), len(panel.rows) - len(kept))  # fmt: skip


def _towards(x0: float, y0: float, x: float, y: float) -> tuple[float, float]:
    """Where a line from the centre comes out from under its words."""
    part = min(1.0, 70 / max(abs(x - x0), 1), 34 / max(abs(y - y0), 1))
    return round(x0 + part * (x - x0), 1), round(y0 + part * (y - y0), 1)


def _thick(number: int, most: int) -> float:
    return round(1.2 + 4.3 * number / most, 1) if number else 0
