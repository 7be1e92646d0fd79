"""What the published schema says, triple by triple, and its axioms in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from rdflib import BNode, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS
from rdflib.term import Identifier

from partnering.names import short
from partnering.store.base import Engine, select

_SCHEMA = f"""
SELECT ?s ?p ?o WHERE {{
  ?g <{DCTERMS.type}> ?kind .
  FILTER (?kind IN ("ontology", "vocabulary"))
  GRAPH ?g {{ ?s ?p ?o }}
}} ORDER BY ?s ?p ?o"""
_QUANTIFIED = {
    OWL.someValuesFrom: "{0} some {1}",
    OWL.allValuesFrom: "{0} only {1}",
    OWL.hasValue: "{0} {1}",
}


@dataclass
class Statements:
    """Triples of the schema by subject and by object."""

    of: dict[Identifier, dict[Identifier, list[Identifier]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    leading_to: dict[tuple[Identifier, Identifier], list[Identifier]] = field(
        default_factory=lambda: defaultdict(list)
    )

    @classmethod
    def read(cls, engine: Engine) -> Statements:
        """What the index holds of the ontology and the vocabularies."""
        found = cls()
        for subject, predicate, value in select(engine, _SCHEMA).rows:
            assert subject is not None
            assert predicate is not None
            assert value is not None
            found.of[subject][predicate].append(value)
            found.leading_to[predicate, value].append(subject)
        return found

    def values(self, subject: Identifier, predicate: Identifier) -> list[Identifier]:
        return self.of[subject][predicate] if subject in self.of else []

    def text(self, subject: Identifier, *predicates: Identifier) -> str:
        """The first text that is said by one of these; empty where there is none."""
        return next((str(value) for predicate in predicates
                     for value in self.values(subject, predicate)), "")  # fmt: skip

    def label(self, term: Identifier) -> str:
        if isinstance(term, Literal):
            return str(term)
        return self.text(term, SKOS.prefLabel, RDFS.label) or short(str(term))

    def named(self, subject: Identifier, predicate: Identifier) -> list[URIRef]:
        return [one for one in self.values(subject, predicate) if isinstance(one, URIRef)]

    def above(self, cls: Identifier) -> list[URIRef]:
        """Named classes right above one: those it is said to be below, and those of its definition."""
        found = self.named(cls, RDFS.subClassOf)
        for same in self.values(cls, OWL.equivalentClass):
            for listed in self.values(same, OWL.intersectionOf):
                found += [one for one in self.members(listed) if isinstance(one, URIRef)]
        return list(dict.fromkeys(one for one in found if one != cls))

    def members(self, listed: Identifier) -> Iterator[Identifier]:
        """The members of an RDF list."""
        while listed != RDF.nil and listed in self.of:
            yield from self.values(listed, RDF.first)
            listed = next(iter(self.values(listed, RDF.rest)), RDF.nil)

    def axiom(self, node: Identifier) -> str:
        """A class expression in words, with labels."""
        if not isinstance(node, BNode):
            return self.label(node)
        for predicate, word in ((OWL.intersectionOf, " and "), (OWL.unionOf, " or ")):
            for listed in self.values(node, predicate):
                return word.join(self.axiom(member) for member in self.members(listed))
        for negated in self.values(node, OWL.complementOf):
            return f"not {self.axiom(negated)}"
        relation = " ".join(self.label(one) for one in self.values(node, OWL.onProperty))
        for predicate, said in _QUANTIFIED.items():
            for value in self.values(node, predicate):
                return said.format(relation, self.axiom(value))
        return f"something about {relation}" if relation else "an expression"

    def definition(self, node: Identifier) -> str:
        """A class expression as what follows 'every': the classes, and what is true of them."""
        members = [one for listed in self.values(node, OWL.intersectionOf)
                   for one in self.members(listed)]  # fmt: skip
        kinds = [self.label(one) for one in members if isinstance(one, URIRef)]
        also = [self.axiom(one) for one in members if not isinstance(one, URIRef)]
        if not kinds:
            return f"thing that {self.axiom(node)}"
        both = " that is also ".join([kinds[0], *map(_a, kinds[1:])])
        return both + (f" that {' and '.join(also)}" if also else "")

    def disjoint_with(self, cls: Identifier) -> list[URIRef]:
        """Classes that share no member with one, by an axiom that names it."""
        found = [*self.named(cls, OWL.disjointWith),
                 *(one for one in self.leading_to[OWL.disjointWith, cls])]  # fmt: skip
        found += (one for members in self._disjoint if cls in members for one in members)
        return sorted({one for one in found if isinstance(one, URIRef) and one != cls})

    @cached_property
    def _disjoint(self) -> list[list[Identifier]]:
        """Classes of which no two share a member, list by list."""
        return [list(self.members(listed))
                for node in self.leading_to[RDF.type, OWL.AllDisjointClasses]
                for listed in self.values(node, OWL.members)]  # fmt: skip


def _a(label: str) -> str:
    return f"{'an' if label[:1].lower() in tuple('aeiou') else 'a'} {label}"
