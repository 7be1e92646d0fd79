"""Each question on the toy cases: the rows a person expects, and the words beside them.

``expected/<slug>.yaml`` holds, for settings of the parameters, the cells of every column
but labels, and why they are what they are. ``"*"`` fits anything; ``among: true`` says that
other rows may stand between, ``others`` what their cells must then be, ``never`` which cells
no row may hold.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from rdflib import URIRef
from rdflib.term import Identifier

from partnering.answering.answer import Answer
from partnering.knowledge import KnowledgeGraph
from partnering.namespaces import CONCEPT, DATA, GRAPH, PTN
from partnering.store.base import select

EXPECTED = Path(__file__).parent / "expected"
QUESTIONS = Path(__file__).parents[2] / "queries" / "questions"
SLUGS = sorted(path.stem for path in QUESTIONS.glob("*.rq"))
SHORT = ((str(CONCEPT), ""), (str(DATA), ""), (str(PTN), "ptn:"), (str(GRAPH), "graph/"))
SETTINGS = [
    pytest.param(path.stem, number, id=f"{path.stem}-{number}")
    for path in sorted(EXPECTED.glob("*.yaml"))
    for number in range(len(yaml.safe_load(path.read_text("utf-8"))["settings"]))
]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_question_expects_something(slug: str) -> None:
    expected = _expected(slug)
    assert any(setting["rows"] for setting in expected["settings"])
    assert all(len(setting["because"]) > 10 for setting in expected["settings"])


@pytest.mark.parametrize("slug", SLUGS)
def test_parameters_are_set_in_two_ways(slug: str, toy: KnowledgeGraph) -> None:
    if toy.catalogue.get(slug).parameters:
        assert len(_expected(slug)["settings"]) >= 2
    else:
        assert [setting["given"] for setting in _expected(slug)["settings"]] == [{}]


@pytest.mark.parametrize(("slug", "number"), SETTINGS)
def test_rows(slug: str, number: int, toy: KnowledgeGraph) -> None:
    expected = _expected(slug)
    setting = expected["settings"][number]
    answer = toy.ask_question(slug, **setting["given"])
    assert [column.name for column in answer.question.columns] == expected["columns"]
    rows = _cells(answer)
    if not setting.get("among"):
        assert len(rows) == len(setting["rows"]), f"{rows} for {setting['given']}"
        for row, wanted in zip(rows, setting["rows"], strict=True):
            assert _fits(row, wanted), f"{row} where {wanted} is expected"
        return
    left = list(rows)
    for wanted in setting["rows"]:
        fitting = next((row for row in left if _fits(row, wanted)), None)
        assert fitting, f"no row like {wanted}"
        left.remove(fitting)
    for name, value in setting.get("others", {}).items():
        at = expected["columns"].index(name)
        assert [row for row in left if row[at] != value] == []
    held = {cell for row in rows for cell in row}
    assert not held & set(setting.get("never", ()))


@pytest.mark.parametrize("slug", SLUGS)
def test_labels_are_those_of_their_things(slug: str, toy: KnowledgeGraph) -> None:
    labels = _labels(toy)
    seen = 0
    for setting in _expected(slug)["settings"]:
        answer = toy.ask_question(slug, **setting["given"])
        table = answer.table
        for column in answer.question.columns:
            for thing, label in zip(
                table.column(column.name), table.column(column.label or column.name), strict=True
            ):
                seen += 1
                if column.label and thing is None:
                    assert label is None or column.name == "role"
                elif column.label and str(thing) in labels:
                    assert str(label) in labels[str(thing)]
                if column.kind == "number":
                    assert thing is None or isinstance(thing.toPython(), int)  # type: ignore[attr-defined]
                if column.label is None and column.kind not in ("number", "text"):
                    assert thing is None or isinstance(thing, URIRef)
    assert seen


def _expected(slug: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((EXPECTED / f"{slug}.yaml").read_text("utf-8"))
    return loaded


def _labels(kg: KnowledgeGraph) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    query = "SELECT ?s ?l WHERE { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l }"
    for thing, label in select(kg.engine, query).rows:
        found.setdefault(str(thing), set()).add(str(label))
    return found


def _cells(answer: Answer) -> list[list[Any]]:
    at = [answer.table.columns.index(column.name) for column in answer.question.columns]
    return [[_cell(row[place]) for place in at] for row in answer.table]


def _cell(cell: Identifier | None) -> Any:
    if cell is None:
        return None
    if isinstance(cell, URIRef):
        for start, short in SHORT:
            if cell.startswith(start):
                return short + cell.removeprefix(start)
        return str(cell)
    value = cell.toPython()  # type: ignore[attr-defined]
    return value if isinstance(value, int) else str(cell)


def _fits(row: list[Any], wanted: list[Any]) -> bool:
    return len(row) == len(wanted) and all(
        want in ("*", cell) for cell, want in zip(row, wanted, strict=True)
    )


def test_no_triple_stands_in_two_graphs_so_every_count_over_the_union_is_true(
    shipped: KnowledgeGraph,
) -> None:
    """Engines differ in whether the union of graphs holds such a triple once or twice."""
    placed = shipped.select("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }").rows
    twice = shipped.select(
        "SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } GRAPH ?h { ?s ?p ?o } FILTER (STR(?g) < STR(?h)) }"
    )
    assert placed[0][0].toPython() > 50_000
    assert [row[0] for row in twice.rows] == []
