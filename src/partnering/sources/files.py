"""The data files of a workspace as graphs, one a file, named by their path under its root."""

from __future__ import annotations

from pathlib import Path

from rdflib import Graph
from rdflib.plugins.parsers.notation3 import BadSyntax

from partnering.errors import Missing, ReadError


def data_graphs(root: Path) -> dict[str, Graph]:
    """Every Turtle file under ``data/``; Missing when there is none, ReadError at bad syntax."""
    files = sorted((root / "data").rglob("*.ttl"))
    if not files:
        raise Missing(
            "no data files",
            where=str(root / "data"),
            mend="give the root of a workspace with --workspace",
        )
    return {path.relative_to(root).as_posix(): _read(path) for path in files}


def _read(path: Path) -> Graph:
    try:
        return Graph().parse(path, format="turtle")
    except BadSyntax as error:
        where = f"{path}:{error.lines + 1}"
        raise ReadError(f"not Turtle: {error.message}", where=where) from error
