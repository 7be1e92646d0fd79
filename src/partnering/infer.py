"""The infer step: what follows from a slice, kept in a graph of its own.

Inferred triples are never fed back into the files and never validated.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from partnering import reading, slices
from partnering.namespaces import GRAPH
from partnering.rules import Rule, Slate
from partnering.slices import Slice
from partnering.workspace import GraphFile, Workspace

RULES = "queries/rules/infer/*.rq"


class Inference:
    """Infers slices of one workspace; keeps the contexts it has loaded between slices."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._slates: dict[tuple[Path, ...], Slate] = {}

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(Rule(path) for path in self.workspace.files(RULES))

    @cached_property
    def rules_digest(self) -> str:
        return slices.digest_of(rule.path for rule in self.rules)

    def product(self, part: Slice) -> Path:
        """Where the inferred triples of a slice are kept."""
        key = slices.combine([part.digest, self.rules_digest])
        return self.workspace.cache / "inferred" / f"{key}.nq"

    def infer(self, part: Slice, schema: Slice) -> Path:
        """N-Quads of what follows from the slice, in ``graph/inferred/<slice>``."""
        product = self.product(part)
        if not product.exists():
            slate = self.slate(part, schema)
            slate.load(self.quads(part.files))
            reading.write_lines(product, slate.saturate(self.rules, inferred_graph(part)))
        return product

    def slate(self, part: Slice, schema: Slice) -> Slate:
        """A wiped slate with the slice's context: the schema, what follows from it, its own."""
        context = self.quads(part.context)
        if part != schema:
            context = (*context, self.infer(schema, schema))
        if context not in self._slates:
            self._slates.clear()
            self._slates[context] = Slate(context)
        slate = self._slates[context]
        slate.wipe()
        return slate

    def quads(self, files: Iterable[GraphFile]) -> tuple[Path, ...]:
        """The files' N-Quads."""
        return tuple(reading.quads(self.workspace, file) for file in files)


def inferred_graph(part: Slice) -> str:
    """Name of the graph that holds what follows from a slice."""
    return str(GRAPH[f"inferred/{part.name}"])
