"""The W3C's SPARQL tests, as rdflib's source distribution carries them.

``make test`` unpacks them into the environment (requirements/suites.txt); nothing of them is
kept here. https://www.w3.org/2009/sparql/docs/tests/
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF
from rdflib.term import Node

FOLDER = Path(sys.prefix) / "suites" / "w3c"
BASE = "https://w3c.example/"
"""Stands for the folder in the names of graphs and in the queries' relative IRIs."""
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
DAWGT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-dawg#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")

EVALUATION = (MF.QueryEvaluationTest, MF.CSVResultFormatTest)
POSITIVE = (MF.PositiveSyntaxTest, MF.PositiveSyntaxTest11)
NEGATIVE = (MF.NegativeSyntaxTest, MF.NegativeSyntaxTest11)
AWAY = ("service", "syntax-fed", "entailment")
"""Asking other servers is refused on purpose; entailments come from our rules, not from queries."""


@dataclass(frozen=True)
class Case:
    """One test: its query, the graphs it asks, and the file with what it expects."""

    name: str
    kinds: frozenset[Node]
    query: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    expected: Path | None

    def is_one_of(self, kinds: tuple[Node, ...]) -> bool:
        return bool(self.kinds & set(kinds))


def cases(kinds: tuple[Node, ...]) -> list[Case]:
    """Every test of some kinds, in both suites."""
    found = []
    for suite in ("sparql11", "dawg-data-r2"):
        for manifest in sorted((FOLDER / suite).glob("*/manifest.ttl")):
            if manifest.parent.name not in AWAY:
                found += [case for case in _cases(manifest) if case.is_one_of(kinds)]
    return found


def names(folder: str) -> list[str]:
    """Names of the tests that one manifest lists, in its order."""
    graph, entries = _entries(FOLDER / "sparql11" / folder / "manifest.ttl")
    assert len(graph)
    return [str(entry).rpartition("#")[2] for entry in entries]


def _entries(manifest: Path) -> tuple[Graph, list[Node]]:
    graph = Graph().parse(manifest, publicID=iri_of(manifest))
    (listed,) = graph.objects(None, MF.entries)
    return graph, list(Collection(graph, listed))


def _cases(manifest: Path) -> Iterator[Case]:
    graph, entries = _entries(manifest)
    for entry in entries:
        action = graph.value(entry, MF.action)
        if action is None or (entry, DAWGT.approval, DAWGT.Withdrawn) in graph:
            continue
        asked = graph.value(action, QT.query, default=action)
        path = path_of(str(asked))
        if path is None or path.suffix != ".rq":
            continue
        result = graph.value(entry, MF.result)
        yield Case(
            name=f"{manifest.parent.name}/{str(entry).rpartition('#')[2]}",
            kinds=frozenset(graph.objects(entry, RDF.type)),
            # The suite's relative IRIs are relative to the query's own file.
            query=f"BASE <{asked}>\n" + path.read_text("utf-8"),
            default_graphs=tuple(map(str, graph.objects(action, QT.data))),
            named_graphs=tuple(sorted(map(str, graph.objects(action, QT.graphData)))),
            expected=path_of(str(result)) if isinstance(result, URIRef) else None,
        )


def iri_of(path: Path) -> str:
    """The name of a file of the suite."""
    return BASE + path.relative_to(FOLDER).as_posix()


def path_of(iri: str) -> Path | None:
    """The file of that name, if there is one."""
    path = FOLDER / iri.removeprefix(BASE)
    return path if iri.startswith(BASE) and path.is_file() else None


def triples(iri: str) -> list[ox.Triple]:
    """What a data file of the suite holds; blank nodes are its own."""
    path = path_of(iri)
    if path is None:
        return []
    form = {".ttl": ox.RdfFormat.TURTLE, ".nt": ox.RdfFormat.TURTLE, ".rdf": ox.RdfFormat.RDF_XML}
    parsed = ox.parse(
        path=str(path), format=form[path.suffix], base_iri=iri, rename_blank_nodes=True
    )
    return [quad.triple for quad in parsed]
