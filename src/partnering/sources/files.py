"""The data files of a workspace as graphs, one a file, named by their path in it."""

from __future__ import annotations

from rdflib import Graph

from partnering import reading
from partnering.errors import Missing
from partnering.workspace import Workspace


def data_graphs(workspace: Workspace) -> dict[str, Graph]:
    """Every Turtle file under ``data/``, inherited ones too, as written.

    Raises Missing when there is none, ReadError at bad syntax.
    """
    files = [file for file in workspace.graph_files if file.relative.startswith("data/")]
    if not files:
        raise Missing(
            "no data files",
            where=str(workspace.root / "data"),
            mend="name another workspace with --workspace",
        )
    return {file.relative: reading.graph(file) for file in files}
