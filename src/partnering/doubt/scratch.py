"""A scratch copy of the published index, to see what would hold if a file said otherwise.

Only the file that changes is inferred and judged again, in memory; nothing is ever written
to the workspace. What stands in the scratch after a change is what a build of the changed
files would publish, but for the catalogue and the digests in the provenance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from partnering import slices
from partnering.errors import WrongUse
from partnering.pipeline.infer import Inference, inferred_graph
from partnering.pipeline.judge import JUDGED_KINDS, Bench, assessment_graph
from partnering.pipeline.provenance import PROVENANCE_GRAPH
from partnering.pipeline.publish import Index
from partnering.pipeline.rules import Slate
from partnering.slices import Slice
from partnering.store.base import Table, select
from partnering.workspace import Workspace

CHANGEABLE = ("case", "synthesis")
"""Kinds of file that no other file is inferred from, so that one can change alone."""

Saved = dict[str, list[ox.Quad]]


@dataclass(frozen=True)
class Change:
    """Asserted triples taken out of one file's graph, and others put into it."""

    graph: str
    remove: frozenset[ox.Triple] = frozenset()
    add: frozenset[ox.Triple] = frozenset()


class Scratch:
    """An index in memory whose files can be changed and changed back."""

    def __init__(self, workspace: Workspace, index: Index) -> None:
        self.engine = index.load()
        self._paths = {
            part.graph: path for part, path in zip(index.parts, index.paths, strict=True)
        }
        found = slices.of_workspace(workspace)
        self._schema = found[0]
        self._slices = {part.files[0].graph: part for part in found[1:]}
        inference = Inference(workspace)
        self._rules = inference.rules
        self.success_rules = Bench(workspace, inference).rules
        self._slates: dict[tuple[str, ...], Slate] = {}
        self._gone: set[str] = set()
        self._before: list[tuple[Saved, set[str]]] = []

    @property
    def store(self) -> ox.Store:
        """The store that queries run on; change it only through this class."""
        return self.engine.store

    @property
    def graphs(self) -> tuple[str, ...]:
        """Graphs of the files that can be changed."""
        return tuple(
            graph for graph, part in self._slices.items()
            if part.kind in CHANGEABLE and graph in self._paths and graph not in self._gone
        )  # fmt: skip

    @property
    def rule_graphs(self) -> tuple[str, ...]:
        """Graphs of the success rules."""
        return tuple(g for g, part in self._slices.items() if part.kind == "success-rule")

    def asserted(self, graph: str) -> frozenset[ox.Triple]:
        """What the file of a graph says, as changed so far."""
        return frozenset(quad.triple for quad in self._quads(graph))

    def select(self, query: str) -> Table:
        """Rows of a SELECT over the scratch as it stands."""
        return select(self.engine, query)

    def apply(self, change: Change) -> None:
        """Change a file's triples, then infer and judge that file alone."""
        part = self._changeable(change.graph)
        self._save([change.graph, *self._follows(part)])
        name = ox.NamedNode(change.graph)
        for triple in change.remove:
            self.store.remove(ox.Quad(*terms(triple), name))
        self.store.extend(ox.Quad(*terms(triple), name) for triple in change.add)
        self._redo(part)

    def drop(self, graph: str) -> None:
        """Take a case, a synthesis or a success rule out altogether, as if its file were gone."""
        part = self._slices[graph]
        leaning = [] if part.kind in CHANGEABLE else [self._slices[g] for g in self.graphs]
        touched = [graph, PROVENANCE_GRAPH, *self._follows(part)]
        touched += [name for other in leaning for name in self._follows(other)]
        if part.kind == "success-rule":
            touched += self._verdicts_of(graph)
        self._save(touched)
        self._gone.add(graph)
        for name in {*touched} - {PROVENANCE_GRAPH}:
            self.store.remove_graph(ox.NamedNode(name))
        node, provenance = ox.NamedNode(graph), ox.NamedNode(PROVENANCE_GRAPH)
        for quad in list(self.store.quads_for_pattern(node, None, None, provenance)):
            self.store.remove(quad)
        for other in leaning:
            self._redo(other)

    def undo(self) -> None:
        """Take back the last change."""
        saved, self._gone = self._before.pop()
        for graph, quads in saved.items():
            self.store.remove_graph(ox.NamedNode(graph))
            self.store.extend(quads)

    @contextmanager
    def changed(self, *changes: Change) -> Iterator[Scratch]:
        """The scratch with some changes, taken back at the end."""
        done = 0
        try:
            for change in changes:
                self.apply(change)
                done += 1
            yield self
        finally:
            for _ in range(done):
                self.undo()

    @contextmanager
    def without(self, graph: str) -> Iterator[Scratch]:
        """The scratch without one file, taken back at the end."""
        self.drop(graph)
        try:
            yield self
        finally:
            self.undo()

    def _changeable(self, graph: str) -> Slice:
        if graph not in self.graphs:
            raise WrongUse(
                "Only a case or a synthesis can be changed on a scratch copy.",
                where=graph,
                mend=f"choose from {', '.join(self.graphs)}",
            )
        return self._slices[graph]

    def _follows(self, part: Slice) -> list[str]:
        judged = self.success_rules if part.kind in JUDGED_KINDS else ()
        return [inferred_graph(part), *(assessment_graph(part, rule.name) for rule in judged)]

    def _verdicts_of(self, graph: str) -> list[str]:
        rule = graph.rsplit("/", 1)[-1]
        judged = [p for p in self._slices.values() if p.kind in JUDGED_KINDS]
        return [assessment_graph(part, rule) for part in judged]

    def _save(self, graphs: Iterable[str]) -> None:
        self._before.append(({name: self._quads(name) for name in graphs}, set(self._gone)))

    def _quads(self, graph: str) -> list[ox.Quad]:
        return list(self.store.quads_for_pattern(None, None, None, ox.NamedNode(graph)))

    def _redo(self, part: Slice) -> None:
        own = self._quads(part.files[0].graph)
        slate = self._slate(part)
        slate.put(own)
        inferred = self._replace(
            inferred_graph(part), slate.saturate(self._rules, inferred_graph(part))
        )
        for success in self.success_rules if part.kind in JUDGED_KINDS else ():
            if self._is_gone(success.name):
                continue
            slate.wipe()
            slate.put((*own, *inferred))
            graph = assessment_graph(part, success.name)
            self._replace(graph, slate.saturate((success.rule, *self._rules), graph))

    def _is_gone(self, rule: str) -> bool:
        return any(graph.rsplit("/", 1)[-1] == rule for graph in self._gone)

    def _replace(self, graph: str, lines: list[str]) -> list[ox.Quad]:
        quads = list(ox.parse("\n".join(lines), format=ox.RdfFormat.N_QUADS))
        self.store.remove_graph(ox.NamedNode(graph))
        self.store.extend(quads)
        return quads

    def _slate(self, part: Slice) -> Slate:
        follows = (inferred_graph(one) for one in (self._schema, *part.premises)
                   if not self._gone.intersection(file.graph for file in one.files))  # fmt: skip
        wanted = (*(file.graph for file in part.context), *follows)
        # A file that came after the index was published is not in it, nor in its products.
        context = tuple(g for g in wanted if g in self._paths and g not in self._gone)
        if context not in self._slates:
            self._slates[context] = Slate(self._paths[graph] for graph in context)
        slate = self._slates[context]
        slate.wipe()
        return slate


def terms(triple: ox.Triple) -> tuple[Any, Any, Any]:
    """A triple's three terms; pyoxigraph's own types allow triples of triples, ours are none."""
    subject, predicate, value = triple
    return subject, predicate, value


def text_of(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """The IRI or the text of a term; a triple of triples, which ours never hold, has none."""
    return "" if isinstance(term, ox.Triple) else term.value
