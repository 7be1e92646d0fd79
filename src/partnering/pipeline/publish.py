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
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from partnering import reading, slices
from partnering.checking.problems import Problem
from partnering.errors import ReadError
from partnering.namespaces import PREFIXES
from partnering.store.embedded import EmbeddedEngine
from partnering.workspace import Workspace

PRODUCTS = ("quads", "inferred", "judged", "generated")
"""Folders of N-Quads files that an index may be made of."""
LAYOUT = 2
"""Of the index file: one of another layout is as good as none, and made anew."""
KEPT = 2
"""Indexes whose files are kept: the one in force, and the one that readers may still be on."""


class Part(NamedTuple):
    """One named graph of an index: its file, relative to the cache, and its contents' digest."""

    graph: str
    file: str
    digest: str
    quads: int


@dataclass(frozen=True)
class Ledger:
    """Under which key every slice was done, and what the gates remarked on it."""

    keys: dict[str, str] = field(default_factory=dict)
    remarks: dict[str, tuple[Problem, ...]] = field(default_factory=dict)

    def note(self, name: str, problems: tuple[Problem, ...]) -> None:
        """Keep what was found in one slice."""
        if problems:
            self.remarks[name] = problems

    def take_over(self, other: Ledger, name: str) -> None:
        """Keep what was found before in a slice that has not changed."""
        self.note(name, other.remarks.get(name, ()))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that was found, slice by slice."""
        return tuple(problem for name in sorted(self.remarks) for problem in self.remarks[name])


@dataclass(frozen=True)
class Index:
    """A published snapshot: which graphs it holds and which inputs it was made from."""

    snapshot: str
    inputs: str
    parts: tuple[Part, ...]
    folder: Path
    published: datetime = field(default_factory=lambda: datetime.now(UTC))
    """When; held here, since the file goes once a later index is in force."""
    ledger: Ledger = field(default_factory=Ledger, compare=False, repr=False)

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
    workspace: Workspace,
    graphs: Mapping[str, Path | Part],
    inputs: str,
    ledger: Ledger | None = None,
) -> Index:
    """Make an index of ``graphs`` and put it in force.

    They are named by their IRIs; each is an N-Quads file, or a part of the last index that is
    taken over as it stands.
    """
    ledger = ledger or Ledger()
    known = {part.file: part for part in last_good(workspace).parts}
    parts = []
    for graph, held in sorted(graphs.items()):
        if not isinstance(held, Part):
            file = held.relative_to(workspace.cache).as_posix()
            kept = known.get(file)
            held = kept if kept and kept.graph == graph else _part(graph, file, held)
        parts.append(held)
    snapshot = slices.combine(f"{part.graph} {part.digest}" for part in parts)[:16]
    index = Index(snapshot, inputs, tuple(parts), workspace.cache, ledger=ledger)
    remarks = {name: [asdict(one) for one in found] for name, found in ledger.remarks.items()}
    document = {"layout": LAYOUT, "inputs": inputs, "parts": parts,
                "slices": ledger.keys, "remarks": remarks}  # fmt: skip
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
        parts = tuple(Part(*part) for part in document["parts"])
        remarks = {name: tuple(Problem(**one) for one in found)
                   for name, found in document["remarks"].items()}  # fmt: skip
        ledger = Ledger(document["slices"], remarks)
        published = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return Index(snapshot, document["inputs"], parts, workspace.cache, published, ledger)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReadError(
            f"The index does not read: {error}",
            where=str(_current_path(workspace)),
            mend="delete the file and build again: partnering build",
        ) from error


def stamp(workspace: Workspace) -> int:
    """A number that is another one after each publishing; 0 before the first."""
    try:
        return _current_path(workspace).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


@dataclass(frozen=True)
class LastGood:
    """What the index in force tells a build about slices that have not changed."""

    parts: tuple[Part, ...] = ()
    ledger: Ledger = field(default_factory=Ledger)
    inputs: str = ""

    def parts_of(
        self, name: str, key: str, graphs: Iterable[str], held: frozenset[str]
    ) -> dict[str, Part] | None:
        """Parts of a slice's ``graphs``; None where the slice or one of its files has changed."""
        if self.ledger.keys.get(name) != key:
            return None
        found = {graph: self._by_graph.get(graph) for graph in graphs}
        whole = {graph: part for graph, part in found.items() if part and part.file in held}
        return whole if len(whole) == len(found) else None

    @cached_property
    def _by_graph(self) -> dict[str, Part]:
        return {part.graph: part for part in self.parts}


def last_good(workspace: Workspace) -> LastGood:
    """Of the index in force; empty where there is none that reads."""
    try:
        last = current(workspace)
    except ReadError:
        last = None
    return LastGood(last.parts, last.ledger, last.inputs) if last else LastGood()


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


def sweep(workspace: Workspace) -> int:
    """Delete products that neither of the two newest indexes uses; returns how many went.

    Readers may still be on the last one, and start anew from it if they fall.
    """
    newest = sorted((workspace.cache / "index").glob("*.json"), key=_age, reverse=True)
    kept = {file for path in newest[:KEPT] for file in _files_of(path)}
    gone = [file for file in files_held(workspace) - kept if file.endswith(".nq")]
    for file in gone:
        (workspace.cache / file).unlink()
    for path in newest[KEPT:]:
        path.unlink()
    return len(gone)


def _age(path: Path) -> int:
    return path.stat().st_mtime_ns


def _files_of(path: Path) -> Iterator[str]:
    document = json.loads(path.read_text("utf-8"))
    # What an earlier version of the program published nobody reads any more.
    if document.get("layout") == LAYOUT:
        yield from (part[1] for part in document["parts"])


def _part(graph: str, file: str, path: Path) -> Part:
    content = path.read_bytes()
    return Part(graph, file, hashlib.sha256(content).hexdigest(), content.count(b"\n"))


def _current_path(workspace: Workspace) -> Path:
    return workspace.cache / "current.json"
