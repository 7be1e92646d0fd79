"""What a change of one statement changes among all that follows, found in its neighbourhood.

Inferring a whole case again for every single change would take minutes. What follows from a
statement follows from it, its arrangement and the statements beside it; so only these are
inferred and judged, before and after, and the difference is the change. Tests hold it
against inferring everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib.namespace import RDF, RDFS, SKOS

from partnering.candidates import TRIED, Candidate, Graph
from partnering.infer import Inference
from partnering.namespaces import GRAPH, PTN
from partnering.rules import Slate
from partnering.scratch import Scratch
from partnering.workspace import SCHEMA_KINDS

HERE = str(GRAPH["scratch/here"])
_TYPE = ox.NamedNode(str(RDF.type))
_ABOUT = tuple(str(PTN[name]) for name in ("findingAbout", "assesses"))
_WEIGHED = {str(PTN[name]) for name in ("hasDirection", "hasRealisation", "assesses")}
_WORDS = {
    *(str(SKOS[name]) for name in ("prefLabel", "altLabel", "hiddenLabel", "definition", "scopeNote",
                                   "changeNote", "example", "inScheme", "topConceptOf", "broader",
                                   "hasTopConcept", "narrower", "broaderTransitive", "notation")),
    str(RDFS.isDefinedBy), str(RDFS.comment), str(RDFS.label), str(PTN.termOrigin),
}  # fmt: skip
"""What the schema says of its own terms only, which nothing about a case follows from."""
_MANNER = {
    str(RDF.type), *_ABOUT, *TRIED,
    *(str(PTN[name]) for name in ("claimedBy", "hasProminence", "hasPresence", "hasAnchor",
                                  "experiencedBy", "concernsActor", "findingInPhase")),
}  # fmt: skip
_ANCHOR = str(PTN.hasAnchor)
VERDICTS = tuple(
    str(PTN[name]) for name in ("hasVerdict", "successfulUnder", "basedOn", "weighsAgainst", "caveat",
                                "underRule", "assesses")
)  # fmt: skip
"""Properties that a verdict shows in."""


@dataclass(frozen=True)
class Delta:
    """Triples that stop and start to hold, inferred ones among them."""

    removed: frozenset[ox.Triple]
    added: frozenset[ox.Triple]

    def __iter__(self) -> Iterator[ox.Triple]:
        yield from self.removed
        yield from self.added


class Neighbourhood:
    """Works out deltas on one scratch copy, which must not change meanwhile."""

    def __init__(self, scratch: Scratch, inference: Inference) -> None:
        self._scratch = scratch
        self._rules = inference.rules
        self._slate = Slate(())
        self._slate.keep(self._context(inference))
        self._last: tuple[frozenset[ox.Triple], bool, set[ox.Triple]] | None = None

    def delta(self, graph: Graph, candidate: Candidate, *, judged: bool) -> Delta:
        """What the candidate changes; verdicts only where ``judged``."""
        change = graph.change(candidate)
        judged = judged and self._weighs(graph, candidate)
        before = frozenset(self._around(graph, candidate.subject, judged))
        held, holds = self._closure(before, judged), self._closure(
            (before - change.remove) | change.add, judged, keep=False
        )
        removed, added = held - holds, holds - held
        if candidate.kind == "statement":
            node = ox.NamedNode(candidate.subject)
            removed |= {q.triple for q in self._scratch.store.quads_for_pattern(node, None, None)}
            removed |= {q.triple for q in self._scratch.store.quads_for_pattern(None, None, node)}
        return Delta(frozenset(removed), frozenset(added - removed))

    def _context(self, inference: Inference) -> Iterator[ox.Quad]:
        workspace = inference.workspace
        wanted = [file.graph for file in workspace.graph_files
                  if file.kind in (*SCHEMA_KINDS, "success-rule")]  # fmt: skip
        for name in (*wanted, str(GRAPH["inferred/schema"])):
            rule = "/success-rule/" in name
            for quad in self._scratch.store.quads_for_pattern(None, None, None, ox.NamedNode(name)):
                if rule or quad.predicate.value not in _WORDS:
                    yield quad

    def _weighs(self, graph: Graph, candidate: Candidate) -> bool:
        said = {t.predicate.value for t in graph.of(candidate.subject)}
        return bool(said & _WEIGHED) or not said & set(_ABOUT)

    def _around(self, graph: Graph, subject: str, judged: bool) -> Iterator[ox.Triple]:
        own = [t for t in graph.of(subject) if t.predicate.value != _ANCHOR]
        yield from own
        yield from graph.at(subject)
        arrangements = {t.object.value for t in own if t.predicate.value in _ABOUT} or {subject}
        concepts = {t.object for t in own if _tells(t)}
        for arrangement in arrangements - {subject}:
            yield from (t for t in graph.of(arrangement) if t.predicate.value != _ANCHOR)
            yield from (t for t in graph.at(arrangement) if t.predicate.value not in _ABOUT)
        siblings = {t.subject.value for a in arrangements for t in graph.at(a)
                    if t.predicate.value in _ABOUT}  # fmt: skip
        for sibling in siblings - {subject}:
            said = [t for t in graph.of(sibling) if t.predicate.value != _ANCHOR]
            weighed = judged and any(t.predicate.value in _WEIGHED for t in said)
            if weighed or any(t.object in concepts for t in said if _tells(t)):
                yield from said
                yield from self._types(said, {subject, *arrangements, *siblings})
        yield from self._types([*own, *graph.at(subject)], {subject, *arrangements, *siblings})

    def _types(self, triples: Iterable[ox.Triple], known: set[str]) -> Iterator[ox.Triple]:
        """What the things spoken of are, wherever that is said."""
        for triple in triples:
            for term in (triple.subject, triple.object):
                if isinstance(term, ox.NamedNode) and term.value not in known:
                    for quad in self._scratch.store.quads_for_pattern(term, _TYPE, None):
                        yield quad.triple

    def _closure(
        self, triples: frozenset[ox.Triple], judged: bool, *, keep: bool = True
    ) -> set[ox.Triple]:
        if self._last and self._last[:2] == (triples, judged):
            return self._last[2]
        here = ox.NamedNode(HERE)
        self._slate.wipe()
        self._slate.put(ox.Quad(t.subject, t.predicate, t.object, here) for t in triples)
        self._slate.saturate(self._rules, f"{HERE}/inferred")
        if judged:
            rules = [success.rule for success in self._scratch.success_rules]
            self._slate.saturate((*rules, *self._rules), f"{HERE}/judged")
        found = self._slate.said()
        if keep:
            self._last = (triples, judged, found)
        return found


def _tells(triple: ox.Triple) -> bool:
    """Whether a triple says what a statement is about, which a short-cut may be drawn from."""
    return triple.predicate.value not in _MANNER and isinstance(triple.object, ox.NamedNode)


