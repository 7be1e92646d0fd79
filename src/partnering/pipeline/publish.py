"""The publish step: products of every slice become one index, swapped in whole.

An index is a JSON file under ``index/`` that names the sheets on which its N-Quads files are
listed; its own name is the snapshot, a digest of their contents. ``current.json`` names the one in force
and is replaced by a rename, so a reader sees the old index or the new one and nothing
between.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from partnering import reading, slices
from partnering.checking.problems import Problem
from partnering.errors import ReadError
from partnering.namespaces import PREFIXES
from partnering.pipeline import products
from partnering.pipeline.sheets import SHEETS, Part, Sheet, Sheets
from partnering.store.embedded import EmbeddedEngine
from partnering.workspace import Workspace

PRODUCTS = ("quads", "inferred", "judged", products.FOLDER)
"""Folders of N-Quads files that an index may be made of."""
QUERIES = "queries/**/*.rq"
LAYOUT = 4
"""Of the index file: one of another layout is as good as none, and made anew."""


@dataclass(frozen=True)
class Index:
    """A published snapshot: which graphs it holds and which inputs it was made from."""

    snapshot: str
    inputs: str
    folder: Path
    sheets: Sheets = field(compare=False, repr=False)
    published: datetime = field(default_factory=lambda: datetime.now(UTC))
    """When; held here, since the file goes once a later index is in force."""

    @classmethod
    def elsewhere(cls, snapshot: str, inputs: str, parts: Iterable[Part], folder: Path) -> Index:
        """An index whose list of graphs is not on file."""
        return cls(snapshot, inputs, folder, Sheets.unwritten(parts))

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """All graphs, in the order of their names."""
        return tuple(sorted(part for one in self.sheets.values() for part in one.parts))

    @property
    def schema(self) -> tuple[Part, ...]:
        """Graphs of the ontology and the vocabularies and what follows from them, maybe others."""
        of_slice = self.sheets.get("schema")
        return of_slice.parts if of_slice else self.parts

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that the gates remarked, slice by slice."""
        return tuple(problem for _, one in sorted(self.sheets.remarked) for problem in one.remarks)

    @property
    def quads(self) -> int:
        return self.sheets.quads

    @property
    def path(self) -> Path:
        """The index file, which :mod:`partnering.store.index` loads."""
        return self.folder / "index" / f"{self.snapshot}.json"

    @property
    def paths(self) -> tuple[Path, ...]:
        """The N-Quads files it is made of."""
        return tuple(self.folder / part.file for part in self.parts)

    def load(self) -> EmbeddedEngine:
        """A fresh in-memory engine holding this index."""
        return EmbeddedEngine.load(self.path, prefixes=PREFIXES)


def publish(workspace: Workspace, sheets: Sheets, inputs: str) -> Index:
    """Make an index of all that stands on the sheets, and put it in force."""
    sheets.save()
    index = Index(sheets.contents[:16], inputs, workspace.cache, sheets)
    document = {"layout": LAYOUT, "inputs": inputs, "sheets": sheets.listed}
    reading.write_lines(index.path, [json.dumps(document)])
    reading.write_lines(_current_path(workspace), [json.dumps({"snapshot": index.snapshot})])
    return index


def current(workspace: Workspace) -> Index | None:
    """The index in force, or None before the first build."""
    try:
        snapshot = json.loads(_current_path(workspace).read_text("utf-8"))["snapshot"]
        path = workspace.cache / "index" / f"{snapshot}.json"
        document = json.loads(path.read_text("utf-8"))
        if document.get("layout") != LAYOUT:
            return None
        published = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        sheets = Sheets(workspace.cache, (Sheet(*sheet) for sheet in document["sheets"]))
        if sheets.lost:
            raise ValueError(f"{sheets.lost} is not there")
        return Index(snapshot, document["inputs"], workspace.cache, sheets, published)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReadError(
            f"The index does not read: {error}",
            where=str(_current_path(workspace)),
            mend="delete the file and build again: partnering build",
        ) from error


def inputs_digest(workspace: Workspace) -> str:
    """Of every file that a build reads; an index made from others is stale."""
    graphs = slices.combine(f"{file.graph} {file.digest}" for file in workspace.graph_files)
    queries = slices.digest_of([*workspace.files(QUERIES), *workspace.files("shapes/**/*.*")])
    return slices.combine([graphs, queries])


def stamp(workspace: Workspace) -> int:
    """A number that is another one after each publishing; 0 before the first."""
    try:
        return _current_path(workspace).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def last_good(workspace: Workspace) -> Index:
    """The index in force; an empty one where there is none that reads."""
    try:
        last = current(workspace)
    except ReadError:
        last = None
    return last or Index("", "", workspace.cache, Sheets(workspace.cache))


def names_in(folder: Path) -> frozenset[str]:
    """Names of the files in a folder that may not be there yet."""
    try:
        return frozenset(os.listdir(folder))
    except FileNotFoundError:
        return frozenset()


def files_held(workspace: Workspace) -> frozenset[str]:
    """Every product that is there, by its path from the cache."""
    return frozenset(
        f"{folder}/{name}" for folder in PRODUCTS for name in names_in(workspace.cache / folder)
    )


def take_over(workspace: Workspace, folder: Path) -> Index:
    """Put what was built in a folder of its own in place, and its index in force once all else is."""
    before, in_force = last_good(workspace), folder / "current.json"
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in sorted(files, key=lambda path: path == in_force):
        place = workspace.cache / path.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)
    shutil.rmtree(folder)
    index = last_good(workspace)
    sweep(workspace, index, before)
    return index


def sweep(workspace: Workspace, *kept: Index) -> int:
    """Delete indexes that are not kept, and products that only they use; returns how many went."""
    needed = {part.file for index in kept for part in index.parts}
    gone = [file for file in files_held(workspace) - needed if file.endswith(".nq")]
    return drop(workspace, gone, *kept)


def drop(workspace: Workspace, products: Iterable[str], *kept: Index) -> int:
    """As :func:`sweep`, of products that are known to be needed no more."""
    gone = [workspace.cache / file for file in products]
    paths = {index.path for index in kept}
    paths |= {index.sheets.path(sheet) for index in kept for sheet in index.sheets.listed}
    old = [path for folder in ("index", SHEETS)
           for path in (workspace.cache / folder).glob("*.json") if path not in paths]  # fmt: skip
    for path in (*gone, *old):
        path.unlink(missing_ok=True)
    return len(gone)


def part(workspace: Workspace, graph: str, path: Path) -> Part:
    """A graph of an index, by its file of N-Quads."""
    content = path.read_bytes()
    file = path.relative_to(workspace.cache).as_posix()
    named_so = path.parent.name == products.FOLDER
    digest = path.stem if named_so else hashlib.sha256(content).hexdigest()
    return Part(graph, file, digest, content.count(b"\n"))


def _current_path(workspace: Workspace) -> Path:
    return workspace.cache / "current.json"
