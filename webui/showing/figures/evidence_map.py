"""An evidence map: how much was told for and against where two headings cross, or why nothing was.

Made from the rows of a panel, so that the table of the same answer says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from partnering.webui import links, live
from partnering.webui.showing import wording
from partnering.webui.showing.panels import Panel
from partnering.webui.showing.rows import Row
from partnering.webui.showing.views import Heading

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
