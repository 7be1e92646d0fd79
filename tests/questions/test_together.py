"""Every saved question asked with others answers as it does alone: same columns, rows and order."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from tests.web.counting import Counting

from partnering.answering.together import MOST, together
from partnering.knowledge import KnowledgeGraph
from partnering.store.base import select

EXPECTED = sorted((Path(__file__).parent / "expected").glob("*.yaml"))


@pytest.mark.parametrize("place", ["toy", "shipped"])
def test_same_answers(place: str, request: pytest.FixtureRequest) -> None:
    kg: KnowledgeGraph = request.getfixturevalue(place)
    queries = [kg.bind(question.slug, {}).query for question in kg.questions()]
    if place == "toy":  # whose values are named in what is expected
        for path in EXPECTED:
            for setting in yaml.safe_load(path.read_text("utf-8"))["settings"]:
                queries.append(kg.bind(path.stem, setting["given"]).query)
    engine = Counting(kg.engine)
    found = together(engine, queries)
    assert len(engine.asked) == -(-len(found) // MOST), "a question does not fit beside others"
    assert len(found) == len(set(queries)) > 80
    assert sum(len(table) for table in found.values()) > 1000
    for query, table in found.items():
        assert table == select(kg.engine, query), query
