"""Mutants: small wrong edits of data and ontology, made on triples, from a seed.

Data mutants are edits of one case, ontology mutants edits of the schema.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pyoxigraph as ox
from rdflib import RDF, RDFS
from rdflib.namespace import OWL, SKOS

from partnering.changes.regression import SPOKEN
from partnering.doubt.scratch import Change
from partnering.namespaces import CONCEPT, PTN

Triples = frozenset[ox.Triple]
FEW = 4
IDLE = ("sub-property axiom deleted", "chain deleted", "class definition deleted",
        "top concept unmarked")  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One edit: what kind it is, of which graph, and the triples it takes out and puts in."""

    kind: str
    graph: str
    remove: Triples
    add: Triples = frozenset()

    @property
    def change(self) -> Change:
        return Change(self.graph, self.remove, self.add)


def node(iri: object) -> ox.NamedNode:
    return ox.NamedNode(str(iri))


def of_data(triples: dict[str, Triples], seed: int) -> Iterator[Mutant]:
    """Mutants of cases without end, the same for the same seed, kind after kind."""
    rng = random.Random(seed)
    values = {
        "polarity flipped": "hasPolarity",
        "realisation changed": "hasRealisation",
        "direction changed": "hasDirection",
        "nature changed": "hasNature",
        "scale changed": "hasScale",
        "evidence changed": "hasEvidenceStrength",
        "contribution changed": "hasContribution",
        "presence changed": "hasPresence",
        "prominence changed": "hasProminence",
        "factor replaced": "concernsFactor",
        "claimant replaced": "claimedBy",
        "moved to another arrangement": "findingAbout",
    }
    while True:
        for kind, name in values.items():
            graph = rng.choice(sorted(triples))
            held = sorted((t for t in triples[graph] if t.predicate == node(PTN[name])), key=str)
            others = sorted({str(t.object)[1:-1] for t in held})
            if len(others) > 1:
                old = rng.choice(held)
                new = node(rng.choice([o for o in others if o != str(old.object)[1:-1]]))
                yield Mutant(kind, graph, frozenset([old]),
                             frozenset([ox.Triple(old.subject, old.predicate, new)]))  # fmt: skip
        graph = rng.choice(sorted(triples))
        findings = sorted({t.subject for t in triples[graph]
                           if t.predicate == node(PTN.findingAbout)}, key=str)  # fmt: skip
        one = rng.choice(findings)
        gone = frozenset(t for t in triples[graph] if one in (t.subject, t.object))
        yield Mutant("finding dropped", graph, gone)
        one = rng.choice(findings)
        said = sorted((t for t in triples[graph] if t.subject == one
                       and t.predicate.value not in (*SPOKEN, str(PTN.hasAnchor))), key=str)  # fmt: skip
        yield Mutant("statement left out of a finding", graph, frozenset([rng.choice(said)]))


def of_ontology(triples: dict[str, Triples], seed: int) -> Iterator[Mutant]:
    """Mutants of the schema without end."""
    rng = random.Random(seed)
    axioms = {
        "subclass axiom deleted": RDFS.subClassOf,
        "sub-property axiom deleted": RDFS.subPropertyOf,
        "inverse deleted": OWL.inverseOf,
        "chain deleted": OWL.propertyChainAxiom,
        "class definition deleted": OWL.equivalentClass,
        "required value deleted": OWL.hasValue,
        "concept cut off from its group": SKOS.broader,
        "concept taken out of its scheme": SKOS.inScheme,
        "top concept unmarked": SKOS.topConceptOf,
        "rank deleted": PTN.rank,
        "preferred label deleted": SKOS.prefLabel,
    }
    for turn in count():
        for kind, axiom in axioms.items():
            # Most of these change nothing on a few cases; a handful of each shows it.
            if turn < FEW or kind not in IDLE:
                graph, triple = _any(rng, triples, axiom)
                yield Mutant(kind, graph, frozenset([triple]))
        for kind, axiom in (
            ("concept moved", SKOS.broader),
            ("required value changed", OWL.hasValue),
        ):
            graph, triple = _any(rng, triples, axiom)
            scheme = str(triple.object).removeprefix(f"<{CONCEPT}").split("-")[0]
            concepts = sorted({str(t.subject)[1:-1] for held in triples.values() for t in held
                               if str(t.subject).startswith(f"<{CONCEPT}{scheme}-")})  # fmt: skip
            near = [
                c
                for c in concepts
                if c not in (str(triple.object)[1:-1], str(triple.subject)[1:-1])
            ]
            if near:
                new = ox.Triple(triple.subject, triple.predicate, node(rng.choice(near)))
                yield Mutant(kind, graph, frozenset([triple]), frozenset([new]))
        graph, triple = _any(rng, triples, SKOS.prefLabel)
        old = triple.subject
        renamed = node(f"{str(old)[1:-1]}-renamed")
        held = frozenset(t for t in triples[graph] if old in (t.subject, t.object))
        yield Mutant("concept renamed", graph, held, frozenset(
            ox.Triple(*(renamed if term == old else term for term in t)) for t in held))  # fmt: skip
        if turn < FEW:
            graph, triple = _any(rng, triples, RDF.type, node(OWL.TransitiveProperty))
            yield Mutant("transitivity deleted", graph, frozenset([triple]))


def of_words(triples: dict[str, Triples], seed: int) -> Iterator[Mutant]:
    """Edits of text for people alone: another label, definition, summary or note."""
    rng = random.Random(seed)
    held = sorted(((g, t) for g, found in triples.items() for t in found
                   if t.predicate.value in SPOKEN and isinstance(t.object, ox.Literal)),
                  key=lambda pair: (pair[0], str(pair[1])))  # fmt: skip
    while True:
        graph, triple = rng.choice(held)
        text = ox.Literal(f"Reworded, {rng.random():.6f}", language="en-GB")
        if triple.predicate == node(PTN.summary):
            text = ox.Literal(text.value)
        new = ox.Triple(triple.subject, triple.predicate, text)
        yield Mutant("reworded", graph, frozenset([triple]), frozenset([new]))


def _any(
    rng: random.Random, triples: dict[str, Triples], link: object, value: object = None
) -> tuple[str, ox.Triple]:
    held = sorted(
        ((g, t) for g, found in triples.items() for t in found
         if t.predicate == node(link) and value in (None, t.object)),
        key=lambda pair: (pair[0], str(pair[1])),
    )  # fmt: skip
    return rng.choice(held)
