"""A workspace as it is, or as it was at a git revision: what it asserts, infers and answers."""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from partnering import reading, slices
from partnering.answering.questions import Catalogue
from partnering.changes.regression import Answers
from partnering.checking.checks import Gates
from partnering.checking.problems import Problem
from partnering.errors import Missing, NotFound
from partnering.pipeline.infer import Inference, inferred_graph
from partnering.pipeline.judge import JUDGED_KINDS, Bench, assessment_graph
from partnering.workspace import SCHEMA_KINDS, SETTINGS, UNPUBLISHED_KINDS, Workspace

FOLDERS = ("ontology", "data", "shapes", "queries", SETTINGS)
_STAMP = re.compile(r"_:b[0-9a-f]{8}(?=c14n)")
"""What :mod:`partnering.reading` puts before a blank node's canonical name."""


@contextmanager
def at(workspace: Workspace, ref: str) -> Iterator[Workspace]:
    """The workspace's own files as a git revision has them, in a folder that goes again.

    ``NotFound`` where the revision is unknown, ``Missing`` without git or a repository.
    """
    held = [name for name in FOLDERS if _git(workspace, "ls-tree", "--name-only", ref, name)]
    if not held:
        raise NotFound(f"The revision {ref!r} holds no file of this workspace.", where=ref)
    packed = _git(workspace, "archive", "--format=tar", ref, *held)
    with TemporaryDirectory(prefix="partnering-") as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        # With the products of the present one: a file that has not changed since costs nothing.
        yield replace(workspace, root=Path(folder), kept=workspace.cache)


def _git(workspace: Workspace, *arguments: str) -> bytes:
    try:
        done = subprocess.run(
            ["git", "-C", str(workspace.root), *arguments], capture_output=True, check=False
        )
    except OSError as error:
        raise Missing("git is not installed.", mend="install git") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise NotFound(
            f"git does not give that revision: {said[-1] if said else 'no reason given'}",
            where=str(workspace.root),
            mend="name a commit, branch or tag of the repository the workspace lies in",
        )
    return done.stdout


class State:
    """What follows from the files of a workspace at one time."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.catalogue = Catalogue(workspace)
        self._parts = slices.of_workspace(workspace)

    @cached_property
    def asserted(self) -> dict[str, frozenset[str]]:
        """Triples of each file's graph, a line of N-Triples each, blank nodes by their place."""
        return {
            file.graph: _lines(reading.quads(self.workspace, file), file.graph)
            for file in self.workspace.graph_files
            if file.kind not in UNPUBLISHED_KINDS
        }

    @cached_property
    def schema_graphs(self) -> frozenset[str]:
        """Graphs of the ontology and the vocabularies."""
        return frozenset(f.graph for f in self.workspace.graph_files if f.kind in SCHEMA_KINDS)

    @cached_property
    def followed(self) -> dict[str, Path]:
        """The generated graphs, and the N-Quads file of each."""
        inference = Inference(self.workspace)
        bench = Bench(self.workspace, inference)
        found = {}
        for part in self._parts:
            found[inferred_graph(part)] = inference.infer(part)
            for rule in bench.rules if part.kind in JUDGED_KINDS else ():
                found[assessment_graph(part, rule.name)] = bench.judge(part, rule)
        return found

    @cached_property
    def inferred(self) -> frozenset[str]:
        """Every triple that follows, as lines of N-Triples."""
        lines = (_lines(path, graph) for graph, path in self.followed.items())
        return frozenset(line for found in lines for line in found)

    @cached_property
    def store(self) -> ox.Store:
        """All of it, to be asked."""
        return self._load()

    @cached_property
    def answers(self) -> Answers:
        """The catalogue's answers, over a store of their own."""
        return Answers(self._load(), self.catalogue)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What the gates find."""
        found = Gates(self.workspace).check(self._parts)
        return tuple(problem for one in found for problem in one.checked.problems)

    def _load(self) -> ox.Store:
        store = ox.Store()
        files = [f for f in self.workspace.graph_files if f.kind not in UNPUBLISHED_KINDS]
        paths = [*(reading.quads(self.workspace, file) for file in files), *self.followed.values()]
        for path in paths:
            store.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS)
        return store


def _lines(path: Path, graph: str) -> frozenset[str]:
    end = f" <{graph}> ."
    text = path.read_text("utf-8")
    return frozenset(_STAMP.sub("_:", line.removesuffix(end)) for line in text.split("\n") if line)
