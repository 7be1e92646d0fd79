"""The infer step: what follows from a slice, kept in a graph of its own.

Inferred triples are never fed back into the files and never validated.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from partnering import reading, slices
from partnering.namespaces import GRAPH
from partnering.pipeline.rules import Rule, Slate
from partnering.slices import Slice
from partnering.workspace import GraphFile, Workspace

RULES = "queries/rules/infer/*.rq"


class Inference:
    """Infers slices of one workspace; keeps the schema it has loaded between slices."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._slates: dict[str, Slate] = {}
        self._settled = ""

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

    def infer(self, part: Slice) -> Path:
        """N-Quads of what follows from the slice, in ``graph/inferred/<slice>``."""
        product = self.product(part)
        if not product.exists():
            slate = self._slate(part)
            reading.write_lines(product, slate.saturate(self.rules, inferred_graph(part)))
            self._settled = part.digest
        return product

    def settled(self, part: Slice) -> Slate:
        """A slate with the slice, its context and what follows from it."""
        if self._settled != part.digest:
            follows = self.infer(part)
            if self._settled != part.digest:
                self._slate(part).load([follows])
                self._settled = part.digest
        return self._slates[part.schema.digest if part.schema else ""]

    def _slate(self, part: Slice) -> Slate:
        """A slate with the slice, its context, and what follows from its context already."""
        given = [self.infer(premise) for premise in part.premises]
        self._settled = ""
        slate = self.begin_with(part.schema)
        slate.lay([*self.quads((*part.beside, *part.files)), *given])
        return slate

    def begin_with(self, schema: Slice | None) -> Slate:
        """The slate that holds a schema and what follows from it."""
        ground = schema.digest if schema else ""
        if ground not in self._slates:
            follows = [self.infer(schema)] if schema else []
            files = schema.files if schema else ()
            self._slates = {ground: Slate((*self.quads(files), *follows))}
        return self._slates[ground]

    def quads(self, files: Iterable[GraphFile]) -> tuple[Path, ...]:
        """The files' N-Quads."""
        return tuple(reading.quads(self.workspace, file) for file in files)


def inferred_graph(part: Slice) -> str:
    """Name of the graph that holds what follows from a slice."""
    return f"{GRAPH}inferred/{part.name}"
