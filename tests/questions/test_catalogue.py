"""What every saved question must be, whatever it asks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rdflib.paths import MulPath
from rdflib.paths import Path as PropertyPath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from partnering.anatomy import dissect
from partnering.answering.questions import read
from partnering.knowledge import KnowledgeGraph

QUESTIONS = Path(__file__).parents[2] / "queries" / "questions"
SLUGS = sorted(path.stem for path in QUESTIONS.glob("*.rq"))
KINDS = {
    "concept", "case", "partnership", "actor", "finding", "paragraph", "rule", "verdict",
    "number", "text", "graph", "term",
}  # fmt: skip
VIEWS = {"table", "list", "matrix", "timeline", "bars", "text"}
CASES = {"toy": "case-c", "shipped": "case-a"}
"""The case asked about where which one is not the point."""
FIRM_AMONG_MORE = {
    "fragile-enablers": "what rests on one voice among few may rest on two among many"
}


def test_there_are_at_least_sixty() -> None:
    assert len(SLUGS) >= 60


def test_ids_run_from_one_without_a_gap() -> None:
    ids = sorted(read(QUESTIONS / f"{slug}.rq", slug).id for slug in SLUGS)
    assert ids == [f"Q{number:03d}" for number in range(1, len(SLUGS) + 1)]


@pytest.mark.parametrize("slug", SLUGS)
def test_header(slug: str) -> None:
    question = read(QUESTIONS / f"{slug}.rq", slug)
    assert question.slug == slug
    assert question.wording.endswith("?")
    assert len(question.description) > 40
    assert question.tags
    assert question.view in VIEWS
    assert {column.kind for column in question.columns} <= KINDS
    assert len({column.title for column in question.columns}) == len(question.columns)
    for parameter in question.parameters:
        blocks = re.findall(rf"VALUES\s+\?{parameter.name}\b", question.query)
        assert len(blocks) == 1, f"{parameter.name} has {len(blocks)} blocks"


@pytest.mark.parametrize("slug", SLUGS)
def test_query_keeps_to_what_every_engine_does_well(slug: str) -> None:
    query = read(QUESTIONS / f"{slug}.rq", slug).query
    seen = list(_nodes(translateQuery(parseQuery(query)).algebra))
    assert any(isinstance(node, CompValue) and node.name == "BGP" for node in seen)
    names = {node.name for node in seen if isinstance(node, CompValue)}
    assert not names & {"Builtin_EXISTS", "Builtin_NOTEXISTS", "Graph", "ServiceGraphPattern"}
    assert not [node for node in seen if isinstance(node, MulPath)]
    assert not re.search(r"\bFROM\b", query)


def _nodes(node: Any) -> Iterator[Any]:
    yield node
    if isinstance(node, CompValue):
        for value in node.values():
            yield from _nodes(value)
    elif isinstance(node, PropertyPath):
        for value in getattr(node, "args", ()):
            yield from _nodes(value)
    elif isinstance(node, (list, tuple, set)):
        for value in node:
            yield from _nodes(value)


@pytest.mark.parametrize("slug", SLUGS)
def test_defaults_resolve(slug: str, toy: KnowledgeGraph) -> None:
    bound = toy.catalogue.get(slug).bind({}, toy.vocabulary)
    assert "{" not in bound.sentence
    for parameter in bound.question.parameters:
        shown = [choice.label for choice in bound.bound[parameter.name]]
        assert shown or parameter.may_be_any
        assert all(label in bound.sentence for label in shown)


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("place", ["toy", "shipped"])
def test_order_is_total(slug: str, place: str, request: pytest.FixtureRequest) -> None:
    kg: KnowledgeGraph = request.getfixturevalue(place)
    question = kg.catalogue.get(slug)
    cases = {p.name: CASES[place] for p in question.parameters if p.kind == "case"}
    answer = kg.ask_question(slug, **cases)
    order = dissect(question.query).after.rpartition("ORDER BY")[2]
    assert order.strip(), "the query has no ORDER BY"
    keys = [name for name in re.findall(r"\?(\w+)", order) if name in answer.table.columns]
    ranked = [
        tuple(str(row[answer.table.columns.index(key)]) for key in keys) for row in answer.table
    ]
    twins = [rank for rank, times in Counter(ranked).items() if times > 1]
    assert not twins, f"rows that {', '.join(keys)} cannot tell apart: {twins[:2]}"


@pytest.mark.parametrize("slug", SLUGS)
def test_left_open_and_given_agree(slug: str, toy: KnowledgeGraph) -> None:
    """A value of a parameter never yields a key that leaving it open does not, nor rows twice."""
    question = toy.catalogue.get(slug)
    open_ones = [p for p in question.parameters if p.may_be_any and p.kind.startswith("scheme:")]
    for parameter in open_ones:
        rest = {p.name: "any" for p in open_ones if p is not parameter}
        wide = _keys(toy, slug, {**rest, parameter.name: "any"})
        assert len(wide) == len(set(wide))
        for choice in toy.vocabulary.choices(parameter.kind):
            narrow = _keys(toy, slug, {**rest, parameter.name: choice.name})
            assert set(narrow) <= set(wide) or slug in FIRM_AMONG_MORE
            assert len(narrow) == len(set(narrow))


def _keys(kg: KnowledgeGraph, slug: str, given: dict[str, str]) -> list[tuple[object, ...]]:
    answer = kg.ask_question(slug, **given)
    keys = dissect(answer.question.query).keys
    return [tuple(record[key] for key in keys) for record in answer.rows]
