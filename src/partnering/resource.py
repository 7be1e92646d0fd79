"""What the graph says of one thing: its concise bounded description, and labels of what it names.

https://www.w3.org/submissions/CBD/: every statement about the thing, and about the blank nodes
these lead to. Labels are added so that a description can be read without asking again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox
from rdflib.namespace import RDF, RDFS

from partnering.errors import NotFound
from partnering.store.base import Engine, select

LABELLING = ("http://www.w3.org/2000/01/rdf-schema#label",
              "http://www.w3.org/2004/02/skos/core#prefLabel",
              "http://purl.org/dc/terms/title", "http://xmlns.com/foaf/0.1/name")  # fmt: skip
"""Properties that name a thing, best first."""
_AT_ONCE = 400
"""Things whose labels are asked for in one query."""


@dataclass(frozen=True)
class Resource:
    """A thing, the statements that describe it, and labels of all that they name."""

    iri: str
    statements: tuple[ox.Triple, ...]
    labels: tuple[ox.Triple, ...]

    @property
    def triples(self) -> tuple[ox.Triple, ...]:
        """All of it, each triple once."""
        return tuple(dict.fromkeys((*self.statements, *self.labels)))

    @cached_property
    def names(self) -> dict[str, str]:
        """One label for every thing named here that has any, by IRI."""
        return names(self.triples)

    @property
    def label(self) -> str:
        """What it is called; the last part of its IRI where nobody gave it a name."""
        return self.names.get(self.iri) or self.iri.replace("#", "/").rstrip("/").rpartition("/")[2]

    @property
    def types(self) -> list[str]:
        """Classes it is said to be of."""
        return [t.object.value for t in self.statements
                if t.subject == ox.NamedNode(self.iri) and t.predicate.value == str(RDF.type)
                and isinstance(t.object, ox.NamedNode)]  # fmt: skip


@dataclass(frozen=True)
class Mention:
    """A statement elsewhere that names the thing."""

    subject: str
    predicate: str
    label: str


def node(iri: str) -> ox.NamedNode:
    """An IRI fit to stand in a query; ``NotFound`` for what is none."""
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise NotFound(f"{iri!r} is no IRI.") from error


def exists(engine: Engine, iri: str) -> bool:
    """Whether anything is said about a thing."""
    return bool(len(select(engine, f"SELECT ?p {{ {node(iri)} ?p ?o }} LIMIT 1")))


def types(engine: Engine, iri: str) -> list[str]:
    """Classes that a thing is said to be of."""
    return [str(one) for (one,) in select(engine, f"SELECT ?type {{ {node(iri)} a ?type }}").rows]


def describe(engine: Engine, iri: str) -> Resource:
    """The description of one thing; ``NotFound`` where nothing is said about it."""
    told = _triples(engine, f"DESCRIBE {node(iri)}")
    statements = bounded(told, iri)
    if not statements:
        raise NotFound(f"Nothing is said here about <{iri}>.")
    return Resource(iri, statements, labels(engine, named(statements)))


def bounded(triples: Iterable[ox.Triple], iri: str) -> tuple[ox.Triple, ...]:
    """Of some triples those about a thing, and about blank nodes these lead to; in one order."""
    about: defaultdict[object, list[ox.Triple]] = defaultdict(list)
    for triple in triples:
        about[triple.subject].append(triple)
    found: list[ox.Triple] = []
    waiting: list[object] = [ox.NamedNode(iri)]
    while waiting:
        for triple in sorted(about.pop(waiting.pop(0), ()), key=str):
            found.append(triple)
            if isinstance(triple.object, ox.BlankNode):
                waiting.append(triple.object)
    return tuple(found)


def named(statements: Iterable[ox.Triple]) -> set[str]:
    """IRIs of every property and every thing that some statements name."""
    return {term.value for t in statements for term in (t.subject, t.predicate, t.object)
            if isinstance(term, ox.NamedNode)}  # fmt: skip


def labels(engine: Engine, iris: Iterable[str]) -> tuple[ox.Triple, ...]:
    """What some things are called, as statements."""
    properties = " ".join(f"<{iri}>" for iri in LABELLING)
    found: list[ox.Triple] = []
    waiting = sorted(iris)
    for start in range(0, len(waiting), _AT_ONCE):
        things = " ".join(str(ox.NamedNode(iri)) for iri in waiting[start : start + _AT_ONCE])
        found += _triples(engine, f"""CONSTRUCT {{ ?thing ?naming ?label }} WHERE {{
          VALUES ?naming {{ {properties} }} VALUES ?thing {{ {things} }}
          ?thing ?naming ?label }}""")  # fmt: skip
    return tuple(sorted(found, key=str))


def names(triples: Iterable[ox.Triple]) -> dict[str, str]:
    """The best label of each thing that some statements name."""
    found: dict[str, tuple[int, str]] = {}
    for triple in triples:
        rank = _rank(triple)
        if rank is not None and isinstance(triple.subject, ox.NamedNode):
            assert isinstance(triple.object, ox.Literal)
            here = (rank, triple.object.value)
            found[triple.subject.value] = min(found.get(triple.subject.value, here), here)
    return {iri: text for iri, (_, text) in found.items()}


def mentions(engine: Engine, iri: str, most: int) -> list[Mention]:
    """Statements about other things that name this one, at most so many."""
    rows = select(engine, f"""SELECT DISTINCT ?subject ?predicate (SAMPLE(?name) AS ?label) {{
      {{ SELECT DISTINCT ?subject ?predicate {{ ?subject ?predicate {node(iri)} FILTER (isIRI(?subject)) }} LIMIT {most} }}
      OPTIONAL {{ ?subject <{RDFS.label}> ?name }}
    }} GROUP BY ?subject ?predicate ORDER BY ?predicate ?label ?subject""").rows  # fmt: skip
    return [Mention(str(s), str(p), str(name or s)) for s, p, name in rows]


def graphs(engine: Engine, iri: str) -> list[str]:
    """Graphs in which something is said about a thing."""
    found = select(engine, f"SELECT DISTINCT ?g {{ GRAPH ?g {{ {node(iri)} ?p ?o }} }} ORDER BY ?g")
    return [str(graph) for (graph,) in found.rows]


def _triples(engine: Engine, query: str) -> list[ox.Triple]:
    reply = engine.execute(query)
    return [quad.triple for quad in ox.parse(reply.body, format=ox.RdfFormat.N_TRIPLES)]


def _rank(triple: ox.Triple) -> int | None:
    """How well a statement names its subject; English before other languages, less is better."""
    if triple.predicate.value not in LABELLING or not isinstance(triple.object, ox.Literal):
        return None
    foreign = (triple.object.language or "en").partition("-")[0] != "en"
    return 2 * LABELLING.index(triple.predicate.value) + foreign
