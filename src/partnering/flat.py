"""An rdflib store of one graph, for looking at thousands of small ones.

rdflib's own keeps for every triple the contexts it stands in, and compares terms letter by
letter. This one has no contexts, and equal terms are one object, so that a comparison mostly
ends at their identity: validating a case takes two thirds of the time.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from typing import Any

from rdflib import Graph, URIRef
from rdflib.store import Store
from rdflib.term import Node

Pattern = tuple[Node | None, Node | None, Node | None]
Triple = tuple[Node, Node, Node]
_Level = dict[Node, dict[Node, None]]

_terms: dict[Node, Node] = {}
_MOST_TERMS = 200_000
"""Terms after which the table starts anew: a long build must not keep every word it saw."""


def graph() -> Graph:
    """An empty graph in such a store."""
    return Graph(store=Flat())


def _one(term: Node) -> Node:
    return _terms.setdefault(term, term)


class Flat(Store):
    """Triples by subject, by predicate and by object.

    Says that it knows contexts, which pySHACL asks of every store, and puts all into one.
    """

    context_aware = True
    graph_aware = True

    def __init__(self) -> None:
        super().__init__()
        self._size = 0
        self._by_subject: dict[Node, _Level] = {}
        self._by_predicate: dict[Node, _Level] = {}
        self._by_object: dict[Node, _Level] = {}
        self._prefixes: dict[str, URIRef] = {}
        if len(_terms) > _MOST_TERMS:
            _terms.clear()

    def add(self, triple: Any, context: Any = None, quoted: bool = False) -> None:
        s, p, o = map(_one, triple)
        objects = self._by_subject.setdefault(s, {}).setdefault(p, {})
        if o in objects:
            return
        objects[o] = None
        self._by_predicate.setdefault(p, {}).setdefault(o, {})[s] = None
        self._by_object.setdefault(o, {}).setdefault(s, {})[p] = None
        self._size += 1

    def addN(self, quads: Iterable[Any]) -> None:
        for s, p, o, _ in quads:
            self.add((s, p, o))

    def remove(self, triple: Any, context: Any = None) -> None:
        for (s, p, o), _ in list(self.triples(triple)):
            del self._by_subject[s][p][o]
            del self._by_predicate[p][o][s]
            del self._by_object[o][s][p]
            self._size -= 1

    def __len__(self, context: Any = None) -> int:
        return self._size

    def triples(self, triple_pattern: Any, context: Any = None) -> Generator[Any, None, None]:
        """Matches, each with no contexts; copied first, since callers add while they read."""
        s, p, o = triple_pattern
        none = iter(())
        if s is not None and p is not None:
            objects = self._by_subject.get(s, {}).get(p, {})
            for one in list(objects) if o is None else [o] if o in objects else []:
                yield (s, p, one), none
        elif s is not None and o is not None:
            for one in list(self._by_object.get(o, {}).get(s, ())):
                yield (s, one, o), none
        elif p is not None and o is not None:
            for one in list(self._by_predicate.get(p, {}).get(o, ())):
                yield (one, p, o), none
        elif s is not None:
            for one, other in _pairs(self._by_subject.get(s, {})):
                yield (s, one, other), none
        elif p is not None:
            for one, other in _pairs(self._by_predicate.get(p, {})):
                yield (other, p, one), none
        elif o is not None:
            for one, other in _pairs(self._by_object.get(o, {})):
                yield (one, other, o), none
        else:
            for subject in list(self._by_subject):
                for one, other in _pairs(self._by_subject[subject]):
                    yield (subject, one, other), none

    def contexts(self, triple: Any = None) -> Generator[Any, None, None]:
        yield from ()

    def add_graph(self, graph: Graph) -> None:
        """There is one, and it is there."""

    def bind(self, prefix: str, namespace: URIRef, override: bool = True) -> None:
        self._prefixes[prefix] = namespace

    def namespace(self, prefix: str) -> URIRef | None:
        return self._prefixes.get(prefix)

    def prefix(self, namespace: URIRef) -> str | None:
        return next((known for known, iri in self._prefixes.items() if iri == namespace), None)

    def namespaces(self) -> Iterator[tuple[str, URIRef]]:
        yield from list(self._prefixes.items())


def _pairs(level: _Level) -> list[tuple[Node, Node]]:
    return [(one, other) for one, others in level.items() for other in others]
