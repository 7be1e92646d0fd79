"""What files say exists: which things they describe, and of which types.

Kept beside the workspace, once a digest, so that a reference is looked up without reading
the file it leads to, and only files of the namespace referred to are looked at.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from partnering import reading
from partnering.namespaces import DATA, PTN, VERDICT
from partnering.slices import Slice
from partnering.workspace import Workspace

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(frozen=True)
class Described:
    """Types of every named data thing that a file describes; empty where it gives none.

    ``lengths`` are those of paragraphs, in code points.
    """

    types: Mapping[str, tuple[str, ...]]
    lengths: Mapping[str, int]


@dataclass(frozen=True)
class Context:
    """The described things that one slice may refer to, and in which file each stands."""

    parts: tuple[tuple[str, Described], ...]
    rules: frozenset[str] = frozenset()
    """Names of the success rules, each of which gives every arrangement a verdict."""

    def types(self, iri: str) -> set[str]:
        return {found for _, part in self.parts for found in part.types.get(iri, ())}

    def length(self, iri: str) -> int | None:
        return next((p.lengths[iri] for _, p in self.parts if iri in p.lengths), None)

    def knows(self, iri: str) -> bool:
        """Whether a file describes it, or a rule of success will: the verdict on an arrangement."""
        arrangement, _, rule = iri.partition(VERDICT)
        if rule in self.rules and str(PTN.Partnership) in self.types(arrangement):
            return True
        return any(iri in part.types for _, part in self.parts)

    def typed_in(self, iri: str) -> tuple[str, ...]:
        """The files that say of which type a thing is."""
        return tuple(name for name, part in self.parts if part.types.get(iri))


def namespace_of(iri: str) -> str | None:
    """The namespace of a data IRI, such as ``case-c``; None for any other IRI."""
    if not iri.startswith(str(DATA)):
        return None
    name, slash, _ = iri.removeprefix(str(DATA)).partition("/")
    return name if slash else None


def around(workspace: Workspace, checked: Slice, namespaces: Iterable[str]) -> Context:
    """What stands in a slice, in its context, and in the files named after ``namespaces``."""
    paths = {
        file.relative: file.path
        for file in (*checked.context, *checked.files)
        if checked.kind == "schema" or not file.relative.startswith("ontology/")
    }
    for namespace in namespaces:
        for path in _named_after(workspace, namespace):
            paths.setdefault(workspace.relative(path), path)
    return Context(
        tuple((name, of_file(workspace, path)) for name, path in sorted(paths.items())),
        frozenset(f.path.stem for f in workspace.graph_files if f.kind == "success-rule"),
    )


def _named_after(workspace: Workspace, namespace: str) -> Iterable[Path]:
    layers = workspace.layers if workspace.with_cases else workspace.layers[:1]
    for layer in layers:
        for folder in sorted((layer.root / "data").glob("*/")):
            if (alone := folder / f"{namespace}.ttl").exists():
                yield alone
            yield from sorted((folder / namespace).glob("*.ttl"))


def of_file(workspace: Workspace, path: Path) -> Described:
    """What one Turtle file describes; read once a digest."""
    return _of_bytes(
        workspace.cache / "described", path, hashlib.sha256(path.read_bytes()).hexdigest()
    )


@lru_cache(maxsize=256)
def _of_bytes(folder: Path, path: Path, digest: str) -> Described:
    noted = folder / f"{digest}.json"
    if not noted.exists():
        reading.write_lines(noted, [json.dumps(_read(path))])
    kept = json.loads(noted.read_text("utf-8"))
    return Described({k: tuple(v) for k, v in kept["types"].items()}, kept["lengths"])


def _read(path: Path) -> dict[str, dict[str, object]]:
    types: dict[str, object] = {}
    lengths: dict[str, object] = {}
    for triple in reading.parse_turtle(path, path.name):
        subject = getattr(triple.subject, "value", "")
        if not subject.startswith(str(DATA)):
            continue
        found = types.setdefault(subject, [])
        assert isinstance(found, list)
        if triple.predicate.value == _TYPE:
            found.append(getattr(triple.object, "value", ""))
        if triple.predicate.value == str(PTN.textLength):
            text = getattr(triple.object, "value", "")
            if text.isdecimal():
                lengths[subject] = int(text)
    return {"types": types, "lengths": lengths}
