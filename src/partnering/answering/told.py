"""What is to be known of many things at once, asked in one query.

Each kind of knowledge is a plain join over ``?thing``; all of them stand beside each other in
a UNION, so that what a page needs does not take a query each. (With optional parts instead the
engine takes far longer.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rdflib import URIRef

from partnering.namespaces import CONCEPT, PTN
from partnering.store.base import Engine, select

BATCH = 400
"""Things that one query names."""
_PROLOGUE = f"""PREFIX concept: <{CONCEPT}>
PREFIX ptn: <{PTN}>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""

Told = dict[str, list[tuple[str, ...]]]
"""By a pattern's name its rows: the thing's IRI, then the pattern's cells, IRIs and words."""


@dataclass(frozen=True)
class Pattern:
    """One kind of knowledge: what must be met of ``?thing``, and the variables that tell it."""

    name: str
    cells: tuple[str, ...]
    where: str


def told(engine: Engine, things: Iterable[str], patterns: Iterable[Pattern]) -> Told:
    """All that the patterns find of some things, each row once, in the order of their words."""
    asked = tuple(patterns)
    found: Told = {pattern.name: [] for pattern in asked}
    cells = {pattern.name: pattern.cells for pattern in asked}
    for batch in batches(things) if asked else ():
        table = select(engine, _query(batch, asked))
        at = {name: place for place, name in enumerate(table.columns)}
        for row in table.rows:
            name = str(row[at["told"]])
            found[name].append(tuple(str(row[at[cell]]) for cell in ("thing", *cells[name])))
    for rows in found.values():
        rows.sort()
    return found


def _query(batch: str, patterns: tuple[Pattern, ...]) -> str:
    names = dict.fromkeys(cell for pattern in patterns for cell in pattern.cells)
    parts = " UNION ".join(
        f'{{ VALUES ?thing {{ {batch} }} {pattern.where} BIND ("{pattern.name}" AS ?told) }}'
        for pattern in patterns
    )
    listed = "".join(f" ?{name}" for name in names)
    return f"{_PROLOGUE}SELECT DISTINCT ?told ?thing{listed} WHERE {{ {parts} }}"


def batches(iris: Iterable[str]) -> Iterator[str]:
    """IRIs as they stand in a VALUES block, so many at a time."""
    ordered = sorted(set(iris))
    for at in range(0, len(ordered), BATCH):
        yield " ".join(URIRef(iri).n3() for iri in ordered[at : at + BATCH])
