"""The judge step: verdicts of every success rule on the arrangements of a slice.

A success rule is data (``data/success-rules/``) that names its query file; the query
constructs one derived assessment an arrangement, with what counts for it and against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rdflib import RDF

from partnering import reading, slices
from partnering.errors import ReadError
from partnering.namespaces import GRAPH, PTN
from partnering.pipeline.infer import Inference
from partnering.pipeline.rules import Rule
from partnering.slices import Slice
from partnering.workspace import Workspace

JUDGED_KINDS = ("case",)


@dataclass(frozen=True)
class SuccessRule:
    """A success rule's short name and the query that works it out."""

    name: str
    rule: Rule


class Bench:
    """The success rules of a workspace, sitting on one slice at a time."""

    def __init__(self, workspace: Workspace, inference: Inference) -> None:
        self.workspace = workspace
        self.inference = inference

    @cached_property
    def rules(self) -> tuple[SuccessRule, ...]:
        """Every success rule, by name; ``ReadError`` where its query file is not there."""
        found = []
        for file in self.workspace.graph_files:
            if file.kind != "success-rule":
                continue
            graph = reading.graph(file)
            for subject in graph.subjects(RDF.type, PTN.SuccessRule):
                named = str(graph.value(subject, PTN.ruleFile) or "")
                paths = self.workspace.files(named) if named else ()
                if not paths:
                    raise ReadError(
                        f"The success rule's query, {named or '(none named)'}, is not there.",
                        where=file.relative,
                        mend="write the query, or give its path in ptn:ruleFile",
                    )
                found.append(SuccessRule(str(subject).rsplit("/", 1)[-1], Rule(paths[0])))
        return tuple(sorted(found, key=lambda rule: rule.name))

    @cached_property
    def digest(self) -> str:
        """Of every success rule: what its query says, and under which name it judges."""
        return slices.combine(
            [*(rule.name for rule in self.rules), slices.digest_of(r.rule.path for r in self.rules)]
        )

    def product(self, part: Slice, rule: SuccessRule) -> Path:
        """Where the verdicts of one rule on one slice are kept."""
        own = slices.digest_of([rule.rule.path])
        key = slices.combine([part.digest, self.inference.rules_digest, rule.name, own])
        return self.workspace.cache / "judged" / f"{key}.nq"

    def judge(self, part: Slice, rule: SuccessRule) -> Path:
        """N-Quads of the rule's assessments, in ``graph/assessment/<rule>/<slice>``."""
        product = self.product(part, rule)
        if not product.exists():
            slate = self.inference.settled(part)
            rules, graph = (rule.rule, *self.inference.rules), assessment_graph(part, rule.name)
            reading.write_lines(product, slate.saturate(rules, graph))
            slate.drop(graph)
        return product


def assessment_graph(part: Slice, rule: str) -> str:
    """Name of the graph that holds one rule's verdicts on one slice."""
    return f"{GRAPH}assessment/{rule}/{part.name.rpartition('/')[2]}"
