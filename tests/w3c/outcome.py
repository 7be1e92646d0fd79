"""What a test expects and what came, made comparable.

Tables compare as bags of rows up to the names of blank nodes, numbers and times by value.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, XSD
from rdflib.query import Result
from rdflib.term import Identifier, Node

RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
MEDIA = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
}
READS = {"application/sparql-results+xml": "xml", "application/sparql-results+json": "json",
         "text/tab-separated-values": "tsv"}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """A truth value, a graph, or rows that map variables to terms."""

    truth: bool | None = None
    graph: Graph | None = None
    rows: tuple[dict[str, Node], ...] | None = None

    def agrees(self, other: Outcome) -> bool:
        if self.truth is not None or other.truth is not None:
            return self.truth == other.truth
        if self.graph is not None and other.graph is not None:
            return isomorphic(_plain(self.graph), _plain(other.graph))
        if self.rows is None or other.rows is None:
            return False
        return _same_rows(self.rows, other.rows)


def expected(path: Path, base: str) -> Outcome:
    """What a result file of the suite says."""
    if path.suffix in MEDIA:
        return read(path.read_bytes(), MEDIA[path.suffix])
    graph = Graph().parse(path, format="xml" if path.suffix == ".rdf" else "turtle", publicID=base)
    results = graph.value(None, RDF.type, RS.ResultSet)
    if results is None:
        return Outcome(graph=graph)
    truth = graph.value(results, RS.boolean)
    if truth is not None:
        return Outcome(truth=str(truth) == "true")
    return Outcome(rows=tuple(
        {str(graph.value(cell, RS.variable)): _value(graph, cell)
         for cell in graph.objects(row, RS.binding)}
        for row in graph.objects(results, RS.solution)
    ))  # fmt: skip


def read(body: bytes, media_type: str) -> Outcome:
    """An answer as it came over the wire."""
    if media_type == "application/n-triples":
        return Outcome(graph=Graph().parse(data=body, format="nt"))
    if media_type == "text/csv":
        lines = list(csv.reader(io.StringIO(body.decode(), newline="")))
        return Outcome(rows=tuple(
            {name: _cell(text) for name, text in zip(lines[0], line, strict=True) if text}
            for line in lines[1:]
        ))  # fmt: skip
    found = Result.parse(io.BytesIO(body), format=READS[media_type])
    if found.type == "ASK":
        return Outcome(truth=bool(found.askAnswer))
    return Outcome(rows=tuple(
        {str(name): term for name, term in row.items() if term is not None}
        for row in found.bindings
    ))  # fmt: skip


def _value(graph: Graph, cell: Node) -> Node:
    value = graph.value(cell, RS.value)
    assert value is not None
    return value


def _cell(text: str) -> Node:
    """CSV says no types: a number is a number, a blank node has its sign, the rest is text."""
    if text.startswith("_:"):
        return BNode(text[2:])
    try:
        return Literal(float(text))
    except ValueError:
        return Literal(text)


def _same_rows(one: tuple[dict[str, Node], ...], other: tuple[dict[str, Node], ...]) -> bool:
    if len(one) != len(other):
        return False
    if not any(isinstance(term, BNode) for row in (*one, *other) for term in row.values()):
        return Counter(map(_row, one)) == Counter(map(_row, other))
    return isomorphic(_as_graph(one), _as_graph(other))


def _row(row: dict[str, Node]) -> frozenset[tuple[str, Any]]:
    return frozenset((name, _key(term)) for name, term in row.items())


def _as_graph(rows: tuple[dict[str, Node], ...]) -> Graph:
    graph = Graph()
    bare = (frozenset((name, _canonical(term)) for name, term in row.items()) for row in rows)
    for row, times in Counter(bare).items():
        here = BNode()
        graph.add((here, RDF.value, Literal(times)))
        for name, term in row:
            graph.add((here, URIRef(f"urn:x:{name}"), term))
    return graph


def _plain(graph: Graph) -> Graph:
    plain = Graph()
    for s, p, o in graph:
        plain.add((s, p, _canonical(o)))
    return plain


def _canonical(term: Node) -> Node:
    return Literal(repr(_key(term))) if isinstance(term, Literal) else term


def _key(term: Node) -> Any:
    if not isinstance(term, Literal):
        assert isinstance(term, Identifier)
        return str(term)
    kind, value = term.datatype, term.value
    if kind is None or kind == XSD.string:
        return (str(term), (term.language or "").lower())
    if isinstance(value, int | float | Decimal):
        return (float(value), str(kind))
    return (str(term if value is None else value), str(kind))
