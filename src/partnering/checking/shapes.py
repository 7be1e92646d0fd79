"""The shapes of a workspace: parsed once, and taken apart for validators, pages and tables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from rdflib import Graph, URIRef
from rdflib.namespace import RDF, RDFS, SH, Namespace
from rdflib.term import Node

from partnering import flat, written
from partnering.checking import hygiene
from partnering.errors import ReadError
from partnering.namespaces import BASE
from partnering.workspace import Workspace

SHAPE = Namespace(f"{BASE}shapes#")
_TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
_SPOKEN = (
    SH.name,
    SH.description,
    SH.order,
    SH.group,
    SH.message,
    SH.severity,
    RDFS.label,
    RDF.type,
)
"""What shapes say to people; pySHACL walks over all of it for each thing it looks at."""
_PARTS = re.compile(r"(?s)(?P<what>.*?)(?:\s+Why: (?P<why>.*?))?(?:\s+Mend: (?P<mend>.*))?\Z")


@dataclass(frozen=True)
class Shapes:
    """The shapes of a workspace, parsed once a process."""

    graph: Graph
    rules: tuple[hygiene.Rule, ...]

    @cached_property
    def constraints(self) -> tuple[URIRef, ...]:
        """Every shape that raises something in its own name: it has a message."""
        return tuple(sorted(s for s in self.graph.subjects(SH.message) if isinstance(s, URIRef)))

    @cached_property
    def targeted(self) -> tuple[URIRef, ...]:
        """The shapes that say themselves what they look at."""
        found = {s for target in _TARGETS for s in self.graph.subjects(target)}
        return tuple(sorted(s for s in found if isinstance(s, URIRef)))

    def constraints_of(self, shape: URIRef) -> tuple[URIRef, ...]:
        """What is tried on each thing that a shape looks at."""
        own = (shape,) if (shape, SH.message, None) in self.graph else ()
        return (*own, *(p for p in self.graph.objects(shape, SH.property) if _named(p)))

    def only(self, active: Iterable[URIRef]) -> Graph:
        """What a validator needs of these shapes: all that they lead to, and no prose."""
        return _only(self, frozenset(active))

    def __hash__(self) -> int:
        return id(self)


@dataclass(frozen=True)
class Spoken:
    """A shape's message in its three parts."""

    what: str
    why: str
    mend: str


def spoken(message: str) -> Spoken:
    """Take a message of the form ``What. Why: … Mend: …`` apart."""
    parts = _PARTS.match(message)
    assert parts is not None, "the pattern fits any text"
    return Spoken(parts["what"], parts["why"] or "", parts["mend"] or "")


def _named(node: Node) -> bool:
    return isinstance(node, URIRef)


@lru_cache(maxsize=16)
def _only(shapes: Shapes, active: frozenset[URIRef]) -> Graph:
    kept = flat.graph()
    waiting: list[Node] = list(active)
    seen: set[Node] = set()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        for predicate, value in shapes.graph.predicate_objects(node):
            if predicate not in _SPOKEN:
                kept.add((node, predicate, value))
                waiting.append(value)
    return kept


def load(workspace: Workspace) -> Shapes:
    """The shapes of a workspace; ``ReadError`` where one does not parse."""
    files = workspace.files("shapes/*.ttl")
    queries = workspace.files("shapes/consistency/*.rq")
    return _load(tuple((path, path.read_text("utf-8")) for path in files), queries)


@lru_cache(maxsize=4)
def _load(files: tuple[tuple[Path, str], ...], queries: tuple[Path, ...]) -> Shapes:
    if not files:
        raise ReadError("There are no shapes.", where="shapes/", mend="restore shapes/*.ttl")
    graph = flat.graph()
    for path, _ in files:
        graph += written.Written(path, path.name).graph
    return Shapes(graph, hygiene.load(queries))
