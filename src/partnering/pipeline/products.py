"""Graphs made by the build and by no file: written as N-Quads under their own digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from rdflib import Graph, URIRef

from partnering import reading
from partnering.workspace import Workspace

FOLDER = "generated"
"""Where they lie, each named after its bytes."""


def write(workspace: Workspace, name: str, graph: Graph) -> dict[str, Path]:
    """The graph's name and its file, sorted lines, so that equal graphs give equal bytes."""
    named = URIRef(name).n3()
    return keep(
        workspace, name, (f"{s.n3()} {p.n3()} {_line(o.n3())} {named} ." for s, p, o in graph)
    )


def keep(workspace: Workspace, name: str, quads: Iterable[str]) -> dict[str, Path]:
    """As :func:`write`, for a graph given as lines of N-Quads; those of one subject may be one text."""
    content = reading.as_bytes(sorted(quads))
    path = workspace.cache / FOLDER / f"{hashlib.sha256(content).hexdigest()}.nq"
    if not path.exists():
        reading.write(path, content)
    return {name: path}


def _line(literal: str) -> str:
    # rdflib writes a literal with line breaks in long quotation marks, which N-Quads does not have.
    if not literal.startswith('"""'):
        return literal
    text, _, kind = literal[3:].rpartition('"""')
    return '"' + text.replace('\\"', '"').replace('"', '\\"').replace("\n", "\\n") + f'"{kind}'
