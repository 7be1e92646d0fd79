"""Queries asked as one, on a few invented triples: each answer is that of the query asked alone."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from tests.web.counting import Counting

from partnering.anatomy import Key, dissect, ordering
from partnering.answering.together import MOST, together
from partnering.errors import Busy, QueryTimeout
from partnering.store.base import Reply, select
from partnering.store.embedded import EmbeddedEngine

X = "PREFIX x: <http://x/> "
FIRST = f"{X}SELECT ?s ?v {{ ?s x:p ?v }} ORDER BY DESC(?v) ?s"
COUNTED = f"""{X}SELECT ?s (COUNT(?v) AS ?many) (MIN(?v) AS ?least)
WHERE {{ ?s x:p ?v }} GROUP BY ?s HAVING (COUNT(?v) > 0) ORDER BY DESC(?many) (MAX(?v)) STR(?s)"""
EACH_ONCE = f"{X}SELECT DISTINCT ?s {{ ?s x:p ?v }} ORDER BY ?v"
"""Ordered by what no column shows: of a thing's places the first counts."""
TWICE = f"{X}SELECT ?s {{ ?s x:p ?v }} ORDER BY ?s"
NOTHING = f"{X}SELECT ?s {{ ?s x:nothing ?v }}"
OPEN = f"{X}SELECT ?s ?o {{ ?s x:p ?v OPTIONAL {{ ?s x:q ?o }} }} ORDER BY ?o DESC(?v)"
TEXT = f"""{X}SELECT ?s ("LIMIT 1 FROM" AS ?words) {{ ?s x:q ?o }} ORDER BY ?words"""
TOGETHER = (FIRST, COUNTED, EACH_ONCE, TWICE, NOTHING, OPEN, TEXT)

CUT = f"{X}SELECT ?s {{ ?s x:p ?v }} ORDER BY ?v LIMIT 1"
OTHER = "PREFIX x: <http://x/other/> SELECT ?s { ?s x:p ?v }"
BASED = "BASE <http://x/> SELECT ?s { ?s <p> ?v } ORDER BY ?s"
OVER_A_GRAPH = f"{X}SELECT ?s FROM <http://x/g> {{ ?s x:p ?v }} ORDER BY ?s ?v"
UNNAMED = f"{X}SELECT ?v {{ _:one x:p ?v }} ORDER BY ?v"
ALONE = (CUT, OTHER, BASED, OVER_A_GRAPH, UNNAMED)


class Refusing(Counting):
    """Refuses whatever asks for more than one thing."""

    def __init__(self, engine: EmbeddedEngine, refusal: Exception) -> None:
        super().__init__(engine)
        self._refusal = refusal

    def execute(self, query: str, **how: object) -> Reply:
        reply = super().execute(query, **how)
        if "UNION" in query:
            raise self._refusal
        return reply


@pytest.fixture
def engine() -> Counting:
    store = ox.Store()
    lines = "<b> <p> 3 , 7 . <a> <p> 1 , 2 , 9 . <c> <p> 7 ; <q> <a> .".replace("<", "<http://x/")
    store.load(lines, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("http://x/g"))
    return Counting(EmbeddedEngine(store))


def test_one_round_trip_gives_what_each_gives_alone(engine: Counting) -> None:
    expected = {query: select(engine, query) for query in TOGETHER}
    assert [len(table) for table in expected.values()] == [6, 3, 3, 6, 0, 6, 1]
    engine.asked.clear()
    assert together(engine, TOGETHER) == expected
    assert len(engine.asked) == 1


def test_what_means_something_else_beside_others_is_asked_alone(engine: Counting) -> None:
    expected = {query: select(engine, query) for query in (FIRST, *ALONE, TWICE)}
    assert len(expected[CUT]) == 1 < len(expected[UNNAMED])
    engine.asked.clear()
    assert together(engine, (FIRST, *ALONE, TWICE)) == expected
    assert engine.asked[1:] == list(ALONE)


def test_one_query_is_asked_as_it_stands(engine: Counting) -> None:
    assert together(engine, (FIRST, FIRST)) == {FIRST: select(engine, FIRST)}
    assert engine.asked == [FIRST, FIRST]  # here, and by the line above
    assert together(engine, ()) == {}


def test_more_than_one_query_bears_are_several(engine: Counting) -> None:
    many = [f"{FIRST} # {number}" for number in range(MOST + 2)]
    found = together(engine, many)
    assert len(engine.asked) == 2
    assert set(found) == set(many)
    assert len({table for table in found.values()}) == 1


def test_what_is_refused_together_is_asked_alone(engine: Counting) -> None:
    refusing = Refusing(engine, QueryTimeout("The query took too long."))
    assert together(refusing, TOGETHER) == {query: select(engine, query) for query in TOGETHER}
    assert len(refusing.asked) == 1 + len(TOGETHER)


def test_a_busy_engine_is_not_asked_more(engine: Counting) -> None:
    refusing = Refusing(engine, Busy("Too many wait."))
    with pytest.raises(Busy):
        together(refusing, TOGETHER)
    assert len(refusing.asked) == 1


def test_an_engine_that_takes_one_at_a_time_is_asked_so(engine: Counting) -> None:
    engine.takes_many = False
    together(engine, TOGETHER)
    assert engine.asked == list(TOGETHER)


def test_keys_of_an_order() -> None:
    parts = dissect("SELECT ?a (COUNT(?b) AS ?n) { ?a ?p ?b } GROUP BY ?a"
                    " ORDER BY ASC(?n) desc(STR(?a)) (MIN(?b) = 1) <f>(?a) COALESCE(?a, \"(\") ?a")  # fmt: skip
    before, keys = ordering(parts)
    assert before.strip() == "GROUP BY ?a"
    assert keys == (
        Key("COUNT(?b)", False),
        Key("(STR(?a))", True),
        Key("(MIN(?b) = 1)", False),
        Key("<f>(?a)", False),
        Key('COALESCE(?a, "(")', False),
        Key("?a", False),
    )
    assert ordering(dissect("SELECT ?a { ?a ?p ?b }")) == ("", ())
