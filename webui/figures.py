"""Figures: an evidence map, a timeline with lanes, a neighbourhood; laid out here, drawn by views.

Every figure is made from the rows of a panel, so that the table beneath it says the same.
Layouts depend on the rows alone: the same answer always gives the same picture.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import Flask
from partnering.webui import links, live, wording
from partnering.webui.panels import Panel
from partnering.webui.rows import Row
from partnering.webui.views import Heading

from partnering.answering.vocabulary import Choice
from partnering.namespaces import DATA


@dataclass(frozen=True)
class Spot:
    """A place of the evidence map: what was told there, or why nothing was."""

    state: str
    good: int = 0
    bad: int = 0
    told: tuple[str, ...] = ()
    spoken: str = ""
    href: str = ""


@dataclass(frozen=True)
class EvidenceMap:
    """Headings across and down and a spot where they cross; ``most`` is the longest bar."""

    across: tuple[Heading, ...]
    down: tuple[Heading, ...]
    spots: dict[tuple[str, str], Spot]
    most: int
    counts: dict[str, int] = field(default_factory=dict)

    def at(self, down: Heading, across: Heading) -> Spot:
        return self.spots[down.key, across.key]


def evidence_map(panel: Panel) -> EvidenceMap:
    """Rows of counts as a map.

    Options: ``down`` (a concept's column), ``across`` (``case``, or ``kind`` for nature and
    scale together), ``good`` and ``bad`` (columns of counts that speak for and against),
    ``also`` (further counts), ``cases`` (short names to keep), ``shared`` (how many columns
    must speak of a line for it to be shown; without it all of the scheme are).
    """
    option = panel.options
    by_kind = option["across"] == "kind"
    across = _kinds() if by_kind else _cases(option.get("cases"))
    counts = _arrangements() if by_kind else _told(panel, across)
    rows: dict[tuple[str, str], Row] = {}
    heads: dict[str, Heading] = {}
    for row in panel.rows:
        cell = row[option["down"]]
        place = _kind_key(row) if by_kind else _case(row)
        heads.setdefault(cell.key, Heading(cell.text, cell.iri, cell.href))
        rows[cell.key, place] = row
    down = _lines(heads, rows, across, option.get("shared"), option["down"])
    spots = {
        (line.key, head.key): _spot(panel, rows.get((line.key, head.key)), line, head,
                                    counts.get(head.key, 0), by_kind)
        for line in down for head in across
    }  # fmt: skip
    most = max([1, *(max(spot.good, spot.bad) for spot in spots.values())])
    return EvidenceMap(across, down, spots, most, counts if by_kind else {})


def _spot(
    panel: Panel, row: Row | None, line: Heading, head: Heading, count: int, by_kind: bool
) -> Spot:
    option = panel.options
    where = f"{wording.capital(line.text)}, {head.text}"
    if row is None:
        if by_kind:
            why = (
                f"{wording.counted(count, 'Arrangements')}, nobody speaks of it"
                if count
                else "no arrangement of this kind"
            )
        else:
            why = f"none of the {count} told here" if count else "nothing of this sort is told"
        return Spot("silent", told=(f"silent: {why}",), spoken=f"{where}: silent, {why}")
    good, bad = (int(row[option[name]].value or 0) for name in ("good", "bad"))
    told = [
        f"{cell.value} {cell.column.title.lower()}"
        for cell in row.only([option["good"], option["bad"], *option.get("also", ())])
        if cell.value
    ]
    state = "contested" if good and bad else "covered"
    said = f"{where}: {', '.join(told)}; {state}"
    return Spot(state, good, bad, tuple(told), said, row.why)


def _lines(
    heads: dict[str, Heading], rows: dict[tuple[str, str], Row], across: Sequence[Heading],
    shared: int | None, column: str,
) -> tuple[Heading, ...]:  # fmt: skip
    if shared:
        told = {key: len([1 for head in across if (key, head.key) in rows]) for key in heads}
        return tuple(head for key, head in heads.items() if told[key] >= shared)
    known = next((head.iri for head in heads.values()), "")
    scheme = live.knowledge().vocabulary.scheme_of(known)
    if not scheme or column != "group":
        return tuple(
            head for key, head in heads.items() if any((key, a.key) in rows for a in across)
        )
    tops = (
        one for one in live.knowledge().vocabulary.choices(f"scheme:{scheme}") if not one.broader
    )
    return tuple(_heading(one) for one in tops)


def _heading(choice: Choice) -> Heading:
    name = links.short(str(choice.iri))
    return Heading(choice.label, str(choice.iri), links.own_page(name), choice.definition)


@dataclass(frozen=True)
class Keyed(Heading):
    """A heading known by a name of its own rather than by the end of its IRI."""

    name: str = ""

    @property
    def key(self) -> str:
        return self.name


def _cases(chosen: Sequence[str] | None) -> tuple[Heading, ...]:
    return tuple(
        Keyed(choice.label, str(choice.iri), f"/cases/{choice.name}", name=choice.name)
        for choice in live.knowledge().vocabulary.choices("case")
        if not chosen or choice.name in chosen
    )


def _kinds() -> tuple[Heading, ...]:
    vocabulary = live.knowledge().vocabulary
    natures, scales = (vocabulary.choices(f"scheme:{name}") for name in ("nature", "scale"))
    return tuple(
        Keyed(f"{nature.label}, {scale.label}", name=f"{nature.name} {scale.name}")
        for nature in natures for scale in scales
    )  # fmt: skip


def _case(row: Row) -> str:
    return row["case"].iri.removeprefix(str(DATA)).partition("/")[0]


def _kind_key(row: Row) -> str:
    nature, scale = row["nature"].key, row["scale"].key
    return f"{nature.removeprefix('nature-')} {scale.removeprefix('scale-')}"


def _arrangements() -> dict[str, int]:
    """Arrangements in each cell of the typology."""
    held: dict[str, set[str]] = {}
    for row in live.service().ask("typology-grid").rows:
        if row["nature"] and row["scale"]:
            nature = links.short(row["nature"]).removeprefix("nature-")
            scale = links.short(row["scale"]).removeprefix("scale-")
            held.setdefault(f"{nature} {scale}", set()).add(row["arrangement"])
    return {key: len(found) for key, found in held.items()}


def _told(panel: Panel, across: Sequence[Heading]) -> dict[str, int]:
    """Findings of each case on the map, all lines together."""
    names = [panel.options[one] for one in ("good", "bad")] + list(panel.options.get("also", ()))
    found = dict.fromkeys((head.key for head in across), 0)
    for row in panel.rows:
        key = _case(row)
        if key in found:
            found[key] += sum(int(cell.value or 0) for cell in row.only(names))
    return found


@dataclass(frozen=True)
class Mark:
    """A phase or event of a timeline, at a place of the picture."""

    x: float
    y: float
    kind: str
    number: int
    spoken: str


@dataclass(frozen=True)
class Lanes:
    """A timeline: a lane for each arrangement, marks in the order of the story."""

    width: int
    height: int
    lanes: tuple[tuple[float, str], ...]
    marks: tuple[Mark, ...]
    years: tuple[tuple[float, str], ...]


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
    years: list[tuple[float, str]] = []
    for row in rows:
        x = round(step * (orders.index(row["order"].value) + 0.7), 1)
        y = HEAD + LANE * names.index(row["arrangement"].text) + 40
        beside = sum(1 for mark in marks if (mark.x, mark.y) == (x, y))
        kind, thing = row["kind"].text, row["thing"].text
        marks.append(Mark(x, y + 9 * beside, kind, row.number, f"{row.number}. {kind}: {thing}"))
        if row["year"] and row["year"].text not in [year for _, year in years]:
            years.append((x, row["year"].text))
    width = max(step * len(orders) + 20, 12 + 8 * max(len(name) for name in names))
    return Lanes(width, HEAD + LANE * len(names) + 8,
                 tuple((HEAD + LANE * at + 16.0, name) for at, name in enumerate(names)),
                 tuple(marks), tuple(years))  # fmt: skip


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


def register(app: Flask) -> None:
    """Give views their figures."""
    app.jinja_env.globals.update(
        evidence_map=evidence_map, lanes=lanes, neighbourhood=neighbourhood
    )
