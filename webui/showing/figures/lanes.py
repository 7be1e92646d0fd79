"""A timeline as a picture: a lane for each arrangement, marks in the order of the story."""

from __future__ import annotations

from dataclasses import dataclass

from partnering.webui.showing.panels import Panel


@dataclass(frozen=True)
class Mark:
    """A phase or event of a timeline, at a place of the picture."""

    x: int
    y: int
    kind: str
    number: int
    spoken: str


@dataclass(frozen=True)
class Lanes:
    """A timeline: a lane for each arrangement, marks in the order of the story."""

    width: int
    height: int
    lanes: tuple[tuple[int, str], ...]
    marks: tuple[Mark, ...]
    years: tuple[tuple[int, str], ...]


LANE, HEAD = 62, 34


def lanes(panel: Panel) -> Lanes | None:
    """A panel of phases and events as a picture; None where there is too little to draw."""
    rows = panel.shown
    if len(rows) < 3:
        return None
    names = list(dict.fromkeys(row["arrangement"].text for row in rows))
    orders = list(dict.fromkeys(row["order"].value for row in rows))
    step = max(38, min(46, 880 // len(orders)))
    marks: list[Mark] = []
    years: list[tuple[int, str]] = []
    for row in rows:
        x = round(step * (orders.index(row["order"].value) + 0.7))
        y = HEAD + LANE * names.index(row["arrangement"].text) + 40
        beside = sum(1 for mark in marks if (mark.x, mark.y) == (x, y))
        kind, thing = row["kind"].text, row["thing"].text
        marks.append(Mark(x, y + 9 * beside, kind, row.number, f"{row.number}. {thing}"))
        if row["year"] and row["year"].text not in [year for _, year in years]:
            years.append((x, row["year"].text))
    width = max(step * len(orders) + 20, 12 + 9 * max(len(name) for name in names))
    return Lanes(width, HEAD + LANE * len(names) + 8,
                 tuple((HEAD + LANE * at + 16, name) for at, name in enumerate(names)),
                 tuple(marks), tuple(years))  # fmt: skip
