"""What one engine has to be asked differently, and what it is never asked."""

from __future__ import annotations

import pytest

from partnering.errors import QueryRefused
from partnering.store.dialect import Dialect

VIRTUOSO = Dialect.of("Virtuoso/07.20", ["http://e/g"], ["http://e/other"], whole=False)
OXIGRAPH = Dialect.of("Oxigraph/0.5", ["http://e/g"], ["http://e/other"], whole=False)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (bif:http_get('http://127.0.0.1/') AS ?x) {}",
        "SELECT * { ?s bif:contains 'x' }",
        "SELECT * { ?s ?p ?o FILTER (sql:foo(?o)) }",
        "SELECT * { ?s ?p ?o FILTER (SQL:foo(?o)) }",
        "SELECT (<bif:http_get>('http://127.0.0.1/') AS ?x) {}",
        "SELECT (<BIF:http_get>('http://127.0.0.1/') AS ?x) {}",
        "PREFIX x: <bif:> SELECT (x:http_get('http://127.0.0.1/') AS ?x) {}",
        "PREFIX bif: <http://e/> SELECT (bif:http_get('http://127.0.0.1/') AS ?x) {}",
        "BASE <sql:> SELECT (<foo>(1) AS ?x) {}",
        # A relative IRI names a procedure of its database: this one sends a request.
        "SELECT (<HTTP_CLIENT>('http://127.0.0.1/') AS ?x) {}",
        "SELECT (<DB.DBA.HTTP_CLIENT>('http://127.0.0.1/') AS ?x) {}",
        "PREFIX x: <> SELECT (x:HTTP_CLIENT('http://127.0.0.1/') AS ?x) {}",
        "PREFIX x: <HTTP_> SELECT (x:CLIENT('http://127.0.0.1/') AS ?x) {}",
    ],
)
def test_what_calls_into_virtuoso_is_refused(query: str) -> None:
    with pytest.raises(QueryRefused, match="function of the engine's own") as caught:
        VIRTUOSO.check(query)
    assert caught.value.where
    OXIGRAPH.check(query)  # it has none such; the gate and the engine look after the rest


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ('bif:x' AS ?x) { ?s ?p '''<HTTP_CLIENT> sql:x''' }",
        "# bif:x <HTTP_CLIENT>\nSELECT * { ?s <http://e/bif:x> ?o }",
        "SELECT * { ?s ?p ?o FILTER (?o < 5 && ?o > 3) }",
        "PREFIX mobif: <http://e/> SELECT * { ?s mobif:x ?o }",
    ],
)
def test_what_only_looks_so_passes(query: str) -> None:
    VIRTUOSO.check(query)


def test_a_count_of_chosen_values_is_written_so_that_virtuoso_counts_right() -> None:
    asked = (
        "SELECT ?k (COUNT(DISTINCT ?x) AS ?n) { ?f <http://e/p> ?k OPTIONAL { ?f <http://e/q> ?q }"
        " BIND (IF(?q != e:a, ?f, ?none) AS ?x) BIND (IF(BOUND(?q), ?none, ?f) AS ?y) } GROUP BY ?k"
    )
    found = VIRTUOSO.mended(asked)
    assert "BIND (IF((BOUND(?q) && ?q != e:a), STR(?f), ?none) AS ?x)" in found
    assert "BIND (IF(BOUND(?q), ?none, STR(?f)) AS ?y)" in found
    assert '(COUNT(DISTINCT COALESCE(STR(?x), "")) - MAX(IF(BOUND(?x), 0, 1)))' in found
    assert OXIGRAPH.mended(asked) == asked
    told = asked.replace("(COUNT(DISTINCT ?x) AS ?n)", "?x")
    assert VIRTUOSO.mended(told) == told, "what is not counted is told as it is, not as a text"
    plain = "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?s ?p ?x }"
    assert VIRTUOSO.mended(plain) == plain


def test_the_graphs_are_said_in_the_engines_way() -> None:
    query = "SELECT * WHERE { ?s ?p ?o }"
    assert "define input:default-graph-exclude <http://e/other>" in VIRTUOSO.over_union(query)
    assert "FROM <http://e/g> FROM NAMED <http://e/g> WHERE" in OXIGRAPH.over_union(query)
    assert Dialect.of("", ["http://e/g"], [], whole=True).over_union(query) == query
