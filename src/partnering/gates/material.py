"""What several gates look at, made once a run."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from partnering import names, slices, written
from partnering.checking import hygiene
from partnering.checking.checks import Gates
from partnering.checking.problems import Checked
from partnering.errors import PartneringError
from partnering.gates.kept import Kept
from partnering.names import Names
from partnering.pipeline import catalogue, provenance
from partnering.pipeline.infer import Inference, inferred_graph
from partnering.pipeline.judge import JUDGED_KINDS, Bench, assessment_graph
from partnering.slices import Slice
from partnering.workspace import UNPUBLISHED_KINDS, GraphFile, Workspace


class Blind(Exception):
    """A gate has nothing to look with or at; what it saw all the same is ``checked``."""

    def __init__(self, why: str, checked: Checked = Checked()) -> None:  # noqa: B008
        super().__init__(why)
        self.why = why
        self.checked = checked


class Material:
    """A workspace taken apart, inferred and judged as far as gates ask for it."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.looked_anew = 0
        """How often a gate that keeps what it found by itself had to look."""
        self.kept = Kept(workspace.cache / "gates")

    @cached_property
    def files(self) -> tuple[GraphFile, ...]:
        """The graphs that are published."""
        return tuple(f for f in self.workspace.graph_files if f.kind not in UNPUBLISHED_KINDS)

    @cached_property
    def alignments(self) -> tuple[GraphFile, ...]:
        return tuple(f for f in self.workspace.graph_files if f.kind in UNPUBLISHED_KINDS)

    @cached_property
    def known(self) -> Names:
        return names.of_workspace(self.workspace)

    @cached_property
    def parts(self) -> tuple[Slice, ...]:
        return slices.of_workspace(self.workspace)

    @cached_property
    def slices(self) -> Checked:
        """Lint and shapes, slice by slice; what was checked before is taken as it was found."""
        found = list(Gates(self.workspace).check(self.parts))
        fresh = sum(one.fresh for one in found)
        problems = {problem for one in found for problem in one.checked.problems}
        counts: dict[str, int] = {"slices": len(found), "fresh": fresh}
        for one in found:
            for name, count in one.checked.counts.items():
                counts[name] = counts.get(name, 0) + count
        return Checked(tuple(sorted(problems)), counts)

    @cached_property
    def asserted(self) -> ox.Store:
        """What the files say."""
        return hygiene.store_of(self.workspace, self.files)

    def terms(self, query: str) -> list[str]:
        """The first column of a query over what the files say, as text."""
        rows = self.asserted.query(query, use_default_graph_as_union=True)
        assert isinstance(rows, ox.QuerySolutions)
        return [getattr(row[0], "value", "") for row in rows]

    @cached_property
    def inference(self) -> Inference:
        return Inference(self.workspace)

    @cached_property
    def bench(self) -> Bench:
        return Bench(self.workspace, self.inference)

    @cached_property
    def inferred(self) -> dict[str, Path]:
        """N-Quads of what follows, by graph."""
        return {inferred_graph(part): self.inference.infer(part) for part in self.parts}

    @cached_property
    def judged(self) -> dict[str, Path]:
        """N-Quads of every verdict, by graph."""
        return {
            assessment_graph(part, rule.name): self.bench.judge(part, rule)
            for part in self.parts
            if part.kind in JUDGED_KINDS
            for rule in self.bench.rules
        }

    @cached_property
    def whole(self) -> ox.Store:
        """What a build would publish, but for a catalogue of questions that do not read."""
        store = hygiene.store_of(self.workspace, self.files)
        made = provenance.graph(self.workspace)
        # The gate over questions says which of them does not read; others need not repeat it.
        with suppress(PartneringError):
            made |= catalogue.graph(self.workspace)
        for path in (*self.inferred.values(), *self.judged.values(), *made.values()):
            store.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS)
        return store

    def where(self, iri: str) -> str:
        """``file:line`` of a thing's description, else the thing itself."""
        return written.place(iri, (*self.files, *self.alignments))
