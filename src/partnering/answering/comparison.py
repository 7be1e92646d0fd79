"""Two answers to one question held against each other, by IRIs and values, not by labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from partnering.answering.questions import Question
from partnering.namespaces import BASE, DATA, PREFIXES
from partnering.store.base import Row, Table


@dataclass(frozen=True)
class Comparison:
    """Rows that went, came, or kept their thing and changed in a cell (before, after).

    Rows are whole, labels included, as they stood in the table they come from.
    """

    lost: tuple[Row, ...] = ()
    gained: tuple[Row, ...] = ()
    changed: tuple[tuple[Row, Row], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lost or self.gained or self.changed)

    @property
    def keys(self) -> tuple[frozenset[Row], frozenset[Row], frozenset[tuple[Row, Row]]]:
        """The same without order."""
        return frozenset(self.lost), frozenset(self.gained), frozenset(self.changed)


@dataclass(frozen=True)
class Shape:
    """Which columns of a question's table say what a row is, and which only name it."""

    columns: tuple[str, ...]
    plain: tuple[int, ...]
    identity: tuple[int, ...]

    @classmethod
    def of(cls, question: Question) -> Shape:
        """``identity`` is the finding a row is about, else all its things that are no values."""
        columns = question.variables
        plain = tuple(columns.index(column.name) for column in question.columns)
        kinds = {column.name: column.kind for column in question.columns}
        things = [at for at in plain if kinds[columns[at]] not in ("number", "text", "date")]
        findings = [at for at in things if kinds[columns[at]] == "finding"]
        return cls(columns, plain, tuple(findings or things or plain))

    def bare(self, row: Row) -> Row:
        """A row without its labels."""
        return tuple(row[at] for at in self.plain)

    def name(self, row: Row) -> Row:
        """The cells that say which row it is."""
        return tuple(row[at] for at in self.identity)


def compare(question: Question, before: Table, after: Table) -> Comparison:
    """What became of a question's rows; the order of rows and the labels do not count."""
    shape = Shape.of(question)
    lost, gained = _surplus(shape, before, after), _surplus(shape, after, before)
    if not lost and not gained:
        return Comparison()
    changed = []
    for row in list(gained):
        twin = next((old for old in lost if shape.name(old) == shape.name(row)), None)
        if twin is not None:
            lost.remove(twin)
            gained.remove(row)
            changed.append((twin, row))
    return Comparison(tuple(lost), tuple(gained), tuple(changed))


def _surplus(shape: Shape, table: Table, other: Table) -> list[Row]:
    """Rows of one table that the other has not, or not as often."""
    spare = Counter(shape.bare(row) for row in other.rows)
    found = []
    for row in sorted(table.rows, key=lambda row: [str(cell) for cell in shape.bare(row)]):
        if spare[shape.bare(row)]:
            spare[shape.bare(row)] -= 1
        else:
            found.append(row)
    return found


def say(question: Question, row: Row) -> str:
    """A row in words: its first thing, then what else it says, labels for things."""
    cells = dict(zip(question.variables, row, strict=True))
    said: list[str] = []
    for column in question.columns:
        cell = (
            cells[column.label] if column.label and cells.get(column.label) else cells[column.name]
        )
        if cell is not None and str(cell):
            said.append(f"{column.title}: {short(cell)}" if said else short(cell))
    return " · ".join(said)


def say_change(question: Question, before: Row, after: Row) -> str:
    """What changed in a row, in words."""
    old = dict(zip(question.variables, before, strict=True))
    new = dict(zip(question.variables, after, strict=True))
    first = question.columns[0]
    parts = []
    for column in question.columns:
        if old[column.name] != new[column.name]:
            shown = column.label or column.name
            parts.append(f"{column.title} {short(old[shown])} → {short(new[shown])}")
    return f"{short(new[first.label or first.name])}: {', '.join(parts)}"


def short(cell: Identifier | None) -> str:
    """A cell as people read it: an IRI by its short name, a literal as its text."""
    if cell is None:
        return "–"
    if not isinstance(cell, URIRef):
        return str(cell)
    return name_of(str(cell))


def name_of(iri: str) -> str:
    """An IRI's short name: ``case-e/merger``, ``factor-trust``, ``ptn:Finding``."""
    for start in (str(DATA), f"{BASE}vocab/", BASE):
        if iri.startswith(start) and "#" not in iri:
            return iri.removeprefix(start)
    fitting = [(s, prefix) for prefix, s in PREFIXES.items() if iri.startswith(s)]
    if not fitting:
        return iri
    start, prefix = max(fitting, key=lambda pair: len(pair[0]))
    return f"{prefix}:{iri.removeprefix(start)}"


def literal(cell: Identifier | None) -> bool:
    """Whether a cell is a value, not a thing."""
    return isinstance(cell, Literal)


def listed(items: Iterable[str], most: int = 3) -> str:
    """A few of many, and how many more."""
    held: Sequence[str] = list(items)
    more = f" and {len(held) - most} more" if len(held) > most else ""
    return "; ".join(held[:most]) + more
