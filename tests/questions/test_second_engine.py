"""The queries as they stand give the same rows, in the same order, in a second SPARQL engine.

rdflib knows nothing of ours and reads SPARQL 1.1 from its own grammar: what holds in both
is the language, not an engine's habit.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from rdflib import Graph, Literal

from partnering.knowledge import KnowledgeGraph
from partnering.store.base import construct

EXPECTED = Path(__file__).parent / "expected"
SETTINGS = [
    pytest.param(path.stem, setting["given"], id=f"{path.stem}-{number}")
    for path in sorted(EXPECTED.glob("*.yaml"))
    for number, setting in enumerate(yaml.safe_load(path.read_text("utf-8"))["settings"])
]


@pytest.fixture(scope="session")
def everything(toy: KnowledgeGraph) -> Graph:
    """All triples of the toy, as one graph in rdflib's own memory."""
    graph = construct(toy.engine, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert len(graph) > 1000
    return graph


@pytest.mark.parametrize(("slug", "given"), SETTINGS)
def test_same_rows(
    slug: str, given: dict[str, str], toy: KnowledgeGraph, everything: Graph
) -> None:
    answer = toy.ask_question(slug, **given)
    result = everything.query(answer.bound.query)
    assert [str(name) for name in result.vars or ()] == list(answer.table.columns)
    theirs = [tuple(_plain(cell) for cell in row) for row in result]  # type: ignore[union-attr]
    assert theirs == [tuple(_plain(cell) for cell in row) for row in answer.table]


def _plain(cell: Any) -> Any:
    """Value, kind and language; the case of a language tag means nothing."""
    if isinstance(cell, Literal):
        return str(cell), str(cell.datatype or ""), (cell.language or "").lower()
    return None if cell is None else str(cell)
