"""The single changes that "what would change it" tries: one thing left out, one value flipped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import pyoxigraph as ox
from rdflib import RDF, RDFS

from partnering.answering.comparison import name_of
from partnering.doubt.scratch import Change, Scratch, text_of
from partnering.namespaces import CONCEPT, PTN

Kind = Literal["statement", "value", "case", "rule"]
KINDS: tuple[Kind, ...] = ("statement", "value", "case", "rule")

TRIED: dict[str, tuple[str, ...]] = {
    str(PTN[attribute]): tuple(str(CONCEPT[value]) for value in values)
    for attribute, values in {
        "hasPolarity": ("polarity-enabling", "polarity-hindering"),
        "hasDirection": ("direction-improved", "direction-worsened"),
        "hasRealisation": (
            "realisation-realised",
            "realisation-ongoing",
            "realisation-anticipated",
        ),
        "hasEvidenceStrength": ("evidence-none-stated", "evidence-routine-measure"),
        "hasContribution": ("contribution-direct", "contribution-not-claimed"),
        "hasNature": ("nature-mandated", "nature-voluntary"),
        "hasScale": ("scale-individual", "scale-structural"),
    }.items()
}
"""Attributes whose value is a judgement of the coder, and what each is flipped to.

Where a scheme is long, the two values are those on either side of what rules look for.
"""


@dataclass(frozen=True)
class Candidate:
    """One change to try: a statement, case or rule left out, or a value replaced or left out."""

    kind: Kind
    graph: str
    subject: str
    attribute: str = ""
    old: str = ""
    new: str = ""
    words: str = field(default="", compare=False)


@dataclass(frozen=True)
class Graph:
    """What one file asserts, by subject and by object."""

    name: str
    triples: frozenset[ox.Triple]

    @cached_property
    def by_subject(self) -> dict[str, list[ox.Triple]]:
        return _grouped((text_of(t.subject), t) for t in self.triples)

    @cached_property
    def by_object(self) -> dict[str, list[ox.Triple]]:
        named = (t for t in self.triples if isinstance(t.object, ox.NamedNode))
        return _grouped((text_of(t.object), t) for t in named)

    def of(self, subject: str) -> list[ox.Triple]:
        return self.by_subject.get(subject, [])

    def at(self, value: str) -> list[ox.Triple]:
        return self.by_object.get(value, [])

    def change(self, candidate: Candidate) -> Change:
        """The candidate as triples to take out and put in."""
        if candidate.kind == "statement":
            gone = {*self.of(candidate.subject), *self.at(candidate.subject)}
            return Change(self.name, frozenset(gone))
        subject, attribute = ox.NamedNode(candidate.subject), ox.NamedNode(candidate.attribute)
        new = (
            frozenset([ox.Triple(subject, attribute, ox.NamedNode(candidate.new))])
            if candidate.new
            else frozenset()
        )
        old = ox.Triple(subject, attribute, ox.NamedNode(candidate.old))
        return Change(self.name, frozenset([old]) - new, new - self.triples)


def _grouped(pairs: Iterable[tuple[str, ox.Triple]]) -> dict[str, list[ox.Triple]]:
    found: dict[str, list[ox.Triple]] = {}
    for key, triple in pairs:
        found.setdefault(key, []).append(triple)
    return found


class Candidates:
    """All single changes of what a scratch copy holds."""

    def __init__(self, scratch: Scratch, graphs: Iterable[str] | None = None) -> None:
        self._scratch = scratch
        chosen = scratch.graphs if graphs is None else tuple(graphs)
        self.graphs = {name: Graph(name, scratch.asserted(name)) for name in chosen}

    def of_kinds(self, kinds: Iterable[Kind]) -> Iterator[Candidate]:
        """Statements, then values, cases and rules, each in the order of their names."""
        for kind in KINDS:
            if kind in kinds:
                yield from getattr(self, f"_{kind}s")()

    def label(self, iri: str) -> str:
        """A thing's label, else its short name."""
        found = self._scratch.store.quads_for_pattern(
            ox.NamedNode(iri), ox.NamedNode(str(RDFS.label)), None
        )
        return min((text_of(quad.object) for quad in found), default=name_of(iri))

    def _statements(self) -> Iterator[Candidate]:
        coded = {text_of(q.subject) for q in self._scratch.store.quads_for_pattern(
            None, ox.NamedNode(str(RDF.type)), ox.NamedNode(str(PTN.CodedStatement)))}  # fmt: skip
        for graph in self.graphs.values():
            for subject in sorted(coded & set(graph.by_subject)):
                yield Candidate("statement", graph.name, subject,
                                words=f"without the statement “{self.label(subject)}”")  # fmt: skip

    def _values(self) -> Iterator[Candidate]:
        for graph in self.graphs.values():
            held = sorted(
                (text_of(t.subject), t.predicate.value, text_of(t.object))
                for t in graph.triples
                if t.predicate.value in TRIED and isinstance(t.object, ox.NamedNode)
            )
            for subject, attribute, old in held:
                for new in (*(v for v in TRIED[attribute] if v != old), ""):
                    said = f"“{self.label(new)}” in place of" if new else "without"
                    yield Candidate(
                        "value", graph.name, subject, attribute, old, new,
                        f"{self.label(attribute)} {said} “{self.label(old)}”"
                        f" in “{self.label(subject)}”",
                    )  # fmt: skip

    def _cases(self) -> Iterator[Candidate]:
        study = ox.NamedNode(str(PTN.CaseStudy))
        for graph in self.graphs.values():
            for triple in sorted(graph.at(study.value), key=str)[:1]:
                case = text_of(triple.subject)
                yield Candidate("case", graph.name, case, words=f"without {self.label(case)}")

    def _rules(self) -> Iterator[Candidate]:
        kind = ox.NamedNode(str(RDF.type)), ox.NamedNode(str(PTN.SuccessRule))
        for graph in self._scratch.rule_graphs:
            for quad in self._scratch.store.quads_for_pattern(None, *kind, ox.NamedNode(graph)):
                rule = text_of(quad.subject)
                yield Candidate("rule", graph, rule, words=f"without the rule “{self.label(rule)}”")
