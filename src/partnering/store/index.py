"""An index on disk: one N-Quads file, or a JSON file that lists the N-Quads files it is made of.

Imports pyoxigraph and the standard library only: the fork server loads through it.
"""

from __future__ import annotations

import json
from pathlib import Path

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
    if path.suffix != ".json":
        return [path]
    parts = json.loads(path.read_text("utf-8"))["parts"]
    return [path.parent.parent / file for _, file, *_ in parts]
