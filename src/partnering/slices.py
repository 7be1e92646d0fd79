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
_Namespaces = tuple[list[str], list[str]]
"""Namespaces of data that a file describes things in, and those it speaks of; as JSON has them."""
_FEW = 16
"""Files that are read again each time sooner than the notes on ten thousand are written down."""


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


class Slicing:
    """The slices of a workspace, each put together when it is asked for."""

    def __init__(self, workspace: Workspace) -> None:
        apart = (*SCHEMA_KINDS, *UNPUBLISHED_KINDS)
        self.schema = Slice("schema", "schema", workspace.schema_files)
        self.files = {_name(f): f for f in workspace.graph_files if f.kind not in apart}
        """Those that are a slice each, by its name."""
        self._workspace = workspace
        self._made: dict[str, Slice] = {}

    def every(self) -> tuple[Slice, ...]:
        """All of them, the schema first."""
        return (self.schema, *(self.slice(name) for name in self.files))

    def slice(self, name: str) -> Slice:
        """One of them."""
        if name not in self._made:
            self._made[name] = self._of(name, self.files[name])
        return self._made[name]

    def touched(self, changed: Iterable[str], before: Iterable[Path] = ()) -> set[str]:
        """Slices in which anything may be another because some files have changed.

        Their own, and whoever speaks of things that such a file describes, or described
        ``before``, in N-Quads that are kept.
        """
        spread = set(changed)
        spoken = {name for path in before for name in _namespaces(path)[0]}
        spoken.update(name for file in spread for name in self._said[file][0])
        while True:
            more = {name for name, (_, uses) in self._said.items()
                    if name not in spread and not spoken.isdisjoint(uses)}  # fmt: skip
            if not more:
                return spread
            spread |= more
            spoken.update(name for file in more for name in self._said[file][0])

    def _of(self, name: str, file: GraphFile) -> Slice:
        met = {other for space in self._said[name][1] for other in self._owners.get(space, ())}
        met |= self._rules
        met.discard(name)
        around = sorted(met, key=lambda other: self.files[other].relative)
        needed = [other for other in around if self.files[other].kind in CONTEXT_KINDS]
        mine = self._turn(name)
        return Slice(
            name,
            file.kind,
            (file,),
            self.schema,
            tuple(self.files[other] for other in needed),
            tuple(self.files[other] for other in around if other not in needed),
            tuple(self.slice(other) for other in needed if self._turn(other) < mine),
        )

    def _turn(self, name: str) -> tuple[int, str]:
        """When a slice is made: those that others lean on first."""
        kind = self.files[name].kind
        turn = CONTEXT_KINDS.index(kind) if kind in CONTEXT_KINDS else len(CONTEXT_KINDS)
        return turn, self.files[name].relative

    @cached_property
    def _rules(self) -> set[str]:
        return {name for name, file in self.files.items() if file.kind == "success-rule"}

    @cached_property
    def _owners(self) -> dict[str, list[str]]:
        """Namespace to the slices that describe things in it."""
        found: dict[str, list[str]] = {}
        for name, (defines, _) in self._said.items():
            for space in defines:
                found.setdefault(space, []).append(name)
        return found

    @cached_property
    def _said(self) -> dict[str, _Namespaces]:
        """By slice; found once a digest, and kept together: one file is read sooner than thousands."""
        noted = self._workspace.cache / "namespaces.json"
        try:
            kept = json.loads(noted.read_text("utf-8"))
        except (OSError, ValueError):
            kept = {}
        new = {
            file.digest: _namespaces(reading.quads(self._workspace, file))
            for file in self.files.values()
            if file.digest not in kept
        }
        if len(new) > _FEW:
            present = {file.digest for file in self.files.values()}
            now = {digest: said for digest, said in (kept | new).items() if digest in present}
            reading.write_lines(noted, [json.dumps(now)])
        kept |= new
        return {name: kept[file.digest] for name, file in self.files.items()}


def of_workspace(workspace: Workspace) -> tuple[Slice, ...]:
    """Every slice of a workspace, the schema first."""
    return Slicing(workspace).every()


def _namespaces(quads: Path) -> _Namespaces:
    text = quads.read_text("utf-8")
    return sorted(set(_SUBJECT.findall(text))), sorted(set(_USE.findall(text)))


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
