"""Triples and quads written in the notations of RDF, with the prefixes people meet elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import XSD
from rdflib.term import Identifier

FORMATS: dict[str, ox.RdfFormat] = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
}
"""Short names of the forms of RDF; the last two say which graph a triple is in."""
WITH_GRAPHS = ("trig", "nq")
BARE = ("nt", "nq")
"""Forms that know no prefixes."""


Statement = ox.Triple | ox.Quad


def write(statements: Iterable[Statement], form: str, prefixes: Mapping[str, str]) -> bytes:
    """Statements in one form; each once, in the order given.

    Turtle with blank nodes is laid out by rdflib, which writes a class expression as one
    bracketed whole; the engine would give its parts names.
    """
    # Once each: the same triple may stand in several graphs.
    held = list(dict.fromkeys(statements))
    if form == "ttl" and any(isinstance(one.subject, ox.BlankNode) for one in held):
        return _nested(held, prefixes)
    given = None if form in BARE else dict(prefixes)
    return ox.serialize(held, format=FORMATS[form], prefixes=given) or b""  # type: ignore[arg-type]


def _nested(held: list[Statement], prefixes: Mapping[str, str]) -> bytes:
    graph = Graph(bind_namespaces="none")
    for prefix, space in prefixes.items():
        graph.bind(prefix, space)
    for one in held:
        graph.add((_term(one.subject), _term(one.predicate), _term(one.object)))
    return graph.serialize(format="turtle", encoding="utf-8")


def _term(term: object) -> Identifier:
    """The same term in rdflib, blank nodes by the same name, so that their order stays."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    assert isinstance(term, ox.Literal)
    kind = None if term.language else URIRef(term.datatype.value)
    return Literal(term.value, lang=term.language, datatype=None if kind == XSD.string else kind,
                   normalize=False)  # fmt: skip
