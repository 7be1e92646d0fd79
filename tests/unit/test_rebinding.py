"""A query asked again with one row bound, on four invented triples."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from rdflib import BNode, Literal, URIRef

from partnering.anatomy import absences, bound_first
from partnering.answering.explain import Explainer
from partnering.answering.rebinding import hidden, levels
from partnering.store.base import select
from partnering.store.embedded import EmbeddedEngine

A, B = URIRef("http://x/a"), URIRef("http://x/b")


@pytest.fixture
def engine() -> EmbeddedEngine:
    store = ox.Store()
    lines = "<a> <p> 1 , 2 . <b> <p> 3 ; <q> <a> .".replace("<", "<http://x/")
    store.load(lines, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("http://x/g"))
    return EmbeddedEngine(store)


def solutions(engine: EmbeddedEngine, query: str, **row: object) -> list[set[str]]:
    """The cells met on each level."""
    found = [select(engine, level.query) for level in levels(query, row)]  # type: ignore[arg-type]
    return [{str(cell) for row in table.rows for cell in row if cell} for table in found]


def test_keys_bind_and_an_unbound_key_stays_unbound(engine: EmbeddedEngine) -> None:
    query = "SELECT ?s ?o { ?s <http://x/p> ?v OPTIONAL { ?s <http://x/q> ?o } }"
    assert solutions(engine, query, s=A, o=None) == [{str(A), "1", "2"}]
    assert solutions(engine, query, s=B, o=None) == [set()]
    assert solutions(engine, query, s=B, o=A) == [{str(A), str(B), "3"}]


def test_what_only_an_optional_part_binds_is_not_bound_before_it(engine: EmbeddedEngine) -> None:
    # Bound first, ?o would be left as it is where the optional part does not hold.
    query = "SELECT ?o { ?s <http://x/p> 3 OPTIONAL { ?s <http://x/q> ?o } ?o <http://x/p> ?v }"
    assert solutions(engine, query, o=B) == [set()]


@pytest.mark.parametrize(
    ("pattern", "first"),
    [
        ("?a ?b ?c ; <http://x/OPTIONAL> [ ?d ?e ]", "abcde"),
        ("?a ?b ?c OPTIONAL { ?d ?e ?f } ?d ?g ?h", "abc"),
        ("?a ?b ?c MINUS { ?a ?b ?d } ?d ?e ?f", "abc"),
        ("BIND (1 AS ?x) ?a ?b ?x", ""),
        ("{ ?a ?b ?c } UNION { ?a ?b ?d } FILTER (?e > 1) ?f ?g ?h", "fgh"),
        ("VALUES ?x { UNDEF } VALUES (?y ?z) { (1 2) } ?a ?b ?c", "abc"),
        ("{ SELECT ?x { ?x ?y ?z } } ?a ?b '?c' # ?d", "ab"),
    ],
)
def test_values_may_stand_first_for_what_plain_triples_bind(pattern: str, first: str) -> None:
    assert bound_first(pattern) == set(first)


def test_what_leaves_a_key_open_is_no_reason_of_a_row_that_fills_it(engine: EmbeddedEngine) -> None:
    query = """SELECT ?o (COUNT(?v) AS ?n) {
      ?s <http://x/p> ?v OPTIONAL { ?s <http://x/q> ?o } } GROUP BY ?o"""
    assert solutions(engine, query, o=A, n=Literal(1)) == [{str(A), str(B), "3"}]
    assert solutions(engine, query, o=None, n=Literal(2)) == [{str(A), "1", "2"}]


def test_a_row_that_is_not_met_again_has_no_whole_explanation(engine: EmbeddedEngine) -> None:
    # A row that is there always is; an engine that loses it must not make its reasons look thin.
    query = "SELECT ?s { ?s <http://x/q> ?o }"
    assert not Explainer(engine).why(query, {"s": B}).partial
    lost = Explainer(engine).why(query, {"s": A})
    assert lost.partial
    assert "did not meet the row again" in lost.note


def test_what_an_expression_makes_binds_what_an_aggregate_makes_does_not(
    engine: EmbeddedEngine,
) -> None:
    plus = "SELECT (?v + 1 AS ?more) { ?s <http://x/p> ?v }"
    assert solutions(engine, plus, more=Literal(4)) == [{str(B), "3", "4"}]
    count = "SELECT (COUNT(?v) AS ?n) { ?s <http://x/p> ?v }"
    assert solutions(engine, count, n=Literal(3)) == [{str(A), str(B), "1", "2", "3"}]


def test_nested_selects_are_asked_for_the_groups_that_are_meant(engine: EmbeddedEngine) -> None:
    query = """SELECT ?s ?n {
      { SELECT ?s (COUNT(?v) AS ?n) { ?s <http://x/p> ?v } GROUP BY ?s } ?s ?any ?thing }"""
    outer, nested = solutions(engine, query, s=B, n=Literal(1))
    assert nested == {str(B), "3"}
    assert str(A) in outer  # what b points at


@pytest.mark.parametrize(
    ("query", "row", "says"),
    [
        ("SELECT ?s { ?s ?p ?o }", {"s": A}, ""),
        ("SELECT (COUNT(?s) AS ?n) { ?s ?p ?o }", {"n": Literal(1)}, ""),
        ("SELECT ?s { ?s ?p ?o }", {"s": BNode("x")}, "blank node"),
        ("SELECT (COUNT(?s) AS ?n) { ?s ?p ?o } GROUP BY ?p", {"n": Literal(1)}, "?p"),
        ("SELECT ?s { ?s <http://x/p>+ ?o }", {"s": A}, "any length"),
        ("SELECT ?s { ?s ?p ?o FILTER EXISTS { ?o ?q ?r } }", {"s": A}, "EXISTS"),
        ("SELECT ?s { ?s ?p ?o FILTER NOT EXISTS { ?o ?q ?r } }", {"s": A}, ""),
        ("SELECT ?s { { SELECT ?s { ?s ?p ?o } LIMIT 1 } }", {"s": A}, "LIMIT"),
    ],
)  # fmt: skip
def test_what_a_query_keeps_to_itself_is_said(
    query: str, row: dict[str, Literal | URIRef | BNode], says: str, engine: EmbeddedEngine
) -> None:
    told = hidden(query, row)
    assert bool(told) == bool(says)
    assert says in "".join(told)
    why = Explainer(engine).why(query, row)
    assert why.partial == bool(says)
    assert ("partial" in why.note) == bool(says)


def test_an_absence_says_what_was_searched_and_that_nothing_was_found(
    engine: EmbeddedEngine,
) -> None:
    query = "SELECT ?s { ?s <http://x/p> ?v MINUS { ?s <http://x/q> ?any } }"
    why = Explainer(engine).why(query, {"s": A})
    assert [(one.pattern, one.found) for one in why.searched] == [("?s <http://x/q> ?any", 0)]
    assert "looked for and not found" in why.note


def test_absences_are_found_wherever_they_stand_and_told_once() -> None:
    pattern = """?s ?p ?o . FILTER NOT EXISTS { ?o ?p ?x MINUS { ?x ?y ?z } }
      OPTIONAL { ?s ?q ?r FILTER (?r != "MINUS {") MINUS { ?r a ?k } }
      { SELECT ?s { ?s ?a ?b MINUS { ?b ?c ?d } } } FILTER EXISTS { ?s ?e ?f }"""
    assert list(absences(pattern)) == ["?o ?p ?x MINUS { ?x ?y ?z }", "?r a ?k"]


def test_members_of_each_counted_column_are_told(engine: EmbeddedEngine) -> None:
    query = "SELECT ?s (COUNT(DISTINCT ?v) AS ?n) { ?s <http://x/p> ?v } GROUP BY ?s"
    why = Explainer(engine).why(query, {"s": A, "n": Literal(2)})
    assert [(member.iri, member.label) for member in why.members["n"]] == [(None, "1"), (None, "2")]
