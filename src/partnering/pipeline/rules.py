"""CONSTRUCT rules run to a fixed point over one slice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from partnering.errors import ReadError

_ONE_TRIPLE = re.compile(
    r"CONSTRUCT\s*\{(?P<triple>(?:[^{};,_\[\].]|\.(?=\S))+)\.?\s*\}\s*WHERE\b", re.I
)
_ENDS_IN_VALUES = re.compile(r"\bVALUES\b[^{}]*\{[^{}]*\Z", re.I)
LITTLE_WORN = 2_000
"""Quads taken out of a store that are not worth a fresh one, however few it holds."""
ROUNDS = 12
"""Rules that still find something new after so many rounds feed on themselves."""


@dataclass(frozen=True)
class Rule:
    """One CONSTRUCT query; its first comment line says what it does."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.stem

    @cached_property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @cached_property
    def news(self) -> str:
        """The query, asking a rule of one triple for what is not said yet.

        Most of what such a rule finds follows from the schema and is known: left out by the
        engine it costs a third of what it costs to hand it over and look it up.
        """
        found = _ONE_TRIPLE.search(self.text)
        end = self.text.rfind("}")
        if found is None or _ENDS_IN_VALUES.search(self.text, 0, end):
            return self.text
        known = f"  FILTER NOT EXISTS {{ {found['triple'].strip()} }}\n"
        return self.text[:end] + known + self.text[end:]


Graph = ox.NamedNode | ox.BlankNode


class Slate:
    """A store that holds a context for good and one slice at a time on top of it.

    pyoxigraph keeps what is taken out of a store in memory, and every query walks over it: once
    that is as much as the context, a fresh store takes the place of the worn one.
    """

    def __init__(self, context: Iterable[Path]) -> None:
        self._store = ox.Store()
        for path in context:
            self._store.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS)
        self._kept: set[Graph] = self._graphs()
        self._laid: dict[Path, set[Graph]] = {}
        self._held = len(self._store)
        self.worn = 0
        """Quads that were taken out of the store and weigh on it still."""

    def lay(self, paths: Iterable[Path]) -> None:
        """Have these N-Quads files and no others on top of the context.

        Those that lie there already stay: neighbouring slices share most of what is beside them.
        """
        wanted = list(paths)
        gone = [path for path in self._laid if path not in wanted]
        for path in gone:
            del self._laid[path]
        self._take_out(self._graphs() - self._kept.union(*self._laid.values()))
        for path in wanted:
            if path not in self._laid:
                before = self._graphs()
                self._store.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS)
                self._laid[path] = self._graphs() - before

    def drop(self, graph: str) -> None:
        """Forget one graph."""
        self._take_out({ox.NamedNode(graph)})

    def wipe(self) -> None:
        """Forget the slice, keep the context."""
        self._laid.clear()
        self._take_out(self._graphs() - self._kept)

    def load(self, paths: Iterable[Path]) -> None:
        """Put N-Quads files on top of what is there."""
        for path in paths:
            self._store.load(path=str(path), format=ox.RdfFormat.N_QUADS)

    def put(self, quads: Iterable[ox.Quad]) -> None:
        """Put quads on top of what is there."""
        self._store.extend(quads)

    def keep(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads to the context, for good."""
        self.put(quads)
        self._kept, self._held = self._graphs(), len(self._store)

    def said(self) -> set[ox.Triple]:
        """The triples of the slice, those that were inferred among them."""
        return {quad.triple for name in self._graphs() - self._kept for quad in self._quads(name)}

    def saturate(self, rules: Sequence[Rule], into: str) -> list[str]:
        """Run every rule until none finds anything new.

        New triples go into the graph ``into``, so that later rules see them; returns that
        graph's N-Quads lines, sorted. Raises ``ReadError`` for a rule that does not run or
        does not settle.
        """
        graph = ox.NamedNode(into)
        idle = 0
        for _ in range(ROUNDS):
            for rule in rules:
                # Settled when none has found anything since the last one that did.
                idle = 0 if self._apply(rule, graph) else idle + 1
                if idle >= len(rules):
                    return self._lines(graph)
        raise ReadError(
            f"The rules still find new triples after {ROUNDS} rounds.",
            where=", ".join(rule.path.name for rule in rules),
            mend="a rule makes new IRIs out of its own results; bind them to what is asserted",
        )

    def _take_out(self, graphs: set[Graph]) -> None:
        for name in graphs:
            self.worn += sum(1 for _ in self._quads(name))
            self._store.remove_graph(name)
        if self.worn > max(self._held, LITTLE_WORN):
            left = [quad for name in self._graphs() for quad in self._quads(name)]
            self._store, self.worn = ox.Store(), 0
            self._store.bulk_extend(left)

    def _graphs(self) -> set[Graph]:
        return set(self._store.named_graphs())

    def _quads(self, graph: Graph) -> Iterator[ox.Quad]:
        return self._store.quads_for_pattern(None, None, None, graph)

    def _apply(self, rule: Rule, graph: ox.NamedNode) -> bool:
        try:
            results = self._store.query(rule.news, use_default_graph_as_union=True)
        except (SyntaxError, ValueError) as error:
            raise ReadError(
                f"The rule does not run: {error}", where=str(rule.path), mend="mend the query"
            ) from error
        if not isinstance(results, ox.QueryTriples):
            raise ReadError("A rule must be a CONSTRUCT query.", where=str(rule.path))
        fresh = [
            ox.Quad(t.subject, t.predicate, t.object, graph)
            for t in results
            if next(self._store.quads_for_pattern(t.subject, t.predicate, t.object), None) is None
        ]
        self._store.extend(fresh)
        return bool(fresh)

    def _lines(self, graph: ox.NamedNode) -> list[str]:
        return sorted(f"{quad} ." for quad in self._quads(graph))
