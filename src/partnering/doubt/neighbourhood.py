"""What a change of one statement changes among all that follows, found in its neighbourhood.

Inferring a whole case again for every single change would take minutes. What follows from a
statement follows from it, its arrangement and the statements beside it; so only these are
inferred and judged, before and after, and the difference is the change. Tests hold it
against inferring everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pyoxigraph as ox
from rdflib.namespace import RDF, RDFS, SKOS

from partnering.doubt.candidates import TRIED, Candidate, Graph
from partnering.doubt.scratch import Scratch, terms, text_of
from partnering.namespaces import GRAPH, PTN
from partnering.pipeline.infer import Inference
from partnering.pipeline.rules import Slate
from partnering.workspace import SCHEMA_KINDS

BATCH = 48
"""Candidates worked out at once: a rule costs as much on one neighbourhood as on many."""
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

    def deltas(
        self, asked: Iterable[tuple[Graph, Candidate]], *, judged: bool
    ) -> Iterator[tuple[Candidate, Delta]]:
        """What each candidate changes, in order; verdicts only where ``judged``."""
        waiting = iter(asked)
        while batch := list(islice(waiting, BATCH)):
            yield from self._batch(batch, judged)

    def _batch(
        self, batch: list[tuple[Graph, Candidate]], judged: bool
    ) -> Iterator[tuple[Candidate, Delta]]:
        """Several candidates at once, each on a copy of its neighbourhood under other names."""
        copies: dict[tuple[str, str, bool], _Copy] = {}
        pairs: list[tuple[Candidate, _Copy, _Copy]] = []
        for graph, candidate in batch:
            weighed = judged and weighs(graph, candidate.subject)
            key = (graph.name, candidate.subject, weighed)
            if key not in copies:
                copies[key] = self._copy(graph, candidate.subject, weighed, len(copies))
            change = graph.change(candidate)
            after = copies[key].changed(change.remove, change.add, BATCH + len(pairs))
            pairs.append((candidate, copies[key], after))
        said = self._closures([*copies.values(), *(after for _, _, after in pairs)])
        for candidate, before, after in pairs:
            held, holds = said.get(before.number, set()), said.get(after.number, set())
            removed, added = held - holds, holds - held
            if candidate.kind == "statement":
                node, store = ox.NamedNode(candidate.subject), self._scratch.store
                removed |= {q.triple for q in store.quads_for_pattern(node, None, None)}
                removed |= {q.triple for q in store.quads_for_pattern(None, None, node)}
            yield candidate, Delta(frozenset(removed), frozenset(added - removed))

    def _copy(self, graph: Graph, subject: str, judged: bool, number: int) -> _Copy:
        own = [t for t in graph.of(subject) if t.predicate.value != _ANCHOR]
        arrangements = {text_of(t.object) for t in own if t.predicate.value in _ABOUT} or {subject}
        siblings = {text_of(t.subject) for a in arrangements for t in graph.at(a)
                    if t.predicate.value in _ABOUT}  # fmt: skip
        renamed = frozenset({subject, *arrangements, *siblings})
        said = frozenset(self._around(graph, subject, arrangements, siblings, judged))
        return _Copy(number, said, renamed, judged)

    def _closures(self, copies: Iterable[_Copy]) -> dict[int, set[ox.Triple]]:
        """What holds in each copy, under the right names again."""
        here = ox.NamedNode(HERE)
        self._slate.wipe()
        judged = False
        for copy in copies:
            judged |= copy.judged
            self._slate.put(ox.Quad(*terms(t), here) for t in copy.triples())
        self._slate.saturate(self._rules, f"{HERE}/inferred")
        if judged:
            rules = [success.rule for success in self._scratch.success_rules]
            self._slate.saturate((*rules, *self._rules), f"{HERE}/judged")
        return _sorted_out(self._slate.said())

    def _context(self, inference: Inference) -> Iterator[ox.Quad]:
        workspace = inference.workspace
        wanted = [file.graph for file in workspace.graph_files
                  if file.kind in (*SCHEMA_KINDS, "success-rule")]  # fmt: skip
        for name in (*wanted, str(GRAPH["inferred/schema"])):
            rule = "/success-rule/" in name
            for quad in self._scratch.store.quads_for_pattern(None, None, None, ox.NamedNode(name)):
                if rule or quad.predicate.value not in _WORDS:
                    yield quad

    def _around(
        self, graph: Graph, subject: str, arrangements: set[str], siblings: set[str], judged: bool
    ) -> Iterator[ox.Triple]:
        own = [t for t in graph.of(subject) if t.predicate.value != _ANCHOR]
        yield from own
        yield from graph.at(subject)
        concepts = {t.object for t in own if _tells(t)}
        known = {subject, *arrangements, *siblings}
        yield from self._types([*own, *graph.at(subject)], known)
        for arrangement in arrangements - {subject}:
            yield from (t for t in graph.of(arrangement) if t.predicate.value != _ANCHOR)
            yield from (t for t in graph.at(arrangement) if t.predicate.value not in _ABOUT)
        for sibling in siblings - {subject}:
            said = [t for t in graph.of(sibling) if t.predicate.value != _ANCHOR]
            weighed = judged and any(t.predicate.value in _WEIGHED for t in said)
            if weighed or any(t.object in concepts for t in said if _tells(t)):
                yield from said
                yield from self._types(said, known)

    def _types(self, triples: Iterable[ox.Triple], known: set[str]) -> Iterator[ox.Triple]:
        """What the things spoken of are, wherever that is said."""
        for triple in triples:
            for term in (triple.subject, triple.object):
                if isinstance(term, ox.NamedNode) and term.value not in known:
                    for quad in self._scratch.store.quads_for_pattern(term, _TYPE, None):
                        yield quad.triple


@dataclass(frozen=True)
class _Copy:
    """A neighbourhood whose statements and arrangements bear a number in their names."""

    number: int
    said: frozenset[ox.Triple]
    renamed: frozenset[str]
    judged: bool

    def changed(
        self, remove: frozenset[ox.Triple], add: frozenset[ox.Triple], number: int
    ) -> _Copy:
        return _Copy(number, (self.said - remove) | add, self.renamed, self.judged)

    def triples(self) -> Iterator[ox.Triple]:
        for triple in self.said:
            subject, predicate, value = terms(triple)
            yield ox.Triple(self._name(subject), predicate, self._name(value))

    def _name(self, term: Any) -> Any:
        if isinstance(term, ox.NamedNode) and term.value in self.renamed:
            return ox.NamedNode(f"{term.value}~{self.number}~")
        return term


_NUMBER = re.compile(r"~(\d+)~")


def _sorted_out(triples: Iterable[ox.Triple]) -> dict[int, set[ox.Triple]]:
    """Triples by the copy they speak of, its number taken out of their names."""
    found: dict[int, set[ox.Triple]] = {}
    for triple in triples:
        numbers = _NUMBER.findall(f"{triple.subject} {triple.object}")
        if numbers:
            subject, predicate, value = terms(triple)
            original = ox.Triple(_original(subject), predicate, _original(value))
            found.setdefault(int(numbers[0]), set()).add(original)
    return found


def _original(term: Any) -> Any:
    if isinstance(term, ox.NamedNode):
        return ox.NamedNode(_NUMBER.sub("", term.value))
    return term


def weighs(graph: Graph, subject: str) -> bool:
    """Whether verdicts may depend on what is said of a thing: an outcome, a judgement, an arrangement."""
    said = {t.predicate.value for t in graph.of(subject)}
    return bool(said & _WEIGHED) or not said & set(_ABOUT)


def _tells(triple: ox.Triple) -> bool:
    """Whether a triple says what a statement is about, which a short-cut may be drawn from."""
    return triple.predicate.value not in _MANNER and isinstance(triple.object, ox.NamedNode)
