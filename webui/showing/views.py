"""The shapes an answer's rows can take: groups under headings, a matrix of two columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from partnering.webui import links

from partnering.answering.vocabulary import Choice, Vocabulary

if TYPE_CHECKING:
    from partnering.webui.showing.rows import Cell, Row

UNSETTLED = "not settled by the source"


@dataclass(frozen=True)
class Heading:
    """What stands over a group, a line or a column of a matrix."""

    text: str
    iri: str = ""
    href: str | None = None
    definition: str = ""

    @property
    def key(self) -> str:
        return links.short(self.iri) if self.iri else ""


@dataclass
class Group:
    """Rows under one heading."""

    heading: Heading
    rows: list[Row] = field(default_factory=list)

    def distinct(self, name: str) -> list[Cell]:
        """What stands in one column, each once."""
        return distinct(self.rows, name)


@dataclass(frozen=True)
class Merged:
    """Rows about one statement, shown as one; each thing they say stands once."""

    rows: list[Row]

    @property
    def number(self) -> int:
        return self.rows[0].number

    @property
    def why(self) -> str:
        return self.rows[0].why

    @property
    def called(self) -> str:
        return self.rows[0].called

    def only(self, names: Iterable[str]) -> list[Cell]:
        """Some of its cells, in that order."""
        return [cell for name in names for cell in distinct(self.rows, name)]


@dataclass(frozen=True)
class Branch:
    """A group's own row, its members that something is said of, and the others."""

    head: Row
    spoken: list[Row]
    silent: list[Row]


@dataclass(frozen=True)
class Matrix:
    """Headings across and down, and the rows that stand where they cross."""

    across: tuple[Heading, ...]
    down: tuple[Heading, ...]
    cells: dict[tuple[str, str], list[Row]]

    def at(self, down: Heading, across: Heading) -> list[Row]:
        return self.cells.get((down.iri or down.text, across.iri or across.text), [])


def grouped(
    rows: Sequence[Row], by: str, vocabulary: Vocabulary, *, otherwise: str = UNSETTLED
) -> list[Group]:
    """Rows by the value of one column; ``factor^`` means the concept above a factor.

    Groups stand in the order of their first rows; those of concepts in the scheme's order.
    """
    name, above = by.removesuffix("^"), by.endswith("^")
    found: dict[str, Group] = {}
    headings: dict[str, Heading] = {}
    for row in rows:
        cell = row[name]
        key = cell.iri or cell.text
        if key not in headings:
            heading = _heading(cell, otherwise)
            headings[key] = _top(heading, vocabulary) if above else heading
        heading = headings[key]
        found.setdefault(heading.iri or heading.text, Group(heading)).rows.append(row)
    order = _order(found, vocabulary)
    return sorted(found.values(), key=lambda group: order.get(group.heading.iri, len(order)))


def distinct(rows: Sequence[Row], name: str) -> list[Cell]:
    """What stands in one column of some rows, each once, in their order."""
    return list({row[name].text: row[name] for row in rows if row[name]}.values())


def merged(rows: Sequence[Row], words: str) -> list[Merged]:
    """One for all rows whose column ``words`` holds the same thing."""
    found: dict[str, Merged] = {}
    for row in rows:
        found.setdefault(row[words].iri or row[words].text, Merged([])).rows.append(row)
    return list(found.values())


def tree(rows: Sequence[Row], name: str, under: str, counts: Sequence[str]) -> list[Branch]:
    """Rows without anything in ``under`` as heads, the others below what they name there."""
    heads = {row[name].iri: Branch(row, [], []) for row in rows if not row[under]}
    for row in rows:
        branch = heads.get(row[under].iri)
        if branch:
            told = any(row[count].value for count in counts)
            (branch.spoken if told else branch.silent).append(row)
    return list(heads.values())


def matrix(
    rows: Sequence[Row],
    down: str,
    across: str,
    vocabulary: Vocabulary,
    *,
    show: Sequence[str],
    whole: Collection[str] = (),
) -> Matrix:
    """Rows in the cells of two columns; two that would look the same in one cell are one.

    A column named in ``whole`` shows every concept of its scheme, met or not, so that an
    empty place is seen to be empty.
    """
    cells: dict[tuple[str, str], list[Row]] = {}
    met: set[tuple[str, ...]] = set()
    heads: dict[str, dict[str, Heading]] = {down: {}, across: {}}
    for name in whole:
        kind = next((row[name].iri for row in rows if row[name].iri), "")
        heads[name] |= {str(c.iri): _of_choice(c) for c in _scheme_of(kind, vocabulary)}
    for row in rows:
        place = []
        for name in (down, across):
            heading = _heading(row[name])
            heads[name].setdefault(heading.iri or heading.text, heading)
            place.append(heading.iri or heading.text)
        there = cells.setdefault((place[0], place[1]), [])
        looks = (*place, *(cell.text for cell in row.only(show)))
        if looks not in met:
            met.add(looks)
            there.append(row)
    cases = {name for name in heads for row in rows[:1] if row[name].column.kind == "case"}
    order = {name: sorted(heads[name].values(), key=_by_text if name in cases else _settled)
             for name in heads}  # fmt: skip
    return Matrix(tuple(order[across]), tuple(order[down]), cells)


def _by_text(heading: Heading) -> str:
    return heading.text


def _settled(heading: Heading) -> bool:
    """As met, with what is not settled last."""
    return heading.text == UNSETTLED


def _heading(cell: Cell, otherwise: str = UNSETTLED) -> Heading:
    return Heading(cell.text or otherwise, cell.iri, cell.href)


def _of_choice(choice: Choice) -> Heading:
    name = links.short(str(choice.iri))
    return Heading(choice.label, str(choice.iri), links.own_page(name), choice.definition)


def _top(heading: Heading, vocabulary: Vocabulary) -> Heading:
    held = {str(choice.iri): choice for choice in _scheme_of(heading.iri, vocabulary)}
    choice = held.get(heading.iri)
    while choice is not None and choice.broader is not None and str(choice.broader) in held:
        choice = held[str(choice.broader)]
    return _of_choice(choice) if choice else heading


def _scheme_of(iri: str, vocabulary: Vocabulary) -> tuple[Choice, ...]:
    scheme = vocabulary.scheme_of(iri)
    return vocabulary.choices(f"scheme:{scheme}") if scheme else ()


def _order(found: dict[str, Group], vocabulary: Vocabulary) -> dict[str, int]:
    """Places of headings: a scheme's own order where they are concepts of one."""
    for iri in found:
        scheme = _scheme_of(iri, vocabulary)
        if scheme:
            return {str(choice.iri): place for place, choice in enumerate(scheme)}
    return {iri: place for place, iri in enumerate(found)}
