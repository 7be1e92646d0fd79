"""The media types an answer can be written in, and the short names people give them.

Standard library only: the fork server imports it. pyoxigraph 0.5 writes every one of
these itself, JSON-LD included, so no answer has to go through rdflib on its way out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["select", "ask", "graph"]


@dataclass(frozen=True)
class MediaType:
    """One way to write an answer: its short name, its media type, what it can hold."""

    name: str
    media_type: str
    holds_graph: bool
    aliases: tuple[str, ...] = ()
    suffix: str = ""
    nicknames: tuple[str, ...] = ()
    """What else people write into ``format=``."""


RESULTS: tuple[MediaType, ...] = (
    MediaType(
        "json", "application/sparql-results+json", False, ("application/json",), suffix="srj"
    ),
    MediaType("xml", "application/sparql-results+xml", False, ("application/xml", "text/xml")),
    MediaType("csv", "text/csv", False),
    MediaType("tsv", "text/tab-separated-values", False),
)
"""Tables and truth values, https://www.w3.org/TR/sparql11-overview/#sparql11-results."""

GRAPHS: tuple[MediaType, ...] = (
    MediaType("ttl", "text/turtle", True, ("application/x-turtle",), nicknames=("turtle",)),
    MediaType(
        "nt", "application/n-triples", True, ("text/plain",), nicknames=("ntriples", "n-triples")
    ),
    MediaType(
        "jsonld", "application/ld+json", True, ("application/json",), nicknames=("json-ld", "json")
    ),
    MediaType(
        "rdfxml",
        "application/rdf+xml",
        True,
        ("application/xml", "text/xml"),
        suffix="rdf",
        nicknames=("rdf", "xml", "rdf/xml"),
    ),
    MediaType("trig", "application/trig", True),
    MediaType("nq", "application/n-quads", True, nicknames=("nquads", "n-quads")),
)
"""Graphs; TriG and N-Quads write the same triples, in the default graph."""

DEFAULT_RESULT = RESULTS[0].media_type
DEFAULT_GRAPH = "application/n-triples"


def resolve(name: str | None, kind: Kind) -> str | None:
    """Media type for a short name, a media type or an alias; None when this kind has no such form.

    ``None`` asks for the default of the kind. A parameter (``;charset=utf-8``) is ignored.
    """
    if name is None:
        return DEFAULT_GRAPH if kind == "graph" else DEFAULT_RESULT
    wanted = name.split(";")[0].strip().lower()
    for known in GRAPHS if kind == "graph" else RESULTS:
        if wanted in (known.name, known.media_type) or wanted in known.aliases:
            return known.media_type
    return None
