"""Slices: the parts that are checked, inferred and judged on their own.

The ontology and the vocabularies together are one slice, the schema; every other file is a
slice, read in the context of the schema and of those files whose names it uses. Nothing
about a slice depends on how many others there are, which is what keeps an edit cheap.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from partnering import reading
from partnering.namespaces import DATA
from partnering.workspace import SCHEMA_KINDS, UNPUBLISHED_KINDS, GraphFile, Workspace

CONTEXT_KINDS = ("success-rule", "source", "actors", "literature")
"""Kinds that another file may need beside it to be understood. Cases never need each other.

What follows from them is inferred in this order, each leaving out what is known by then.
"""

# An anchor is named after its source and described by whoever rests on it: it makes no file
# the home of the source's names, else every case would be a neighbour of every other.
_SUBJECT = re.compile(rf"^<{re.escape(str(DATA))}([^/>]+)/(?!p\d+\.\d+-\d+>)", re.M)
_USE = re.compile(rf"<{re.escape(str(DATA))}([^/>]+)/")


@dataclass(frozen=True)
class Slice:
    """Files checked together, and the files they are read against.

    Those are the ``schema`` (None for itself) and ``beside``, which inference needs too;
    ``neighbours`` are files whose names are used and which only a check of references looks at.
    ``premises`` are slices beside it whose conclusions it takes as given: a triple that followed
    in two slices would be counted twice by whoever asks over all graphs.
    """

    name: str
    kind: str
    files: tuple[GraphFile, ...]
    schema: Slice | None = None
    beside: tuple[GraphFile, ...] = ()
    neighbours: tuple[GraphFile, ...] = ()
    premises: tuple[Slice, ...] = ()

    @property
    def context(self) -> tuple[GraphFile, ...]:
        """All that inference reads the slice against."""
        return (*(self.schema.files if self.schema else ()), *self.beside)

    @cached_property
    def digest(self) -> str:
        """Of every byte that can change what follows from this slice."""
        own = (f"{f.graph} {f.digest}" for f in (*self.files, *self.beside))
        given = (premise.digest for premise in self.premises)
        return combine([*own, *given, self.schema.digest if self.schema else ""])

    @cached_property
    def checked_digest(self) -> str:
        """Of every byte that can change what a check says of this slice."""
        return combine([self.digest, *(f"{f.graph} {f.digest}" for f in self.neighbours)])


def of_workspace(workspace: Workspace) -> tuple[Slice, ...]:
    """Every slice of a workspace, the schema first."""
    schema = Slice("schema", "schema", workspace.schema_files)
    apart = (*SCHEMA_KINDS, *UNPUBLISHED_KINDS)
    rest = [f for f in workspace.graph_files if f.kind not in apart]
    used = _all_namespaces(workspace, rest)
    owners: dict[str, list[GraphFile]] = {}
    for file in rest:
        for namespace in used[file.relative].defines:
            owners.setdefault(namespace, []).append(file)
    rules = {f.relative: f for f in rest if f.kind == "success-rule"}
    made: dict[str, Slice] = {}

    def of_file(file: GraphFile) -> Slice:
        met = {f.relative: f for name in used[file.relative].uses for f in owners.get(name, ())}
        met |= rules
        met.pop(file.relative, None)
        around = [met[name] for name in sorted(met)]
        needed = tuple(f for f in around if f.kind in CONTEXT_KINDS)
        others = tuple(f for f in around if f.kind not in CONTEXT_KINDS)
        given = tuple(made[f.relative] for f in needed if f.relative in made)
        return Slice(_name(file), file.kind, (file,), schema, needed, others, given)

    for file in sorted(rest, key=_turn):
        made[file.relative] = of_file(file)
    return (schema, *(made[file.relative] for file in rest))


def _turn(file: GraphFile) -> int:
    """When a file's slice is made: those that others lean on first."""
    kinds = CONTEXT_KINDS
    return kinds.index(file.kind) if file.kind in kinds else len(kinds)


@dataclass(frozen=True)
class _Namespaces:
    """Namespaces of data that a file describes things in, and those it speaks of."""

    defines: tuple[str, ...]
    uses: tuple[str, ...]


def _all_namespaces(workspace: Workspace, files: Iterable[GraphFile]) -> dict[str, _Namespaces]:
    """By path; found once a digest, and kept together: one file is read sooner than thousands."""
    noted = workspace.cache / "namespaces.json"
    try:
        kept = json.loads(noted.read_text("utf-8"))
    except (OSError, ValueError):
        kept = {}
    now = {
        file.digest: kept.get(file.digest) or _namespaces(reading.quads(workspace, file))
        for file in files
    }
    if now != kept:
        reading.write_lines(noted, [json.dumps(now)])
    return {file.relative: _Namespaces(*now[file.digest]) for file in files}


def _namespaces(quads: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    text = quads.read_text("utf-8")
    return tuple(sorted(set(_SUBJECT.findall(text)))), tuple(sorted(set(_USE.findall(text))))


def _name(file: GraphFile) -> str:
    return file.graph.rsplit("/graph/", 1)[-1]


def combine(parts: Iterable[str]) -> str:
    """SHA-256 over parts, order and boundaries included."""
    return hashlib.sha256("".join(f"{part}\n" for part in parts).encode()).hexdigest()


def digest_of(paths: Iterable[Path]) -> str:
    """SHA-256 over the names and bytes of files such as rules and shapes, wherever they lie."""
    return combine(
        sorted(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in paths)
    )
