from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph

from partnering.errors import (
    EngineUnavailable,
    Missing,
    QuerySyntax,
    QueryTooLarge,
    ReadError,
    WrongUse,
)
from partnering.store.base import ask, construct, select
from partnering.store.embedded import EmbeddedEngine
from partnering.store.evaluate import evaluate

E = "http://e/"
QUADS = """\
<http://e/a> <http://e/p> "one"@en <http://e/g1> .
<http://e/a> <http://e/p> "two" <http://e/g2> .
<http://e/b> <http://e/p> <http://e/a> <http://e/g2> .
"""


@pytest.fixture
def engine(tmp_path: Path) -> EmbeddedEngine:
    index = tmp_path / "index.nq"
    index.write_text(QUADS)
    return EmbeddedEngine.load(index, prefixes={"e": E})


def count(engine: EmbeddedEngine, query: str, **dataset: list[str]) -> int:
    return len(select(engine, query, **dataset))


ALL = "SELECT * { ?s ?p ?o }"
NAMED = "SELECT * { GRAPH ?g { ?s ?p ?o } }"


def test_the_default_graph_is_the_union_and_every_graph_can_be_named(
    engine: EmbeddedEngine,
) -> None:
    assert count(engine, ALL) == 3
    assert count(engine, NAMED) == 3
    assert count(engine, "SELECT * { GRAPH <http://e/g1> { ?s ?p ?o } }") == 1
    assert engine.graphs() == ("http://e/g1", "http://e/g2")


def test_a_given_dataset_is_exactly_what_it_lists(engine: EmbeddedEngine) -> None:
    assert count(engine, ALL, default_graphs=[E + "g1"]) == 1
    assert count(engine, NAMED, default_graphs=[E + "g1"]) == 0
    assert count(engine, NAMED, named_graphs=[E + "g2"]) == 2
    assert count(engine, ALL, named_graphs=[E + "g2"]) == 0
    assert count(engine, ALL, default_graphs=[E + "g1", E + "g2"]) == 3


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT * FROM <http://e/g1> { ?s ?p ?o }", 1),
        ("PREFIX e: <http://e/> SELECT * FROM e:g2 { ?s ?p ?o }", 2),
        ("SELECT * FROM NAMED <http://e/g1> { GRAPH ?g { ?s ?p ?o } }", 1),
        ("SELECT * FROM NAMED <http://e/g1> { ?s ?p ?o }", 0),
        ("SELECT * { ?s ?p ?o } # FROM <http://e/g1>", 3),
        ("SELECT ('FROM <x:y>' AS ?from) { ?s ?p ?o }", 3),
    ],
)
def test_from_is_honoured_and_only_when_it_is_a_keyword(
    engine: EmbeddedEngine, query: str, rows: int
) -> None:
    assert count(engine, query) == rows


def test_a_given_dataset_beats_from(engine: EmbeddedEngine) -> None:
    assert count(engine, "SELECT * FROM <http://e/g1> {?s ?p ?o}", default_graphs=[E + "g2"]) == 2


def test_ask_construct_and_describe(engine: EmbeddedEngine) -> None:
    assert ask(engine, "ASK { <http://e/b> ?p ?o }") is True
    assert ask(engine, "ASK { <http://e/c> ?p ?o }") is False
    assert len(construct(engine, "CONSTRUCT WHERE { ?s ?p ?o }")) == 3
    assert len(construct(engine, "DESCRIBE <http://e/a>")) == 2


@pytest.mark.parametrize(
    ("name", "parser"),
    [("ttl", "turtle"), ("nt", "nt"), ("jsonld", "json-ld"), ("rdfxml", "xml"), ("trig", "trig")],
)
def test_every_graph_format_reads_back_to_the_same_triples(
    engine: EmbeddedEngine, name: str, parser: str
) -> None:
    query = "CONSTRUCT WHERE { ?s ?p ?o }"
    body = engine.execute(query, media_type=name).body
    read = Graph().parse(data=body, format=parser)
    assert set(read) == set(construct(engine, query))


def test_turtle_uses_the_prefixes_given(engine: EmbeddedEngine) -> None:
    assert b"e:b e:p e:a" in engine.execute("DESCRIBE <http://e/b>", media_type="ttl").body


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_every_table_format_is_written(engine: EmbeddedEngine, name: str) -> None:
    reply = engine.execute(ALL, media_type=name)
    assert reply.kind == "select"
    assert b"http://e/b" in reply.body
    assert b"true" in engine.execute("ASK {}", media_type=name).body


def test_a_format_that_cannot_hold_the_answer_is_refused(engine: EmbeddedEngine) -> None:
    with pytest.raises(WrongUse, match="choose from json, xml, csv, tsv"):
        engine.execute(ALL, media_type="ttl")
    with pytest.raises(WrongUse, match="choose from ttl"):
        engine.execute("DESCRIBE <http://e/a>", media_type="csv")


def test_a_syntax_error_names_line_and_column(engine: EmbeddedEngine) -> None:
    with pytest.raises(QuerySyntax) as caught:
        engine.execute("SELECT *\n{ ?s ?p }")
    assert caught.value.where is not None
    assert caught.value.where.startswith("line 2")
    assert len(str(caught.value)) < 600


def test_a_relative_graph_is_wrong_use(engine: EmbeddedEngine) -> None:
    with pytest.raises(WrongUse, match="not an absolute IRI"):
        engine.execute(ALL, default_graphs=["g1"])


def test_service_that_fails_is_said_to_reach_out(engine: EmbeddedEngine) -> None:
    with pytest.raises(EngineUnavailable, match="reaches out"):
        engine.execute("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")


def test_a_missing_or_broken_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="none\\.nq"):
        EmbeddedEngine.load(tmp_path / "none.nq")
    broken = tmp_path / "broken.nq"
    broken.write_text("<http://e/a> <http://e/p>")
    with pytest.raises(ReadError, match="broken\\.nq"):
        EmbeddedEngine.load(broken)


@pytest.fixture
def tricky() -> ox.Store:
    """Ten rows whose literals hold everything that separates rows in some format."""
    store = ox.Store()
    for number in range(10):
        literal = ox.Literal(f'{number} }},{{ }},{{ <result> \r\n "\n" \\')
        store.add(ox.Quad(ox.NamedNode(E + "s"), ox.NamedNode(E + "p"), literal))
    return store


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_the_row_cap_counts_rows_not_what_looks_like_one(tricky: ox.Store, name: str) -> None:
    _, _, body = evaluate(tricky, ALL, media_type=name, max_rows=10)
    assert body
    with pytest.raises(QueryTooLarge, match="9 rows"):
        evaluate(tricky, ALL, media_type=name, max_rows=9)


@pytest.mark.parametrize("name", ["ttl", "nt", "jsonld", "rdfxml", "trig", "nq"])
def test_the_row_cap_counts_triples(tricky: ox.Store, name: str) -> None:
    query = "CONSTRUCT WHERE { ?s ?p ?o }"
    assert evaluate(tricky, query, media_type=name, max_rows=10)[2]
    with pytest.raises(QueryTooLarge, match="9 triples"):
        evaluate(tricky, query, media_type=name, max_rows=9)


def test_the_byte_cap_stops_an_answer_while_it_is_written(tricky: ox.Store) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?q ?r ?s }"
    with pytest.raises(QueryTooLarge, match="100,000 bytes"):
        evaluate(tricky, query, max_bytes=100_000)
