"""An index on disk: one N-Quads file, or a JSON file with the sheets that list those it is made of.

Imports pyoxigraph and the standard library only: the fork server loads through it.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox


def load(path: Path) -> ox.Store:
    """A fresh in-memory store (about 4 µs a quad).

    Raises ``OSError`` where a file is gone, ``SyntaxError`` or ``ValueError`` where one does
    not parse. Paths on a sheet are relative to the folder above its own.
    """
    store = ox.Store()
    store.bulk_load(input=_OneAfterAnother(files(path)), format=ox.RdfFormat.N_QUADS)  # type: ignore[arg-type]
    return store


def size(path: Path, store: ox.Store) -> int:
    """Quads of an index that was loaded, as its list tells.

    Counting those in a store takes nearly a second a million; it is done only where no list tells.
    """
    return sum(sheet.quads for sheet in _sheets(path)) if path.suffix == ".json" else len(store)


class _OneAfterAnother(io.RawIOBase):
    """Many files as one: to load each on its own takes half as long again where they are small."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._paths = iter(paths)
        self._file: io.FileIO | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Bytes of the present file, or of the next one; 0 at the end of the last."""
        while True:
            if self._file is None:
                path = next(self._paths, None)
                if path is None:
                    return 0
                self._file = io.FileIO(path)
            if count := self._file.readinto(buffer):
                return count
            self._file.close()
            self._file = None


def files(path: Path) -> list[Path]:
    """The N-Quads files of an index."""
    return (
        [path.parent.parent / part.file for sheet in _sheets(path) for part in sheet.parts]
        if path.suffix == ".json"
        else [path]
    )


class Listed(NamedTuple):
    """One graph of an index: its IRI, its file, the digest of its contents and their number."""

    graph: str
    file: str
    digest: str
    quads: int


@dataclass(frozen=True)
class Sheet:
    """One of the files that list the graphs of an index, by slices."""

    path: Path
    quads: int

    @property
    def parts(self) -> Iterator[Listed]:
        if self.quads:
            for _, parts, *_ in json.loads(self.path.read_text("utf-8")).values():
                yield from (Listed(*part) for part in parts)


def _sheets(path: Path) -> list[Sheet]:
    """In the order in which every index has them: those at one place hold the same slices."""
    told = json.loads(path.read_text("utf-8"))["sheets"]
    folder = path.parent.parent / "sheets"
    return [Sheet(folder / f"{name}.json", quads) for name, _, _, _, quads, _ in told]


class Change(NamedTuple):
    """What turns a store of one index into that of another, parsed and ready."""

    gone: frozenset[str]
    fresh: frozenset[str]
    emptied: frozenset[str]
    """Graphs that are taken out whole: those that are gone, and those with blank nodes, which
    have names of their own in a store."""
    out: list[ox.Quad]
    into: list[ox.Quad]
    replaced: int
    """Quads taken out."""
    quads: int
    """Quads there are afterwards."""

    def apply(self, store: ox.Store) -> None:
        """Carry it out; nothing in it can fail but memory."""
        for graph in self.emptied:
            store.remove_graph(ox.NamedNode(graph))
        for quad in self.out:
            store.remove(quad)
        store.bulk_extend(self.into)


def change(before: Path, after: Path, most: int) -> Change | None:
    """The way from one index to another; None where more than ``most`` quads would change.

    Of a graph that differs only the lines that differ are touched: what is written in a store
    is no longer shared with the readers that were forked from it. Raises as :func:`load`.
    """
    if before.suffix != ".json" or after.suffix != ".json":
        return None
    sheets = _sheets(after)
    pairs = [pair for pair in zip(_sheets(before), sheets, strict=True) if pair[0] != pair[1]]
    had = {part.graph: part for old, _ in pairs for part in old.parts}
    has = {part.graph: part for _, new in pairs for part in new.parts}
    fresh = frozenset(graph for graph, part in has.items()
                      if graph not in had or had[graph].digest != part.digest)  # fmt: skip
    gone = frozenset(had.keys() - has.keys())
    taken = sum(had[graph].quads for graph in (gone | fresh) & had.keys())
    if max(taken, sum(has[graph].quads for graph in fresh)) > most:
        return None
    emptied, out, into = set(gone), b"", b""
    replaced = sum(had[graph].quads for graph in gone)
    for graph in fresh:
        old = _read(before, had[graph]) if graph in had else b""
        new = _read(after, has[graph])
        if b"_:" in old or b"_:" in new:
            emptied.add(graph)
            replaced += had[graph].quads if graph in had else 0
            into += new
        else:
            less, more = _lines_apart(old, new)
            replaced += len(less)
            out += b"".join(less)
            into += b"".join(more)
    return Change(gone, fresh, frozenset(emptied), _quads(out), _quads(into), replaced,
                  sum(sheet.quads for sheet in sheets))  # fmt: skip


def _read(index: Path, part: Listed) -> bytes:
    return (index.parent.parent / part.file).read_bytes()


def _lines_apart(old: bytes, new: bytes) -> tuple[frozenset[bytes], frozenset[bytes]]:
    """Lines of each that the other has not.

    Most of ten megabytes is alike before the place where they differ and after it, and is not looked at
    line by line.
    """
    start = old.rfind(b"\n", 0, _alike(old, new)) + 1
    old, new = old[start:], new[start:]
    # The first line that ends there may be alike in part only.
    end = old.find(b"\n", len(old) - _alike_at_end(old, new)) + 1 or len(old)
    had = frozenset(old[:end].splitlines(keepends=True))
    has = frozenset(new[: len(new) - len(old) + end].splitlines(keepends=True))
    return had - has, has - had


def _alike(one: bytes, other: bytes) -> int:
    """How many bytes they have in common before they differ."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one.startswith(other[low:middle], low):
            low = middle
        else:
            high = middle - 1
    return low


def _alike_at_end(one: bytes, other: bytes) -> int:
    """How many bytes they have in common after they differ for the last time."""
    low, high, end = 0, min(len(one), len(other)), len(other)
    while low < high:
        middle = (low + high + 1) // 2
        if one.endswith(other[end - middle : end - low], 0, len(one) - low):
            low = middle
        else:
            high = middle - 1
    return low


def _quads(lines: bytes) -> list[ox.Quad]:
    return list(ox.parse(lines, format=ox.RdfFormat.N_QUADS))
