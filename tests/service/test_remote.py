"""A remote engine before a real server answers as the embedded one does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.service import engines

from partnering.errors import (
    QueryRefused,
    QuerySyntax,
    QueryTimeout,
)
from partnering.store.base import ask, construct, select
from partnering.store.embedded import EmbeddedEngine
from partnering.store.remote import RemoteEngine
from partnering.store.writer import Addresses, Writer

ALL = "SELECT * { ?s ?p ?o }"

# A real server


@pytest.fixture(scope="module")
def oxigraph() -> Iterator[engines.Running]:
    with engines.oxigraph() as running:
        yield running


GRAPHS = [
    ("http://e/g1", b'<http://e/a> <http://e/p> "<<one"@en .\n'),
    ("http://e/g2", b'<http://e/a> <http://e/p> _:x .\n_:x <http://e/p> "two" .\n'),
]
QUADS = (
    '<http://e/a> <http://e/p> "<<one"@en <http://e/g1> .\n'
    "<http://e/a> <http://e/p> _:x <http://e/g2> .\n"
    '_:x <http://e/p> "two" <http://e/g2> .\n'
)


@pytest.fixture
def remote(oxigraph: engines.Running) -> RemoteEngine:
    writer = oxigraph.writer()
    writer.update("DROP ALL")
    for graph, triples in GRAPHS:
        writer.replace(graph, triples)
    return oxigraph.engine(timeout=10)


@pytest.fixture
def embedded(tmp_path: Path) -> EmbeddedEngine:
    (tmp_path / "index.nq").write_text(QUADS)
    return EmbeddedEngine.load(tmp_path / "index.nq")


@pytest.mark.remote
@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { <http://e/a> ?p ?o FILTER(!ISBLANK(?o)) }",
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
        "SELECT (COUNT(*) AS ?n) FROM <http://e/g1> { ?s ?p ?o }",
        "SELECT (COUNT(*) AS ?n) FROM NAMED <http://e/g1> { GRAPH ?g { ?s ?p ?o } }",
        "# a comment\nSELECT (COUNT(*) AS ?n) { ?s <http://e/p>/<http://e/p> ?o }",
    ],
)
def test_a_remote_engine_answers_as_the_embedded_one(
    remote: RemoteEngine, embedded: EmbeddedEngine, query: str
) -> None:
    assert select(remote, query) == select(embedded, query)
    assert select(remote.own, query) == select(embedded, query)


@pytest.mark.remote
def test_the_union_of_graphs_is_asked_for_where_the_server_has_none(remote: RemoteEngine) -> None:
    assert remote.graphs == ("http://e/g1", "http://e/g2")
    assert len(select(remote, ALL)) == 3
    assert len(select(remote, ALL, default_graphs=["http://e/g1"])) == 1
    assert len(select(remote, ALL, named_graphs=["http://e/g1"])) == 0
    assert ask(remote, "ASK { GRAPH <http://e/g1> { ?s ?p ?o } }")
    assert len(construct(remote, "DESCRIBE <http://e/a>")) == 3


@pytest.mark.remote
@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_every_table_format_comes_from_a_remote_engine(remote: RemoteEngine, name: str) -> None:
    reply = remote.execute(ALL, media_type=name)
    assert reply.body.count(b"http://e/a") == 2
    assert b"true" in remote.execute("ASK {}", media_type=name).body


@pytest.mark.remote
@pytest.mark.parametrize("name", ["ttl", "nt", "jsonld", "rdfxml", "trig", "nq"])
def test_every_graph_format_comes_from_a_remote_engine(remote: RemoteEngine, name: str) -> None:
    assert b"two" in remote.execute("CONSTRUCT WHERE { ?s ?p ?o }", media_type=name).body


@pytest.mark.remote
@pytest.mark.parametrize("through", ["store", "update"])
def test_a_whole_graph_is_replaced(
    oxigraph: engines.Running, remote: RemoteEngine, through: str
) -> None:
    many = "".join(f'<http://e/n{i}> <http://e/p> "{i}" .\n' for i in range(1_200)).encode()
    site = oxigraph.endpoint.removesuffix("/query")
    writer = Writer(Addresses(f"{site}/update", f"{site}/store" if through == "store" else None))
    for _ in range(2):
        writer.replace("http://e/g2", GRAPHS[1][1])
        writer.replace("http://e/g3", many)
        assert remote.counts() == {"http://e/g1": 1, "http://e/g2": 2, "http://e/g3": 1_200}
    remote.refresh()
    assert remote.graphs == ("http://e/g1", "http://e/g2", "http://e/g3")
    assert len(select(remote, ALL)) == 1_203
    assert ask(remote, "ASK { <http://e/a> <http://e/p>/<http://e/p> 'two' }")
    writer.drop("http://e/g3")
    writer.drop("http://e/never-there")
    assert len(remote.counts()) == 2


@pytest.mark.parametrize(
    ("endpoint", "server", "update", "store"),
    [
        ("http://e:7878/query", "Oxigraph/0.5", "http://e:7878/update", None),
        (
            "http://e/sparql",
            "Virtuoso/07.20",
            "http://e/sparql-auth",
            "http://e/sparql-graph-crud-auth",
        ),
        ("http://e/ds/sparql", "", "http://e/ds/update", None),
        ("http://e/ds/query", "", "http://e/ds/update", None),
        ("http://e/repositories/r", "", "http://e/repositories/r/statements", None),
        ("https://e:8182/sparql", "", "https://e:8182/sparql", None),
    ],
)
def test_the_address_of_updates_is_guessed(
    endpoint: str, server: str, update: str, store: str | None
) -> None:
    assert Addresses.guess(endpoint, server) == Addresses(update, store)


@pytest.mark.remote
def test_graphs_under_another_base_are_left_alone(
    oxigraph: engines.Running, remote: RemoteEngine
) -> None:
    narrow = oxigraph.engine(graph_base="http://e/g2")
    assert len(select(narrow, ALL)) == 2
    with pytest.raises(QueryRefused, match="not a graph of this store"):
        narrow.execute("SELECT * FROM <http://e/g1> { ?s ?p ?o }")


@pytest.mark.remote
def test_the_gate_stands_before_a_remote_engine_too(remote: RemoteEngine) -> None:
    for query in ("SELECT * { SERVICE <http://e/> {} }", "CLEAR ALL", "ASK {" + "{" * 99):
        with pytest.raises(QueryRefused):
            remote.execute(query)
    with pytest.raises(QuerySyntax, match="does not accept"):
        remote.execute("SELECT * { ?s ?p }")


@pytest.mark.remote
def test_a_query_without_end_ends_at_the_deadline(
    oxigraph: engines.Running, remote: RemoteEngine
) -> None:
    row = '<http://e/{0}> <http://e/p> "{0}" .\n'
    many = "".join(row.format(i) for i in range(3_000)).encode()
    oxigraph.writer().replace("http://e/g4", many)
    remote.timeout = 0.5
    with pytest.raises(QueryTimeout, match=r"0\.5 seconds"):
        remote.execute("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
