"""All that is done with one slice: checked, inferred and judged, or known from the last time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

import pyoxigraph as ox

from partnering import names, reading, slices, written
from partnering.checking import checks
from partnering.checking.checks import Gates
from partnering.checking.problems import Checked, Problem
from partnering.pipeline.infer import Inference, inferred_graph
from partnering.pipeline.judge import JUDGED_KINDS, Bench, SuccessRule, assessment_graph
from partnering.reasoning import contradictions
from partnering.reasoning.explanation import Explainer
from partnering.slices import Slice
from partnering.workspace import SCHEMA_KINDS, Workspace
from partnering.written import Written


@dataclass(frozen=True)
class Brought:
    """A slice brought up to date; the flags say what had to be done anew.

    ``graphs`` are its own and those that follow from it, with the N-Quads file of each; only
    its own where a check finds a violation, or what follows contradicts itself. It comes from
    another process, and so names its slice and does not hold it: a slice knows the schema and
    the digests of every file there is.
    """

    name: str
    context: str
    """Of the flow that brought it, which may have been made ready a moment before an edit."""
    problems: tuple[Problem, ...]
    graphs: dict[str, Path]
    checked: bool
    inferred: bool = False
    judged: int = 0

    @property
    def violations(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "violation")


class Flow:
    """The steps for one slice after another of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.gates = Gates(workspace)
        self.inference = Inference(workspace)
        self.bench = Bench(workspace, self.inference)

    @classmethod
    def ready(cls, workspace: Workspace) -> Flow:
        """With all loaded that every slice needs; nothing is made for it that is not there yet."""
        flow = cls(workspace.only(*SCHEMA_KINDS, "success-rule"))
        schema = Slice("schema", "schema", flow.workspace.schema_files)
        quads = (workspace.cache / "quads" / reading.name_of(file)
                 for file in flow.workspace.graph_files)  # fmt: skip
        # Before anything is loaded: whoever edits it meanwhile edits what this tells of.
        context = flow.context
        if context and all(p.exists() for p in (*quads, flow.inference.product(schema))):
            # pyshacl takes half a second to import: not for a build in which nothing changed.
            from partnering.checking import validate

            names.of_workspace(flow.workspace)
            validate.load(flow.workspace)
            flow.inference.begin_with(schema)
        return flow

    def rules(self, kind: str) -> tuple[SuccessRule, ...]:
        """The success rules that judge a slice of a kind."""
        return self.bench.rules if kind in JUDGED_KINDS else ()

    @cached_property
    def context(self) -> str:
        """Of all that what is found and follows depends on in every slice alike."""
        of_rules = (file for file in self.workspace.graph_files if file.kind == "success-rule")
        return slices.combine(
            [
                *(
                    f"{file.graph} {file.digest}"
                    for file in (*self.workspace.schema_files, *of_rules)
                ),
                *(str(layer.manifest) for layer in self.workspace.layers),
                self.gates.digest,
                self.inference.rules_digest,
                self.bench.digest,
                _looked_by(),
            ]
        )

    def key(self, part: Slice) -> str:
        """Of all that what is found and follows depends on."""
        rules = self.bench.digest if part.kind in JUDGED_KINDS else ""
        return slices.combine(
            [
                part.checked_digest,
                self.gates.digest,
                self.inference.rules_digest,
                rules,
                _looked_by(),
            ]
        )

    def bring(self, part: Slice) -> Brought:
        """Check, infer and judge; each product is kept as soon as it is made."""
        told = self.gates.one(part)
        graphs = {file.graph: reading.quads(self.workspace, file) for file in part.files}
        brought = Brought(part.name, self.context, told.checked.problems, graphs, told.fresh)
        if brought.violations:
            return brought
        inferred = not self.inference.product(part).exists()
        follows = self.inference.infer(part)
        if clashing := self._contradictions(part, follows):
            problems = (*brought.problems, *clashing)
            return replace(brought, problems=problems, inferred=inferred)
        graphs[inferred_graph(part)] = follows
        judged = 0
        for rule in self.rules(part.kind):
            judged += not self.bench.product(part, rule).exists()
            graphs[assessment_graph(part, rule.name)] = self.bench.judge(part, rule)
        return replace(brought, inferred=inferred, judged=judged)

    def consistency(self, part: Slice) -> Path:
        """Where it is kept what contradictions a slice has."""
        key = slices.combine([part.digest, self.inference.rules_digest, _looked_by()])
        return self.workspace.cache / "checked" / f"{key}.json"

    def _contradictions(self, part: Slice, follows: Path) -> tuple[Problem, ...]:
        """Things that are of two disjoint classes, by what is said and what follows."""
        kept = self.consistency(part)
        if kept.exists():
            return checks.load(kept).problems
        found = tuple(self._look_for_contradictions(part, follows))
        reading.write_lines(kept, [checks.dump(Checked(found))])
        return found

    def _look_for_contradictions(self, part: Slice, follows: Path) -> list[Problem]:
        around = [self.inference.infer(premise) for premise in part.premises]
        store = ox.Store()
        for path in (*self.inference.quads((*part.files, *part.beside)), *around, follows):
            store.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS)
        known = names.of_workspace(self.workspace)
        found = list(contradictions.among(store, known, self._disjoint))
        if not found:
            return []
        files = (*self.workspace.schema_files, *part.beside, *part.files)
        speaker = Explainer(known, [Written(file.path, file.relative) for file in files])
        return contradictions.problems(
            found, "infer", speaker, lambda iri: written.place(iri, reversed(files))
        )

    @cached_property
    def _disjoint(self) -> tuple[contradictions.Pair, ...]:
        schema = ox.Store()
        for path in self.inference.quads(self.workspace.schema_files):
            schema.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS)
        return contradictions.disjoint_pairs(schema)


@cache
def _looked_by() -> str:
    """Of the code that looks: another version may find something else."""
    return slices.digest_of([Path(contradictions.__file__)])
