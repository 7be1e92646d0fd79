"""How far a property reaches: what else may hold or not because of its value, by axiom or rule."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyoxigraph as ox
from rdflib.namespace import OWL, RDF, RDFS

from partnering.namespaces import PTN
from partnering.pipeline.rules import Rule

_TERM = re.compile(r"ptn:(\w+)")


class Reach:
    """Terms that depend on a property: its super-properties, defined classes, rules' results."""

    def __init__(self, store: ox.Store, rules: Iterable[Rule]) -> None:
        self._store = store
        self._rules = [{str(PTN[name]) for name in _TERM.findall(rule.text)} for rule in rules]
        self._known: dict[str, frozenset[str]] = {}

    def of(self, *properties: str) -> set[str]:
        """The properties and every term that may follow from them, as bare IRIs."""
        return {term for name in properties for term in self._one(name)}

    def _one(self, name: str) -> frozenset[str]:
        if name not in self._known:
            found, waiting = set[str](), [name]
            while waiting:
                term = waiting.pop()
                if term not in found:
                    found.add(term)
                    waiting += self._next(term)
            self._known[name] = frozenset(found)
        return self._known[name]

    def _next(self, term: str) -> list[str]:
        node = ox.NamedNode(term)
        found = [
            *self._objects(node, RDFS.subPropertyOf), *self._objects(node, OWL.inverseOf),
            *self._objects(node, RDFS.subClassOf), *self._subjects(OWL.inverseOf, node),
        ]  # fmt: skip
        for link in (OWL.onProperty, RDF.first):
            for cell in self._subjects(link, node):
                found += self._owners(cell)
        # A type or a verdict says nothing about a rule's other terms; a property of ours does.
        if term.startswith(str(PTN)) and term[len(str(PTN))].islower():
            found += [other for rule in self._rules if term in rule for other in rule]
        return [one.value for one in found if isinstance(one, ox.NamedNode)] + [
            one for one in found if isinstance(one, str)
        ]

    def _owners(self, cell: object, depth: int = 0) -> list[object]:
        """The named class or property whose definition a node is part of."""
        if isinstance(cell, ox.NamedNode) or depth > 20:
            return [cell]
        found: list[object] = []
        for quad in self._store.quads_for_pattern(None, None, cell):  # type: ignore[arg-type]
            found += self._owners(quad.subject, depth + 1)
        return found

    def _objects(self, node: ox.NamedNode, link: str) -> list[object]:
        return [
            q.object for q in self._store.quads_for_pattern(node, ox.NamedNode(str(link)), None)
        ]

    def _subjects(self, link: str, node: ox.NamedNode) -> list[object]:
        return [
            q.subject for q in self._store.quads_for_pattern(None, ox.NamedNode(str(link)), node)
        ]
