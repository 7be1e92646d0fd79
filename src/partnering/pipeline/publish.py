"""The publish step: products of every slice become one index, swapped in whole.

An index is a JSON file under ``index/`` that lists the N-Quads files it is made of; its
name is the snapshot, a digest of their contents. ``current.json`` names the one in force
and is replaced by a rename, so a reader sees the old index or the new one and nothing
between.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from partnering import reading, slices
from partnering.checking.problems import Problem
from partnering.errors import ReadError
from partnering.namespaces import PREFIXES
from partnering.store.embedded import EmbeddedEngine
from partnering.workspace import Workspace

PRODUCTS = ("quads", "inferred", "judged", "generated")
"""Folders of N-Quads files that an index may be made of."""
QUERIES = "queries/**/*.rq"
LAYOUT = 3
"""Of the index file: one of another layout is as good as none, and made anew."""


class Part(NamedTuple):
    """One named graph of an index: its file, relative to the cache, and its contents' digest."""

    graph: str
    file: str
    digest: str
    quads: int


class Done(NamedTuple):
    """One slice brought up to date: under which key, its graphs, and what the gates remarked."""

    key: str
    parts: tuple[Part, ...]
    remarks: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Index:
    """A published snapshot: which graphs it holds and which inputs it was made from."""

    snapshot: str
    inputs: str
    parts: tuple[Part, ...]
    folder: Path
    published: datetime = field(default_factory=lambda: datetime.now(UTC))
    """When; held here, since the file goes once a later index is in force."""
    slices: Mapping[str, Done] = field(default_factory=dict, compare=False, repr=False)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that the gates remarked, slice by slice."""
        return tuple(one for name in sorted(self.slices) for one in self.slices[name].remarks)

    @property
    def quads(self) -> int:
        return sum(part.quads for part in self.parts)

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


def publish(
    workspace: Workspace, done: Mapping[str, Done], generated: Iterable[Part], inputs: str
) -> Index:
    """Make an index of what every slice came to and of generated graphs, and put it in force."""
    listed: list[Part] = []
    slices_in = {}
    for name, one in done.items():
        slices_in[name] = one.key, len(listed), len(listed) + len(one.parts)
        listed += one.parts
    listed += generated
    parts = tuple(sorted(listed))
    snapshot = slices.combine(f"{part.graph} {part.digest}" for part in parts)[:16]
    index = Index(snapshot, inputs, parts, workspace.cache, slices=done)
    remarks = {name: [asdict(problem) for problem in one.remarks]
               for name, one in done.items() if one.remarks}  # fmt: skip
    document = {"layout": LAYOUT, "inputs": inputs, "parts": listed,
                "slices": slices_in, "remarks": remarks}  # fmt: skip
    reading.write_lines(index.path, [json.dumps(document)])
    reading.write_lines(_current_path(workspace), [json.dumps({"snapshot": snapshot})])
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
        listed = [Part(*part) for part in document["parts"]]
        return Index(snapshot, document["inputs"], tuple(sorted(listed)), workspace.cache,
                     published, dict(_done(document, listed)))  # fmt: skip
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReadError(
            f"The index does not read: {error}",
            where=str(_current_path(workspace)),
            mend="delete the file and build again: partnering build",
        ) from error


def _done(document: Mapping[str, Any], listed: list[Part]) -> Iterator[tuple[str, Done]]:
    remarks = document["remarks"]
    for name, (key, start, end) in document["slices"].items():
        found = tuple(Problem(**one) for one in remarks.get(name, ()))
        yield name, Done(key, tuple(listed[start:end]), found)


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
    return last or Index("", "", (), workspace.cache)


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


def forget(workspace: Workspace) -> None:
    """Delete what earlier builds kept, all but the index in force and the files it needs."""
    in_force = current(workspace)
    kept = {*in_force.paths, in_force.path} if in_force else set()
    for folder in (*PRODUCTS, "checked"):
        for path in (workspace.cache / folder).glob("*"):
            if path not in kept:
                path.unlink()
    for name in ("digests.json", "namespaces.json"):
        (workspace.cache / name).unlink(missing_ok=True)


def sweep(workspace: Workspace, *kept: Index) -> int:
    """Delete indexes that are not kept, and products that only they use; returns how many went."""
    needed = {part.file for index in kept for part in index.parts}
    gone = [file for file in files_held(workspace) - needed if file.endswith(".nq")]
    paths = {index.path for index in kept}
    old = [path for path in (workspace.cache / "index").glob("*.json") if path not in paths]
    for path in (*(workspace.cache / file for file in gone), *old):
        path.unlink()
    return len(gone)


def part(workspace: Workspace, graph: str, path: Path) -> Part:
    """A graph of an index, by its file of N-Quads."""
    content = path.read_bytes()
    file = path.relative_to(workspace.cache).as_posix()
    return Part(graph, file, hashlib.sha256(content).hexdigest(), content.count(b"\n"))


def _current_path(workspace: Workspace) -> Path:
    return workspace.cache / "current.json"
