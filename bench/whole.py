"""A build of everything from nothing, and SHACL over one graph for comparison."""

from __future__ import annotations

import math
import os
import tempfile
import time

import pyshacl
from rdflib import Graph
from rdflib.namespace import RDFS, SKOS

from bench import site
from bench.measure import Found, Row, spoken
from partnering import reading
from partnering.checking import validate
from partnering.workspace import Workspace

PATIENCE = 60.0
"""Seconds after which one graph is not made larger."""


def run(workspace: Workspace, size: int, found: Found) -> None:
    """Build in an empty cache, beside what pySHACL over one graph would come to at this size."""
    with tempfile.TemporaryDirectory() as cache:
        os.environ["PARTNERING_CACHE"] = cache
        try:
            built = site.run("build", "--workspace", str(workspace.root))
        finally:
            del os.environ["PARTNERING_CACHE"]
    found.add(Row("build", f"Full build from nothing, {os.cpu_count()} cores", size,
                  f"{spoken(built.seconds)}, {spoken(built.seconds / size)} a case"))  # fmt: skip
    measured = _one_graph(workspace)
    (few, first), (many, last) = measured[0], measured[-1]
    power = math.log(last / first) / math.log(many / few) if many > few else 1.0
    guess = last * (size / many) ** power
    found.add(Row("build", "The same, beside pySHACL alone over one graph (extrapolated)", size,
                  spoken(built.seconds), f"{spoken(guess)} if it goes on as cases^{power:.1f}",
                  built.seconds / guess))  # fmt: skip
    told = ", ".join(f"{cases} cases {spoken(seconds)}" for cases, seconds in measured)
    found.note(f"pySHACL over one graph: {told}")


def _one_graph(workspace: Workspace) -> list[tuple[int, float]]:
    """Cases in one graph, and seconds of validating it, until it takes too long."""
    cases = [file for file in workspace.graph_files if file.kind == "case"]
    around = [f for f in workspace.graph_files if f.kind in ("ontology", "source", "actors")]
    schemes = [f for f in workspace.graph_files if f.kind == "vocabulary"]
    shapes = validate.load(workspace).graph
    ground = Graph()
    for file in schemes:
        for triple in reading.graph(file):
            if triple[1] in (SKOS.inScheme, RDFS.subClassOf):
                ground.add(triple)
    for file in around:
        ground += reading.graph(file)
    measured: list[tuple[int, float]] = []
    count = 2
    while count <= len(cases) and (not measured or measured[-1][1] < PATIENCE / 3):
        graph = Graph()
        graph += ground
        for file in cases[:count]:
            graph += reading.graph(file)
        begun = time.perf_counter()
        pyshacl.validate(graph, shacl_graph=shapes, inplace=True, inference="none")
        measured.append((count, time.perf_counter() - begun))
        count *= 2
    return measured
