"""A description laid out for reading: properties with their values, blank nodes in their place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib.namespace import RDF

from partnering.resource import Resource

DEEPEST = 12
"""Blank nodes within blank nodes that are followed; nobody could read more."""
_FIRST, _REST = ox.NamedNode(str(RDF.first)), ox.NamedNode(str(RDF.rest))
Told = Mapping[str, list[ox.Triple]]


@dataclass(frozen=True)
class Value:
    """Words, or a thing by its IRI, or what a blank node holds: a list, or statements."""

    text: str = ""
    iri: str = ""
    members: tuple[Value, ...] = ()
    statements: tuple[Property, ...] = ()


@dataclass(frozen=True)
class Property:
    """A property by its IRI, and all its values."""

    iri: str
    values: tuple[Value, ...]


def laid_out(found: Resource) -> tuple[Property, ...]:
    """What is said of the thing itself."""
    told: defaultdict[str, list[ox.Triple]] = defaultdict(list)
    for triple in found.statements:
        told[str(triple.subject)].append(triple)
    return _properties(told, str(ox.NamedNode(found.iri)), 0)


def _properties(told: Told, subject: str, depth: int) -> tuple[Property, ...]:
    grouped: dict[str, list[Value]] = {}
    for triple in told.get(subject, ()):
        value = _value(told, triple.object, depth)
        grouped.setdefault(triple.predicate.value, []).append(value)
    return tuple(Property(iri, tuple(values)) for iri, values in sorted(grouped.items()))


def _value(told: Told, term: object, depth: int) -> Value:
    if isinstance(term, ox.Literal):
        return Value(text=term.value)
    if isinstance(term, ox.NamedNode):
        return Value(iri=term.value)
    cell = str(term)
    if depth >= DEEPEST:
        return Value(text="…")
    if any(triple.predicate == _FIRST for triple in told.get(cell, ())):
        return Value(members=tuple(_value(told, one, depth + 1) for one in _members(told, cell)))
    return Value(statements=_properties(told, cell, depth + 1))


def _members(told: Told, cell: str) -> Iterator[object]:
    seen: set[str] = set()
    while cell in told and cell not in seen:
        seen.add(cell)
        for triple in told[cell]:
            if triple.predicate == _FIRST:
                yield triple.object
        cell = next((str(t.object) for t in told[cell] if t.predicate == _REST), "")
