"""Proof that an explanation holds: the triples behind a row, and the row found again in them alone.

``proof_graph`` gathers what the query's triple patterns matched for one row; ``proves``
loads those triples into an empty store, asks the whole query again and looks for the row.
``partnering answers prove`` does so for every row of the catalogue and prints the count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, Path, SequencePath
from rdflib.term import Identifier, Node

from partnering.anatomy import Anatomy
from partnering.answering.algebra import algebra
from partnering.answering.rebinding import levels
from partnering.store.base import Engine, Table, construct, select
from partnering.store.embedded import EmbeddedEngine

if TYPE_CHECKING:
    from rdflib.plugins.sparql.parserutils import CompValue

Triple = tuple[Node, Node, Node]
Triples = tuple[Triple, ...]
BATCH = 400
_BELOW = ("p", "p1", "p2")


def proof_graph(engine: Engine, query: str, row: Mapping[str, Identifier | None]) -> Graph:
    """Every triple that the query's patterns matched for one row, cells given by column name.

    Optional parts stand in it where they were bound, unions with the branches that held, and
    nested SELECTs with the members of their groups. What was searched and not found (MINUS,
    NOT EXISTS) leaves no triple, and paths of any length (``+``, ``*``) none of their steps.
    """
    candidates = Graph()
    for level in levels(query, row):
        for found in _matched(engine, level.select, level.solutions):
            candidates += found
    return _held(engine, candidates)


def proves(query: str, row: Mapping[str, Identifier | None], graph: Graph) -> bool:
    """Whether the query, asked of this graph and nothing else, gives the row again."""
    store = ox.Store()
    lines = graph.serialize(format="nt", encoding="utf-8")
    store.load(lines, format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode("urn:proof"))
    table = select(EmbeddedEngine(store), query)
    return tuple(row.get(name) for name in table.columns) in table.rows


def unproved(engine: Engine, query: str, table: Table) -> list[int]:
    """Numbers from 0 of the rows of a query's table that their triples alone do not give."""
    found = []
    for number, cells in enumerate(table.rows):
        row = dict(zip(table.columns, cells, strict=True))
        if not proves(query, row, proof_graph(engine, query, row)):
            found.append(number)
    return found


def _matched(engine: Engine, parts: Anatomy, solutions: str) -> Iterator[Graph]:
    """Triples that one SELECT's own patterns matched in some solutions."""
    plain, stepped = _triples(parts.prologue, parts.body)
    if plain:
        yield construct(
            engine, f"{parts.prologue}CONSTRUCT {{ {_text(plain)} }} WHERE {{ {solutions} }}"
        )
    for steps in stepped:
        where = f"{{ SELECT * WHERE {{ {solutions} }} }} {_text(steps)}"
        yield construct(
            engine, f"{parts.prologue}CONSTRUCT {{ {_text(steps)} }} WHERE {{ {where} }}"
        )


@lru_cache(maxsize=512)
def _triples(prologue: str, pattern: str) -> tuple[Triples, tuple[Triples, ...]]:
    """Triple patterns outside nested SELECTs, and the ways each path among them can be walked."""
    plain: list[Triple] = []
    stepped: list[Triples] = []
    fresh = (Variable(f"step__{number}") for number in count())
    for subject, predicate, object_ in _patterns(
        algebra(f"{prologue}SELECT * WHERE {{ {pattern} }}").p
    ):
        if isinstance(predicate, Path):
            stepped += _walks(subject, predicate, object_, fresh)
        elif not isinstance(subject, BNode) and not isinstance(object_, BNode):
            plain.append((subject, predicate, object_))
    return tuple(plain), tuple(stepped)


def _patterns(node: CompValue) -> Iterator[Triple]:
    if node.name == "ToMultiSet":  # a nested SELECT, or VALUES
        return
    if "triples" in node:
        yield from node["triples"]
    for name in ("p1",) if node.name == "Minus" else _BELOW:
        if name in node:
            yield from _patterns(node[name])


def _walks(
    subject: Node, path: Node | Path, object_: Node, fresh: Iterator[Variable]
) -> list[Triples]:
    """Each way to walk a path in steps of one property; none for a path of any length."""
    if isinstance(path, InvPath):
        return _walks(object_, path.arg, subject, fresh)
    if isinstance(path, AlternativePath):
        return [walk for arm in path.args for walk in _walks(subject, arm, object_, fresh)]
    if isinstance(path, SequencePath):
        ends = [subject, *(next(fresh) for _ in path.args[1:]), object_]
        walks: list[Triples] = [()]
        for step, start, end in zip(path.args, ends, ends[1:], strict=False):
            walks = [a + b for a in walks for b in _walks(start, step, end, fresh)]
        return walks
    return [] if isinstance(path, Path) else [((subject, path, object_),)]


def _held(engine: Engine, candidates: Graph) -> Graph:
    """Only what the engine holds: a branch of a union that did not match makes false triples."""
    held = Graph()
    triples = [t for t in candidates if not any(isinstance(node, BNode) for node in t)]
    for at in range(0, len(triples), BATCH):
        listed = " ".join(f"({' '.join(_n3(n) for n in t)})" for t in triples[at : at + BATCH])
        where = f"VALUES (?s ?p ?o) {{ {listed} }} ?s ?p ?o"
        held += construct(engine, f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {where} }}")
    return held


def _text(triples: Iterable[Triple]) -> str:
    return " ".join(f"{' '.join(_n3(node) for node in triple)} ." for triple in triples)


def _n3(node: Node) -> str:
    return node.n3() if isinstance(node, (URIRef, Literal, Variable)) else str(node)
