from __future__ import annotations

import json

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import XSD

from partnering.errors import EngineUnavailable, QueryError, WrongUse
from partnering.store import media
from partnering.store.base import Reply, Table, ask, construct, select


def results(*rows: dict[str, object], columns: tuple[str, ...] = ("x",)) -> bytes:
    return json.dumps({"head": {"vars": columns}, "results": {"bindings": rows}}).encode()


class Fixed:
    """An engine that always gives the same reply."""

    takes_many = False

    def __init__(self, reply: Reply) -> None:
        self.reply = reply

    def execute(self, query: str, **_: object) -> Reply:
        return self.reply

    def close(self) -> None: ...


@pytest.mark.parametrize(
    ("cell", "term"),
    [
        ({"type": "uri", "value": "http://e/a"}, URIRef("http://e/a")),
        ({"type": "bnode", "value": "b0"}, BNode("b0")),
        ({"type": "literal", "value": "plain"}, Literal("plain")),
        ({"type": "literal", "value": "hi", "xml:lang": "en-gb"}, Literal("hi", lang="en-gb")),
        (
            {"type": "literal", "value": "1.50", "datatype": str(XSD.decimal)},
            Literal("1.50", datatype=XSD.decimal, normalize=False),
        ),
        (
            {"type": "typed-literal", "value": "7", "datatype": str(XSD.integer)},
            Literal("7", datatype=XSD.integer),
        ),
    ],
)
def test_every_kind_of_term_becomes_the_rdflib_term(cell: object, term: object) -> None:
    assert Table.from_json(results({"x": cell})).rows == ((term,),)


def test_lexical_forms_are_kept_as_they_came() -> None:
    cell = {"type": "literal", "value": "01", "datatype": str(XSD.integer)}
    assert str(Table.from_json(results({"x": cell})).rows[0][0]) == "01"


def test_an_unbound_cell_is_none() -> None:
    table = Table.from_json(results({"y": {"type": "literal", "value": "1"}}, columns=("x", "y")))
    assert table.rows == ((None, Literal("1")),)
    assert table.records() == [{"x": None, "y": "1"}]


def test_records_hold_plain_values() -> None:
    number = {"type": "literal", "value": "3", "datatype": str(XSD.integer)}
    broken = {"type": "literal", "value": "three", "datatype": str(XSD.integer)}
    table = Table.from_json(
        results({"x": number}, {"x": broken}, {"x": {"type": "bnode", "value": "b"}})
    )
    assert [r["x"] for r in table.records()] == [3, "three", "_:b"]


def test_a_column_is_found_by_its_name_or_the_names_there_are_are_said() -> None:
    table = Table.from_json(results({"x": {"type": "uri", "value": "http://e/a"}}))
    assert table.column("x") == (URIRef("http://e/a"),)
    with pytest.raises(WrongUse, match="choose from x"):
        table.column("y")


def test_triple_terms_are_refused_with_a_way_out() -> None:
    triple = {"type": "triple", "value": {"subject": {}, "predicate": {}, "object": {}}}
    with pytest.raises(QueryError, match=r"SUBJECT\(\?t\)"):
        Table.from_json(results({"x": triple}))


def test_directional_strings_are_refused() -> None:
    cell = {"type": "literal", "value": "a", "xml:lang": "ar", "its:dir": "rtl"}
    with pytest.raises(QueryError, match="base direction"):
        Table.from_json(results({"x": cell}))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"head":{"vars":["x"]}}',
        results({"x": {"type": "sheep", "value": ""}}),
        results({"x": {"type": "uri", "value": "http://e/a"}})[:-5],
        b'{"head":{"vars":[]},"results":{"bindings":' + b"[" * 100_000,
    ],
)
def test_nonsense_is_the_engine_s_fault(body: bytes) -> None:
    with pytest.raises(EngineUnavailable):
        Table.from_json(body)


def test_ask_reads_only_truth_values() -> None:
    assert ask(Fixed(Reply("ask", "json", b'{"head":{},"boolean":true}')), "ASK {}") is True
    for body in (b'{"head":{},"boolean":"yes"}', b"{}", b"true", b"x"):
        with pytest.raises(EngineUnavailable):
            ask(Fixed(Reply("ask", "json", body)), "ASK {}")


def test_the_wrong_form_of_query_is_said() -> None:
    reply = Reply("ask", "json", b'{"boolean":true}')
    with pytest.raises(WrongUse, match="needs a SELECT query, but got an ASK"):
        select(Fixed(reply), "ASK {}")


def test_construct_reads_n_triples() -> None:
    graph = construct(Fixed(Reply("graph", "nt", b'<http://e/a> <http://e/p> "1" .\n')), "")
    assert isinstance(graph, Graph)
    assert len(graph) == 1
    with pytest.raises(EngineUnavailable):
        construct(Fixed(Reply("graph", "nt", b"<http://e/a> <http://e/p>")), "")


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        (None, "select", "application/sparql-results+json"),
        (None, "graph", "application/n-triples"),
        ("json", "ask", "application/sparql-results+json"),
        ("application/json", "select", "application/sparql-results+json"),
        ("jsonld", "graph", "application/ld+json"),
        ("application/json", "graph", "application/ld+json"),
        ("text/turtle; charset=utf-8", "graph", "text/turtle"),
        ("TEXT/CSV", "select", "text/csv"),
        ("ttl", "select", None),
        ("csv", "graph", None),
        ("text/html", "select", None),
    ],
)
def test_media_types_by_short_name_alias_and_kind(
    name: str | None, kind: media.Kind, expected: str | None
) -> None:
    assert media.resolve(name, kind) == expected
