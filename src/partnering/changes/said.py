"""What a state of a workspace says of each named thing: its kind, label and attributes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS

from partnering.answering.comparison import name_of
from partnering.changes.state import State
from partnering.namespaces import PTN

TERM_TYPES = {
    str(OWL.Class): "class",
    str(OWL.ObjectProperty): "property",
    str(OWL.DatatypeProperty): "property",
    str(OWL.AnnotationProperty): "property",
    str(SKOS.Concept): "concept",
    str(SKOS.ConceptScheme): "scheme",
    str(OWL.Ontology): "module",
}
_LABELS = (str(SKOS.prefLabel), str(RDFS.label), str(DCTERMS.title), str(PTN.summary))
_LINE = re.compile(r"(?s)^(<[^>]*>|_:\S+) <([^>]*)> (.*)$")
_LITERAL = re.compile(r'(?s)^"(.*)"(?:@[\w-]+|\^\^<[^>]*>)?$')


@dataclass(frozen=True)
class Said:
    """All that is asserted of one thing."""

    label: str
    kind: str
    values: Mapping[str, frozenset[str]]

    def differences(self, after: Said) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        """Attribute to the values that went and those that came."""
        found = {}
        for name in sorted({*self.values, *after.values}):
            old, new = (one.values.get(name, frozenset()) for one in (self, after))
            if old != new:
                found[name] = (tuple(sorted(old - new)), tuple(sorted(new - old)))
        return found


class Things:
    """Everything that the files of a state name, by IRI."""

    def __init__(self, state: State) -> None:
        self._state = state

    @cached_property
    def terms(self) -> dict[str, Said]:
        """What the ontology and the vocabularies name."""
        spelt: list[str] = []
        for graph in sorted(self._state.schema_graphs):
            # A blank node's name holds within its own file only.
            lines = self._state.asserted.get(graph, frozenset())
            nested = _nested(lines)
            spelt += (line if "_:" not in line else _spelt(line, nested) for line in lines)
        return self._said(spelt)

    @cached_property
    def instances(self) -> dict[str, Said]:
        """What every other file names."""
        graphs = self._state.schema_graphs
        return self._said(
            line for g, lines in self._state.asserted.items() if g not in graphs for line in lines
        )

    def label(self, iri: str) -> str:
        """A thing's label, '' where it has none."""
        node = ox.NamedNode(iri)
        for name in (str(RDFS.label), str(PTN.summary)):
            found = self._state.store.quads_for_pattern(node, ox.NamedNode(name), None)
            if texts := sorted(str(quad.object.value) for quad in found):  # type: ignore[union-attr]
                return texts[0]
        return ""

    def say(self, line: str) -> str:
        """A triple as people read it."""
        parts = _LINE.match(line)
        if not parts:
            return line
        subject, _, value = parts.groups()
        return f"“{self._named(subject)}” “{self._named(value)}”"

    def _named(self, term: str) -> str:
        if term.startswith("<"):
            return self.label(term[1:-1]) or name_of(term[1:-1])
        found = _LITERAL.match(term)
        return found[1] if found else term

    def _said(self, lines: Iterable[str]) -> dict[str, Said]:
        held: dict[str, dict[str, set[str]]] = {}
        for line in lines:
            parts = _LINE.match(line)
            if parts and parts[1].startswith("<"):
                held.setdefault(parts[1][1:-1], {}).setdefault(parts[2], set()).add(parts[3])
        return {
            iri: Said(
                _label(iri, values), self._kind(values),
                {name: frozenset(found) for name, found in values.items()},
            )
            for iri, values in held.items()
        }  # fmt: skip

    def _kind(self, values: Mapping[str, set[str]]) -> str:
        types = sorted(value[1:-1] for value in values.get(str(RDF.type), ()))
        for one in types:
            if one in TERM_TYPES:
                return TERM_TYPES[one]
        return (self.label(types[0]) or name_of(types[0])) if types else "thing"


def _nested(lines: Iterable[str]) -> dict[str, str]:
    """Blank nodes by what they say, so that another one's name is no change."""
    held: dict[str, list[tuple[str, str]]] = {}
    for line in lines:
        parts = _LINE.match(line)
        if parts and parts[1].startswith("_:"):
            held.setdefault(parts[1], []).append((parts[2], parts[3]))

    def spell(node: str, depth: int = 0) -> str:
        if depth > 20:
            return "[…]"
        inner = (f"{name_of(p)} {spell(o, depth + 1) if o.startswith('_:') else _shown(o)}"
                 for p, o in held.get(node, ()))  # fmt: skip
        return f"[{' ; '.join(sorted(inner))}]"

    return {node: spell(node) for node in held}


def _spelt(line: str, nested: Mapping[str, str]) -> str:
    subject, predicate, value = line.split(" ", 2)
    return f"{subject} {predicate} {nested.get(value, value)}"


def _shown(term: str) -> str:
    return name_of(term[1:-1]) if term.startswith("<") else term


def _label(iri: str, values: Mapping[str, set[str]]) -> str:
    for name in _LABELS:
        for value in sorted(values.get(name, ())):
            found = _LITERAL.match(value)
            return found[1] if found else value
    return name_of(iri)
