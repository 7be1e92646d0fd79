"""What would change an answer: each single change that touches a row, and the fragile rows.

For every candidate the triples it changes are worked out in its neighbourhood; where none
of them fits the question's pattern it cannot matter, else the question is asked again with
just these triples changed. ``confirm`` does it the long way, on a scratch copy.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyoxigraph as ox
from rdflib import RDF

from partnering.answering.comparison import Comparison, compare, say, say_change
from partnering.answering.questions import BoundQuestion
from partnering.answering.vocabulary import Vocabulary
from partnering.doubt import patterns
from partnering.doubt.candidates import KINDS, Candidate, Candidates, Kind
from partnering.doubt.fragility import Fragile, fragile
from partnering.doubt.neighbourhood import VERDICTS, Delta, Neighbourhood, weighs
from partnering.doubt.reach import Reach
from partnering.doubt.scratch import Scratch
from partnering.namespaces import GRAPH
from partnering.pipeline.infer import Inference
from partnering.store.base import Row, Table
from partnering.workspace import Workspace

PATCH = ox.NamedNode(str(GRAPH["scratch/patch"]))
Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class Effect:
    """One change and what it does to the rows."""

    candidate: Candidate
    comparison: Comparison


@dataclass(frozen=True)
class Sensitivity:
    """Every effect found on an answer, and the rows that fall with one statement or voice."""

    bound: BoundQuestion
    table: Table
    effects: tuple[Effect, ...]
    tried: int
    fragile: tuple[Fragile, ...] = ()

    def lines(self) -> Iterator[str]:
        """The effects in words, the heaviest first."""
        question = self.bound.question
        for effect in sorted(
            self.effects, key=lambda e: (-len(e.comparison.lost), e.candidate.words)
        ):
            found = effect.comparison
            yield f"{effect.candidate.words[:1].upper()}{effect.candidate.words[1:]}:"
            yield from (f"  − {say(question, row)}" for row in found.lost)
            yield from (f"  + {say(question, row)}" for row in found.gained)
            yield from (f"  ~ {say_change(question, *pair)}" for pair in found.changed)

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and dicts, rows as lists of texts."""

        def texts(row: Row) -> list[str | None]:
            return [None if cell is None else str(cell) for cell in row]

        return {
            "question": self.bound.question.slug,
            "parameters": self.bound.values,
            "columns": list(self.table.columns),
            "tried": self.tried,
            "effects": [
                {
                    "change": {k: v for k, v in vars(effect.candidate).items() if v},
                    "lost": [texts(row) for row in effect.comparison.lost],
                    "gained": [texts(row) for row in effect.comparison.gained],
                    "changed": [[texts(a), texts(b)] for a, b in effect.comparison.changed],
                }
                for effect in self.effects
            ],
            "fragile": [vars(one) for one in self.fragile],
        }


class Doubter:
    """Tries changes against questions on one scratch copy, which must not change meanwhile."""

    def __init__(
        self, workspace: Workspace, scratch: Scratch, graphs: Iterable[str] | None = None
    ) -> None:
        self.scratch = scratch
        self.candidates = Candidates(scratch, graphs)
        self._workspace = workspace

    @cached_property
    def _neighbourhood(self) -> Neighbourhood:
        return Neighbourhood(self.scratch, Inference(self._workspace))

    @cached_property
    def _reach(self) -> Reach:
        return Reach(self.scratch.store, Inference(self._workspace).rules)

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self.scratch.engine)

    def doubt(
        self,
        bound: BoundQuestion,
        kinds: Collection[Kind] = KINDS,
        progress: Progress = lambda done, of: None,
        *,
        about: Collection[str] | None = None,
    ) -> Sensitivity:
        """Every candidate of these kinds, and about these things, that changes the answer.

        Fragile rows are told where every statement was tried.
        """
        table = self.scratch.select(bound.query)
        waiting = [candidate for candidate in self.candidates.of_kinds(kinds)
                   if about is None or candidate.subject in about]  # fmt: skip
        effects = [
            Effect(candidate, found)
            for at, (candidate, found) in enumerate(self.effects(bound, table, waiting))
            if (progress(at + 1, len(waiting)), found)[1]
        ]
        pairs = ((effect.candidate, effect.comparison) for effect in effects)
        every = "statement" in kinds and about is None
        weak = fragile(self.scratch.engine, bound, table, pairs) if every else ()
        return Sensitivity(bound, table, tuple(effects), len(waiting), tuple(weak))

    def effects(
        self, bound: BoundQuestion, table: Table, candidates: Iterable[Candidate]
    ) -> Iterator[tuple[Candidate, Comparison]]:
        """What each change does to an answer; those that cannot matter come first."""
        asked = patterns.of(bound.query)
        small = []
        for candidate in candidates:
            if candidate.kind in ("rule", "case"):
                yield candidate, self._without(bound, table, candidate)
            elif self._matters(asked, candidate):
                small.append((self.candidates.graphs[candidate.graph], candidate))
            else:
                yield candidate, Comparison()
        for candidate, delta in self._neighbourhood.deltas(small, judged=asked.uses(VERDICTS)):
            if not asked.meet(delta):
                yield candidate, Comparison()
                continue
            with self._patched(delta):
                yield candidate, compare(bound.question, table, self.scratch.select(bound.query))

    def confirm(self, bound: BoundQuestion, table: Table, candidate: Candidate) -> Comparison:
        """The same the long way: the whole file changed, inferred and judged again."""
        if candidate.kind in ("rule", "case"):
            return self._without(bound, table, candidate)
        change = self.candidates.graphs[candidate.graph].change(candidate)
        with self.scratch.changed(change):
            return compare(bound.question, table, self.scratch.select(bound.query))

    def _matters(self, asked: patterns.Patterns, candidate: Candidate) -> bool:
        """Whether a change can be in the answer at all, as far as its terms tell."""
        graph = self.candidates.graphs[candidate.graph]
        if asked.uses(VERDICTS) and weighs(graph, candidate.subject):
            return True
        if candidate.kind == "value":
            return asked.mentions(self._reach.of(candidate.attribute))
        node, store = ox.NamedNode(candidate.subject), self.scratch.store
        said = [q.triple for q in store.quads_for_pattern(node, None, None)]
        said += [q.triple for q in store.quads_for_pattern(None, None, node)]
        return asked.meet(said) or asked.mentions(
            self._reach.of(*(t.predicate.value for t in said))
        )

    def _without(self, bound: BoundQuestion, table: Table, candidate: Candidate) -> Comparison:
        """Without a case or rule; judged by that rule instead, where the question names one."""
        named = [p.name for p in bound.question.parameters if p.kind == "rule"]
        if candidate.kind == "rule" and named:
            other = {**bound.values, **dict.fromkeys(named, candidate.subject)}
            again = bound.question.bind(other, self._vocabulary).query
            return compare(bound.question, table, self.scratch.select(again))
        if candidate.kind == "rule" and not patterns.of(bound.query).uses(
            (*VERDICTS, str(RDF.type))
        ):
            return Comparison()
        with self.scratch.without(candidate.graph):
            return compare(bound.question, table, self.scratch.select(bound.query))

    @contextmanager
    def _patched(self, delta: Delta) -> Iterator[None]:
        store = self.scratch.store
        gone = [
            quad for t in delta.removed
            for quad in store.quads_for_pattern(t.subject, t.predicate, t.object)
        ]  # fmt: skip
        for quad in gone:
            store.remove(quad)
        store.extend(ox.Quad(t.subject, t.predicate, t.object, PATCH) for t in delta.added)
        try:
            yield
        finally:
            store.remove_graph(PATCH)
            store.extend(gone)
