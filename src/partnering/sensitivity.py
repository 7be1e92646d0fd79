"""What would change an answer: each single change that touches a row, and the fragile rows.

For every candidate the triples it changes are worked out in its neighbourhood; where none
of them fits the question's pattern it cannot matter, else the question is asked again with
just these triples changed. ``confirm`` does it the long way, on a scratch copy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyoxigraph as ox

from partnering import patterns
from partnering.candidates import KINDS, Candidate, Candidates, Kind
from partnering.comparison import Comparison, compare, say, say_change
from partnering.infer import Inference
from partnering.namespaces import GRAPH
from partnering.neighbourhood import VERDICTS, Delta, Neighbourhood
from partnering.questions import BoundQuestion
from partnering.scratch import Scratch
from partnering.store.base import Row, Table
from partnering.vocabulary import Vocabulary
from partnering.workspace import Workspace

PATCH = ox.NamedNode(str(GRAPH["scratch/patch"]))
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Effect:
    """One change and what it does to the rows."""

    candidate: Candidate
    comparison: Comparison


@dataclass(frozen=True)
class Fragile:
    """A row, by its number from 0, that one thing taken away would take away, and why."""

    row: int
    reason: str
    statements: tuple[str, ...]


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
        for effect in sorted(self.effects, key=lambda e: (-len(e.comparison.lost), e.candidate.words)):
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
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self.scratch.engine)

    def doubt(
        self,
        bound: BoundQuestion,
        kinds: Iterable[Kind] = KINDS,
        progress: Progress = lambda done, of: None,
    ) -> Sensitivity:
        """Every candidate of these kinds that changes the answer."""
        table = self.scratch.select(bound.query)
        waiting = list(self.candidates.of_kinds(kinds))
        effects = []
        for at, candidate in enumerate(waiting):
            found = self.effect(bound, table, candidate)
            if found:
                effects.append(Effect(candidate, found))
            progress(at + 1, len(waiting))
        return Sensitivity(bound, table, tuple(effects), len(waiting))

    def effect(self, bound: BoundQuestion, table: Table, candidate: Candidate) -> Comparison:
        """What one change does to an answer."""
        if candidate.kind == "rule":
            return self._other_rule(bound, table, candidate)
        if candidate.kind == "case":
            with self.scratch.without(candidate.graph):
                return compare(bound.question, table, self.scratch.select(bound.query))
        asked = patterns.of(bound.query)
        graph = self.candidates.graphs[candidate.graph]
        change = graph.change(candidate)
        if candidate.kind == "statement" and not self._meets(asked, candidate):
            return Comparison()
        delta = self._neighbourhood.delta(graph, candidate, judged=asked.uses(VERDICTS))
        if not asked.meet((*delta, *change.remove)):
            return Comparison()
        with self._patched(delta):
            return compare(bound.question, table, self.scratch.select(bound.query))

    def confirm(self, bound: BoundQuestion, table: Table, candidate: Candidate) -> Comparison:
        """The same the long way: the whole file changed, inferred and judged again."""
        if candidate.kind in ("rule", "case"):
            return self.effect(bound, table, candidate)
        change = self.candidates.graphs[candidate.graph].change(candidate)
        with self.scratch.changed(change):
            return compare(bound.question, table, self.scratch.select(bound.query))

    def _meets(self, asked: patterns.Patterns, candidate: Candidate) -> bool:
        """Whether a statement, or a verdict that may rest on it, can be in the answer at all."""
        node, store = ox.NamedNode(candidate.subject), self.scratch.store
        said = [q.triple for q in store.quads_for_pattern(node, None, None)]
        said += [q.triple for q in store.quads_for_pattern(None, None, node)]
        return asked.uses(VERDICTS) or asked.meet(said) or self._draws(asked)

    def _draws(self, asked: patterns.Patterns) -> bool:
        """Whether the question asks for short-cuts, which name no statement."""
        return any(p is not None and p.endswith("ByFactor>") for _, p, _ in asked.patterns)

    def _other_rule(self, bound: BoundQuestion, table: Table, candidate: Candidate) -> Comparison:
        """Without a rule; or, where the question names its rule, judged by that one instead."""
        named = [p.name for p in bound.question.parameters if p.kind == "rule"]
        if not named:
            if not patterns.of(bound.query).uses((*VERDICTS, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type")):
                return Comparison()
            with self.scratch.without(candidate.graph):
                return compare(bound.question, table, self.scratch.select(bound.query))
        other = {**bound.values, **dict.fromkeys(named, candidate.subject)}
        again = bound.question.bind(other, self._vocabulary)
        return compare(bound.question, table, self.scratch.select(again.query))

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
