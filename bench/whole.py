"""A build of everything from nothing, taken up again, and SHACL over one graph for comparison."""

from __future__ import annotations

import math
import os
import re
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pyshacl
from rdflib import Graph
from rdflib.namespace import RDFS, SKOS

from bench import site
from bench.measure import Found, Row, spoken
from bench.reports import CASES_A_REPORT
from partnering import reading
from partnering.checking import validate
from partnering.workspace import GraphFile, Workspace

PATIENCE = 20.0
"""Seconds after which one graph is not made larger."""
_LEFT = re.compile(r"check, infer and judge (\S+) of (?!\1,)\S+, (?:(\d+) h )?(\d+) (s|min) left")
"""A line of progress of the longest step, but for the last, when all is done of it."""


def run(workspaces: dict[int, Workspace], found: Found, *, most: int) -> None:
    """Build every workspace of up to ``most`` cases in an empty cache; larger ones are estimated.

    Beside each stands what pySHACL over one graph of it takes or would come to; and the smallest
    build is interrupted half-way and taken up.
    """
    one_graph = OneGraph.measured(workspaces[max(workspaces)])
    found.note(f"pySHACL over one graph: {one_graph}")
    each = 0.0
    for size, workspace in sorted(workspaces.items()):
        if size <= most or not each:
            with _empty_cache():
                built = _build(workspace)
            first, each = not each, built.seconds / size
            _tell(
                found,
                size,
                f"{spoken(built.seconds)}, {spoken(each)} a case",
                built.seconds,
                one_graph,
            )
            if built.foretold:
                after, told = built.foretold
                found.add(Row("build", f"In all, as foretold after {spoken(after)}", size, spoken(told),
                              f"{spoken(built.seconds)} it took", told / built.seconds))  # fmt: skip
            if first:
                _interrupted(workspace, size, built.seconds, found)
        else:
            _tell(
                found,
                size,
                f"{spoken(size * each)} by {spoken(each)} a case",
                size * each,
                one_graph,
            )


def _tell(found: Found, size: int, figure: str, seconds: float, one_graph: OneGraph) -> None:
    beside = one_graph.seconds(size)
    what = f"Full build from nothing, {os.cpu_count()} cores, beside pySHACL alone over one graph"
    found.add(
        Row(
            "build",
            what,
            size,
            figure,
            f"{spoken(beside)} {one_graph.source(size)}",
            seconds / beside,
        )
    )


def _interrupted(workspace: Workspace, size: int, whole: float, found: Found) -> None:
    with _empty_cache():
        begun = _build(workspace, stopped_after=whole / 2)
        rest = _build(workspace)
    found.add(Row("build", "Interrupted half-way and taken up, both together", size,
                  f"{spoken(begun.seconds)} and {spoken(rest.seconds)}", f"{spoken(whole)} at a stretch",
                  (begun.seconds + rest.seconds) / whole))  # fmt: skip


@contextmanager
def _empty_cache() -> Iterator[None]:
    with tempfile.TemporaryDirectory() as cache:
        os.environ["PARTNERING_CACHE"] = cache
        try:
            yield
        finally:
            del os.environ["PARTNERING_CACHE"]


@dataclass(frozen=True)
class Built:
    """Seconds of a build; and what it foretold first: after so many seconds, so many in all."""

    seconds: float
    foretold: tuple[float, float] | None


def _build(workspace: Workspace, *, stopped_after: float = math.inf) -> Built:
    begun = time.perf_counter()
    first = None
    said = []
    with site.started(
        "build",
        "--workspace",
        str(workspace.root),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        if stopped_after < math.inf:
            time.sleep(stopped_after)
            process.terminate()
        assert process.stderr is not None
        for line in process.stderr:
            said.append(line)
            after, left = time.perf_counter() - begun, foretold(line)
            if left is not None and first is None:
                first = (after, after + left)
    if process.returncode and stopped_after == math.inf:
        raise RuntimeError(f"build {workspace.root}: {process.returncode}\n{''.join(said[-20:])}")
    return Built(time.perf_counter() - begun, first)


def foretold(line: str) -> float | None:
    """Seconds that are left by a line of progress; None where it says nothing of them."""
    if not (told := _LEFT.search(line)):
        return None
    _, hours, number, unit = told.groups()
    return int(hours or 0) * 3600 + int(number) * (60 if unit == "min" else 1)


@dataclass(frozen=True)
class OneGraph:
    """Seconds of validating so many cases in one graph, as far as there was patience."""

    known: dict[int, float]

    @property
    def power(self) -> float:
        """How seconds go with cases, by the last two doublings: before, what is the same weighs most."""
        many = max(self.known)
        few = max(many // 4, min(self.known))
        return (
            math.log(self.known[many] / self.known[few]) / math.log(many / few)
            if few < many
            else 1.0
        )

    def _from(self, size: int) -> int:
        return max((cases for cases in self.known if cases <= size), default=min(self.known))

    def seconds(self, size: int) -> float:
        """Measured, or by what was measured of fewer."""
        few = self._from(size)
        return float(self.known[few] * (size / few) ** self.power)

    def source(self, size: int) -> str:
        """Where its seconds come from, in words."""
        return f"by {self._from(size):,} cases, as cases^{self.power:.2f}"

    def __str__(self) -> str:
        return ", ".join(
            f"{cases:,} cases {spoken(seconds)}" for cases, seconds in self.known.items()
        )

    @classmethod
    def measured(cls, workspace: Workspace) -> OneGraph:
        """Twice as many cases each time, until it takes too long or there are no more."""
        kinds: dict[str, list[GraphFile]] = defaultdict(list)
        for file in workspace.graph_files:
            kinds[file.kind].append(file)
        cases, sources = kinds["case"], kinds["source"]
        shapes = validate.load(workspace).graph
        graph = Graph()
        for file in kinds["vocabulary"]:
            for triple in reading.graph(file):
                if triple[1] in (SKOS.inScheme, RDFS.subClassOf):
                    graph.add(triple)
        for file in kinds["ontology"] + kinds["actors"]:
            graph += reading.graph(file)
        known: dict[int, float] = {}
        count, read = 2, 0
        while count <= len(cases) and (not known or known[max(known)] < PATIENCE):
            # A report's source comes with its first case.
            reports = slice(-(-read // CASES_A_REPORT), -(-count // CASES_A_REPORT))
            for file in cases[read:count] + sources[reports]:
                graph += reading.graph(file)
            begun = time.perf_counter()
            pyshacl.validate(graph, shacl_graph=shapes, inplace=True, inference="none")
            known[count] = time.perf_counter() - begun
            count, read = 2 * count, count
        return cls(known)
