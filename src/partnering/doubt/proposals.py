"""Facts a coder could add: a finding on an arrangement, a nature, an outcome that turns a verdict.

What a new statement must say is read off the ontology (defined classes) and off the statements
of its kind that are there; nothing here knows a question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import pyoxigraph as ox
from rdflib import RDF, RDFS

from partnering.answering.comparison import name_of
from partnering.doubt.candidates import TRIED, Graph
from partnering.doubt.scratch import Change, Scratch, text_of
from partnering.namespaces import CONCEPT, PTN
from partnering.store.base import select

USUAL = 0.9
"""What so large a part of the statements of a kind say, a new one of that kind says too."""
NEW = "addition"
_DEFINITIONS = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?class ?base ?property ?value WHERE {
  ?class owl:equivalentClass/owl:intersectionOf/rdf:rest*/rdf:first ?part .
  OPTIONAL { ?part owl:onProperty ?property ; owl:hasValue ?value }
  BIND (IF(isIRI(?part), ?part, ?none) AS ?base)
}"""
_BELOW = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?property WHERE { ?property rdfs:subPropertyOf <%s> }"""
OUTCOMES: tuple[Mapping[str, str], ...] = tuple(
    {"hasDirection": f"direction-{d}", "hasRealisation": f"realisation-{r}",
     "hasEvidenceStrength": f"evidence-{e}", "hasContribution": f"contribution-{c}"}
    for d, r, e, c in (
        ("improved", "realised", "anecdotal", "direct"),
        ("improved", "realised", "routine-measure", "direct"),
        ("improved", "anticipated", "none-stated", "not-claimed"),
        ("worsened", "realised", "routine-measure", "direct"),
    )
)  # fmt: skip
"""Outcomes that turn verdicts, the weakest first."""


@dataclass(frozen=True)
class Addition:
    """Facts to assert in one graph, and each of them in words."""

    graph: str
    triples: frozenset[ox.Triple]
    words: tuple[str, ...]

    @property
    def change(self) -> Change:
        return Change(self.graph, add=self.triples)

    @property
    def turtle(self) -> str:
        """The triples as a file would hold them, full names."""
        return "\n".join(sorted(f"{triple} ." for triple in self.triples))

    def __add__(self, other: Addition) -> Addition:
        return Addition(self.graph, self.triples | other.triples, self.words + other.words)


class Proposer:
    """Makes additions for one case's graph."""

    def __init__(self, scratch: Scratch, graph: str) -> None:
        self._scratch = scratch
        self._graph = Graph(graph, scratch.asserted(graph))
        self._count = 0

    def statements(
        self,
        kind: str,
        said: Mapping[str, str],
        arrangement: str,
        *,
        left_open: Iterable[str] = (str(PTN.hasPolarity),),
    ) -> Iterator[Addition]:
        """New statements of a class (IRI), saying given things (property to IRI).

        What is left open (properties) is tried with every value of :data:`TRIED`.
        """
        base, fixed = self._asserted_kind(kind)
        known = self._kinds.get(base)
        if known is None:
            return
        held = {**fixed, **self._lowered(known, said)}
        usual = {
            p: value
            for p, counts in known.values.items()
            if counts.total() >= USUAL * known.instances
            and p not in held
            and (value := self._most_said(counts, arrangement))
        }
        tried = sorted({p for p in left_open if p in known.values and p not in held})
        for values in product(*(TRIED[p] for p in tried)):
            more = dict(zip(tried, values, strict=True))
            yield self._statement(base, {**usual, **held, **more}, arrangement)

    def outcomes(self, arrangement: str) -> Iterator[Addition]:
        """Outcome findings that may turn a verdict, then judgements by the source itself."""
        told = {text_of(t.object) for sibling in self._graph.at(arrangement)
                for t in self._graph.of(text_of(sibling.subject))
                if t.predicate.value == str(PTN.hasDimension)}  # fmt: skip
        known = self._kinds.get(str(PTN.OutcomeFinding), _Kind()).values
        # A worsening in the same dimension may outweigh an improvement: take a fresh one.
        fresh = [d for d, _ in known.get(str(PTN.hasDimension), Counter()).most_common()
                 if d not in told]  # fmt: skip
        for said in OUTCOMES:
            full = {str(PTN[p]): str(CONCEPT[v]) for p, v in said.items()}
            full |= {str(PTN.hasDimension): d for d in fresh[:1]}
            yield from self.statements(str(PTN.OutcomeFinding), full, arrangement)
        for verdict in ("met", "not-met", "too-early"):
            yield from self._judgement(verdict, arrangement)

    def value(self, subject: str, attribute: str, value: str) -> Addition:
        """One more value said of a thing that is there."""
        triple = ox.Triple(*(ox.NamedNode(iri) for iri in (subject, attribute, value)))
        words = f"“{self.label(subject)}”: {self._property(attribute)} “{self.label(value)}”"
        return Addition(self._graph.name, frozenset([triple]), (words,))

    def label(self, iri: str) -> str:
        """A thing's label, else its short name."""
        found = self._scratch.store.quads_for_pattern(
            ox.NamedNode(iri), ox.NamedNode(str(RDFS.label)), None
        )
        return min((text_of(quad.object) for quad in found), default=name_of(iri))

    def _most_said(self, counts: Counter[str], arrangement: str) -> str:
        """The commonest value that is no thing of another case."""
        own, others = _folder(arrangement), {_folder(g) for g in self._case_things}
        return next((value for value, _ in counts.most_common()
                     if _folder(value) == own or _folder(value) not in others), "")  # fmt: skip

    @cached_property
    def _case_things(self) -> list[str]:
        rows = select(self._scratch.engine, f"SELECT ?case {{ ?case a <{PTN.CaseStudy}> }}").rows
        return [str(case) for (case,) in rows]

    def _property(self, iri: str) -> str:
        return self.label(iri).removeprefix("has ")

    def _judgement(self, verdict: str, arrangement: str) -> Iterator[Addition]:
        authors = select(self._scratch.engine, f"SELECT ?who {{ ?who a <{PTN.ReportAuthors}> }}")
        for (who,) in sorted(authors.rows)[:1]:
            said = {str(PTN.assesses): arrangement, str(PTN.claimedBy): str(who),
                    str(PTN.hasVerdict): str(CONCEPT[f"verdict-{verdict}"])}  # fmt: skip
            yield self._statement(str(PTN.StatedAssessment), said, arrangement)

    def _statement(self, kind: str, said: Mapping[str, str], arrangement: str) -> Addition:
        self._count += 1
        stem = self._graph.name.rsplit("/", 1)[-1]
        node = ox.NamedNode(f"{_folder(arrangement) or stem}{NEW}-{self._count}")
        held = {p: v for p, v in said.items() if p not in (str(RDF.type), str(PTN.hasAnchor))}
        if str(PTN.assesses) not in held:
            held[str(PTN.findingAbout)] = arrangement
        words = ", ".join(f"{self._property(p)} “{self.label(v)}”" for p, v in sorted(held.items())
                          if "://" in v)  # fmt: skip
        held[str(PTN.summary)] = "An addition to try."
        anchors = [
            t.object for t in self._graph.of(arrangement) if t.predicate.value == str(PTN.hasAnchor)
        ]
        triples = {ox.Triple(node, ox.NamedNode(p), _term(v)) for p, v in held.items()}
        triples.add(ox.Triple(node, ox.NamedNode(str(RDF.type)), ox.NamedNode(kind)))
        triples |= {ox.Triple(node, ox.NamedNode(str(PTN.hasAnchor)), a) for a in anchors[:1]}
        return Addition(
            self._graph.name, frozenset(triples), (f"a new {self.label(kind)}: {words}",)
        )

    def _asserted_kind(self, kind: str) -> tuple[str, dict[str, str]]:
        """The class a coder writes, and what makes it the defined class asked for."""
        fixed: dict[str, str] = {}
        base = kind
        for name, above, attribute, value in self._definitions:
            if name == kind and above:
                base = above
            elif name == kind:
                fixed[attribute] = value
        return base, fixed

    def _lowered(self, known: _Kind, said: Mapping[str, str]) -> dict[str, str]:
        """Given things under properties a coder writes; what only follows is left out."""
        held: dict[str, str] = {}
        for attribute, value in said.items():
            if attribute in known.values:
                held[attribute] = value
                continue
            for (below,) in select(self._scratch.engine, _BELOW % attribute).rows:
                values = known.values.get(str(below), Counter())
                if any(_scheme(v) == _scheme(value) for v in values):
                    held[str(below)] = value
        return held

    @cached_property
    def _definitions(self) -> list[tuple[str, str, str, str]]:
        rows = select(self._scratch.engine, _DEFINITIONS).rows
        return [tuple(str(cell or "") for cell in row) for row in rows]  # type: ignore[misc]

    @cached_property
    def _kinds(self) -> dict[str, _Kind]:
        """What statements of each asserted class say, over all files that can change."""
        found: dict[str, _Kind] = {}
        for name in self._scratch.graphs:
            graph = Graph(name, self._scratch.asserted(name))
            for said in graph.by_subject.values():
                kinds = [text_of(t.object) for t in said if t.predicate.value == str(RDF.type)]
                for kind in kinds:
                    found.setdefault(kind, _Kind()).add(said)
        return found


class _Kind:
    """How often statements of one class say what."""

    def __init__(self) -> None:
        self.instances = 0
        self.values: dict[str, Counter[str]] = {}

    def add(self, said: Iterable[ox.Triple]) -> None:
        self.instances += 1
        for triple in sorted(said, key=str):
            self.values.setdefault(triple.predicate.value, Counter())[text_of(triple.object)] += 1


def _scheme(iri: str) -> str:
    return iri.removeprefix(str(CONCEPT)).split("-", 1)[0]


def _folder(iri: str) -> str:
    return iri[: iri.rindex("/") + 1] if "/" in iri else ""


def _term(value: str) -> ox.NamedNode | ox.Literal:
    return ox.NamedNode(value) if "://" in value else ox.Literal(value)
