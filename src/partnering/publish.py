"""The publish step: products of every slice become one index, swapped in whole.

An index is a JSON file under ``index/`` that lists the N-Quads files it is made of; its
name is the snapshot, a digest of their contents. ``current.json`` names the one in force
and is replaced by a rename, so a reader sees the old index or the new one and nothing
between.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from partnering import reading, slices
from partnering.errors import ReadError
from partnering.namespaces import PREFIXES
from partnering.store.embedded import EmbeddedEngine
from partnering.workspace import Workspace


@dataclass(frozen=True)
class Part:
    """One named graph of an index: its file, relative to the cache, and its contents' digest."""

    graph: str
    file: str
    digest: str
    quads: int


@dataclass(frozen=True)
class Index:
    """A published snapshot: which graphs it holds and which inputs it was made from."""

    snapshot: str
    inputs: str
    parts: tuple[Part, ...]
    folder: Path
    published: datetime = field(default_factory=lambda: datetime.now(UTC))
    """When; held here, since the file goes once a later index is in force."""

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


def publish(workspace: Workspace, graphs: Mapping[str, Path], inputs: str) -> Index:
    """Make an index of ``graphs`` (graph IRI to N-Quads file) and put it in force."""
    known = {part.file: part for part in _last_parts(workspace)}
    parts = []
    for graph, path in sorted(graphs.items()):
        file = path.relative_to(workspace.cache).as_posix()
        kept = known.get(file)
        parts.append(kept if kept and kept.graph == graph else _part(graph, file, path))
    snapshot = slices.combine(f"{part.graph} {part.digest}" for part in parts)[:16]
    index = Index(snapshot, inputs, tuple(parts), workspace.cache)
    document = {"inputs": inputs, "parts": [asdict(part) for part in parts]}
    reading.write_lines(index.path, [json.dumps(document)])
    reading.write_lines(_current_path(workspace), [json.dumps({"snapshot": snapshot})])
    return index


def current(workspace: Workspace) -> Index | None:
    """The index in force, or None before the first build."""
    try:
        snapshot = json.loads(_current_path(workspace).read_text("utf-8"))["snapshot"]
        path = workspace.cache / "index" / f"{snapshot}.json"
        document = json.loads(path.read_text("utf-8"))
        published = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError) as error:
        raise ReadError(
            f"The index does not read: {error}",
            where=str(_current_path(workspace)),
            mend="delete the file and build again: partnering build",
        ) from error
    parts = tuple(Part(**part) for part in document["parts"])
    return Index(snapshot, document["inputs"], parts, workspace.cache, published)


def forget(workspace: Workspace) -> None:
    """Delete what earlier builds kept, all but the index in force and the files it needs."""
    in_force = current(workspace)
    kept = {*in_force.paths, in_force.path} if in_force else set()
    for folder in ("quads", "names", "checked", "inferred", "judged", "generated"):
        for path in (workspace.cache / folder).glob("*"):
            if path not in kept:
                path.unlink()


def sweep(workspace: Workspace, keep: Iterable[Path]) -> int:
    """Delete products that the index in force does not use; returns how many went."""
    kept = set(keep)
    gone = 0
    for folder in ("quads", "inferred", "judged", "generated"):
        for path in (workspace.cache / folder).glob("*.nq"):
            if path not in kept:
                path.unlink()
                gone += 1
    in_force = current(workspace)
    for path in (workspace.cache / "index").glob("*.json"):
        if in_force and path != in_force.path:
            path.unlink()
    return gone


def _part(graph: str, file: str, path: Path) -> Part:
    content = path.read_bytes()
    return Part(graph, file, hashlib.sha256(content).hexdigest(), content.count(b"\n"))


def _last_parts(workspace: Workspace) -> tuple[Part, ...]:
    try:
        last = current(workspace)
    except ReadError:
        return ()
    return last.parts if last else ()


def _current_path(workspace: Workspace) -> Path:
    return workspace.cache / "current.json"
