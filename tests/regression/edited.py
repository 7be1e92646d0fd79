"""Stores as they would be after an edit, followed through every step, texts for people taken out."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox
from tests.regression.mutants import Mutant, Triples, node

from partnering import slices
from partnering.changes.regression import wordless
from partnering.doubt.scratch import Scratch
from partnering.namespaces import GRAPH
from partnering.pipeline.infer import Inference, inferred_graph
from partnering.pipeline.judge import JUDGED_KINDS, Bench, assessment_graph
from partnering.pipeline.publish import Index
from partnering.pipeline.rules import Slate
from partnering.workspace import SCHEMA_KINDS, Workspace


class WordlessScratch(Scratch):
    """A scratch copy whose texts for people are replaced by names, in what follows too."""

    def __init__(self, workspace: Workspace, index: Index) -> None:
        super().__init__(workspace, index)
        wordless(self.store)

    def _replace(self, graph: str, lines: list[str]) -> list[ox.Quad]:
        one = ox.Store()
        one.load("\n".join(lines), format=ox.RdfFormat.N_QUADS)
        return super()._replace(graph, [f"{quad} ." for quad in wordless(one)])


class Rebuilt:
    """A workspace whose schema can be edited: everything is inferred and judged again."""

    def __init__(self, workspace: Workspace, index: Index) -> None:
        self.parts = slices.of_workspace(workspace)
        self._inference = Inference(workspace)
        self._bench = Bench(workspace, self._inference)
        self._store = index.load().store
        self.schema = {f.graph: self._triples(f.graph) for f in workspace.graph_files
                       if f.kind in SCHEMA_KINDS}  # fmt: skip
        self.data = {f.graph: self._triples(f.graph) for f in workspace.graph_files
                     if f.kind in ("case", "synthesis")}  # fmt: skip

    def with_(self, *mutants: Mutant) -> ox.Store:
        """The store that the files would give with some edits."""
        store = ox.Store()
        store.extend(q for q in self._store if not self._follows(str(q.graph_name)[1:-1]))
        for mutant in mutants:
            graph = node(mutant.graph)
            for t in mutant.remove:
                store.remove(ox.Quad(*t, graph))  # type: ignore[misc]
            store.extend(ox.Quad(*t, graph) for t in mutant.add)  # type: ignore[misc]
        rules, schema = self._inference.rules, Slate(())
        schema.put(q for file in self.parts[0].files for q in self._quads(store, file.graph))
        self._add(store, schema.saturate(rules, inferred_graph(self.parts[0])))
        # What every file is read against is followed through once, and not once a file.
        around = {f.graph for part in self.parts for f in part.context}
        shared = Slate(())
        shared.keep(q for g in sorted({*around, inferred_graph(self.parts[0])})
                    for q in self._quads(store, g))  # fmt: skip
        shared.keep(self._add(store, shared.saturate(rules, str(GRAPH["inferred/around"]))))
        for part in self.parts[1:]:
            if part.files[0].graph not in around:
                shared.wipe()
                shared.put(self._quads(store, part.files[0].graph))
                self._add(store, shared.saturate(rules, inferred_graph(part)))
                if part.kind in JUDGED_KINDS:
                    judging = (*(success.rule for success in self._bench.rules), *rules)
                    self._add(store, shared.saturate(judging, assessment_graph(part, "all")))
        return store

    def _follows(self, graph: str) -> bool:
        return graph.startswith((str(GRAPH["inferred/"]), str(GRAPH["assessment/"])))

    def _triples(self, graph: str) -> Triples:
        return frozenset(quad.triple for quad in self._quads(self._store, graph))

    @staticmethod
    def _quads(store: ox.Store, graph: str) -> list[ox.Quad]:
        return list(store.quads_for_pattern(None, None, None, node(graph)))

    @staticmethod
    def _add(store: ox.Store, lines: Iterable[str]) -> list[ox.Quad]:
        quads = list(ox.parse("\n".join(lines), format=ox.RdfFormat.N_QUADS))
        store.extend(quads)
        return quads
