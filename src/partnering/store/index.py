"""An index on disk: one N-Quads file, or a JSON file that lists the N-Quads files it is made of.

Imports pyoxigraph and the standard library only: the fork server loads through it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox


def load(path: Path) -> ox.Store:
    """A fresh in-memory store (about 4 µs a quad).

    Raises ``OSError`` where a file is gone, ``SyntaxError`` or ``ValueError`` where one does
    not parse. Paths in a list are relative to the folder above it.
    """
    store = ox.Store()
    for file in files(path):
        store.bulk_load(path=str(file), format=ox.RdfFormat.N_QUADS)
    return store


def files(path: Path) -> list[Path]:
    """The N-Quads files of an index."""
    return [part.path for part in _listed(path)] if path.suffix == ".json" else [path]


class Listed(NamedTuple):
    """One graph of an index: its IRI, its file, the digest of its contents and their number."""

    graph: str
    path: Path
    digest: str
    quads: int


def _listed(path: Path) -> list[Listed]:
    parts = json.loads(path.read_text("utf-8"))["parts"]
    folder = path.parent.parent
    return [Listed(graph, folder / file, digest, quads) for graph, file, digest, quads in parts]


class Change(NamedTuple):
    """What turns a store of one index into that of another, parsed and ready."""

    gone: frozenset[str]
    fresh: dict[str, list[ox.Quad]]
    replaced: int
    """Quads taken out."""

    def apply(self, store: ox.Store) -> None:
        """Carry it out; nothing in it can fail but memory."""
        for graph in self.gone | self.fresh.keys():
            store.remove_graph(ox.NamedNode(graph))
        for quads in self.fresh.values():
            store.bulk_extend(quads)


def change(before: Path, after: Path, most: int) -> Change | None:
    """The way from one index to another; None where more than ``most`` quads would change.

    Raises as :func:`load`.
    """
    if before.suffix != ".json" or after.suffix != ".json":
        return None
    had = {part.graph: part for part in _listed(before)}
    has = {part.graph: part for part in _listed(after)}
    fresh = [part for graph, part in has.items()
             if graph not in had or had[graph].digest != part.digest]  # fmt: skip
    gone = frozenset(had.keys() - has.keys())
    replaced = sum(had[graph].quads for graph in {*gone, *(p.graph for p in fresh)} & had.keys())
    if max(replaced, sum(part.quads for part in fresh)) > most:
        return None
    return Change(gone, {part.graph: _quads(part) for part in fresh}, replaced)


def _quads(part: Listed) -> list[ox.Quad]:
    return list(ox.parse(path=str(part.path), format=ox.RdfFormat.N_QUADS))
