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

CONTEXT_KINDS = ("actors", "source", "literature", "success-rule")
"""Kinds that another file may need beside it to be understood. Cases never need each other."""

# An anchor is named after its source and described by whoever rests on it: it makes no file
# the home of the source's names, else every case would be a neighbour of every other.
_SUBJECT = re.compile(rf"^<{re.escape(str(DATA))}([^/>]+)/(?!p\d+\.\d+-\d+>)", re.M)
_USE = re.compile(rf"<{re.escape(str(DATA))}([^/>]+)/")


@dataclass(frozen=True)
class Slice:
    """Files checked together, and the files they are read against.

    ``context`` is what inference needs; ``neighbours`` are files whose names are used too and
    which only a check of references looks at.
    """

    name: str
    kind: str
    files: tuple[GraphFile, ...]
    context: tuple[GraphFile, ...]
    neighbours: tuple[GraphFile, ...] = ()

    @cached_property
    def digest(self) -> str:
        """Of every byte that can change what follows from this slice."""
        return combine(f"{f.graph} {f.digest}" for f in (*self.files, *self.context))

    @cached_property
    def checked_digest(self) -> str:
        """Of every byte that can change what a check says of this slice."""
        return combine([self.digest, *(f"{f.graph} {f.digest}" for f in self.neighbours)])


def of_workspace(workspace: Workspace) -> tuple[Slice, ...]:
    """Every slice of a workspace, the schema first."""
    files = [f for f in workspace.graph_files if f.kind not in UNPUBLISHED_KINDS]
    schema = tuple(f for f in files if f.kind in SCHEMA_KINDS)
    rest = [f for f in files if f.kind not in SCHEMA_KINDS]
    used = {file: _namespaces(workspace, file) for file in rest}
    owners: dict[str, list[GraphFile]] = {}
    for file in rest:
        for namespace in used[file].defines:
            owners.setdefault(namespace, []).append(file)
    rules = {f for f in rest if f.kind == "success-rule"}

    def of_file(file: GraphFile) -> Slice:
        met = {f for name in used[file].uses for f in owners.get(name, ())} - {file}
        needed = ({f for f in met if f.kind in CONTEXT_KINDS} | rules) - {file}
        return Slice(
            _name(file),
            file.kind,
            (file,),
            (*schema, *_in_order(needed)),
            _in_order(met - needed),
        )

    return (Slice("schema", "schema", schema, ()), *(of_file(file) for file in rest))


def _in_order(files: Iterable[GraphFile]) -> tuple[GraphFile, ...]:
    return tuple(sorted(files, key=lambda file: file.relative))


@dataclass(frozen=True)
class _Namespaces:
    defines: tuple[str, ...]
    uses: tuple[str, ...]


def _namespaces(workspace: Workspace, file: GraphFile) -> _Namespaces:
    noted = workspace.cache / "names" / f"{file.digest}.json"
    if noted.exists():
        kept = json.loads(noted.read_text("utf-8"))
        return _Namespaces(tuple(kept["defines"]), tuple(kept["uses"]))
    text = reading.quads(workspace, file).read_text("utf-8")
    found = _Namespaces(
        tuple(sorted(set(_SUBJECT.findall(text)))), tuple(sorted(set(_USE.findall(text))))
    )
    reading.write_lines(noted, [json.dumps({"defines": found.defines, "uses": found.uses})])
    return found


def _name(file: GraphFile) -> str:
    return file.graph.rsplit("/graph/", 1)[-1]


def combine(parts: Iterable[str]) -> str:
    """SHA-256 over parts, order and boundaries included."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() + b"\n")
    return digest.hexdigest()


def digest_of(paths: Iterable[Path]) -> str:
    """SHA-256 over the names and bytes of files such as rules and shapes."""
    return combine(
        f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in sorted(paths)
    )
