"""The shipped workspace on two real servers: the same rows, the same pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from partnering.webui import create_app
from tests.conftest import REPOSITORY
from tests.service import engines

import partnering
from partnering.answering.questions import Catalogue
from partnering.distant import open_service
from partnering.knowledge import KnowledgeGraph
from partnering.push import push
from partnering.service import Service
from partnering.store.base import Table, select
from partnering.store.remote import RemoteEngine
from partnering.workspace import locate

pytestmark = [pytest.mark.remote, pytest.mark.slow]
SLUGS = [question.slug for question in Catalogue(locate(REPOSITORY)).questions]
OTHER_VALUES = (
    ("enablers-in-successful-partnerships", {"nature": "any", "rule": "strict"}),
    ("barriers-in-partnerships", {"nature": "voluntary"}),
    ("what-helped", {"case": "case-a"}),
    ("what-came-of-it", {"case": "case-e"}),
    ("timeline", {"case": "case-b"}),
    ("factor-across-cases", {"factor": "trust"}),
)
EXPLAINED = (
    ("enablers-in-successful-partnerships", 1),
    ("enablers-in-successful-partnerships", 4),
    ("barriers-in-partnerships", 0),
    ("contested-labels", 0),
    ("verdicts-with-reasons", 0),
)
"""Rows of long questions, whose reasons Virtuoso took minutes to plan or told otherwise."""
PAGES = (
    "/", "/questions", "/questions/verdicts-with-reasons", "/cases", "/cases/case-a", "/factors",
    "/factors/trust", "/outcomes", "/actors", "/literature", "/source",
    "/vocabulary", "/ontology", "/quality", "/about",
    "/questions/what-helped?case=case-c&why=1",
    "/questions/enablers-in-successful-partnerships?nature=any&rule=authors-view&why=1",
)  # fmt: skip


@pytest.fixture(scope="module")
def embedded() -> Iterator[KnowledgeGraph]:
    found = partnering.open(REPOSITORY)
    yield found
    found.close()


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def running(
    request: pytest.FixtureRequest,
    embedded: KnowledgeGraph,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[engines.Running]:
    """A server that was pushed the shipped workspace."""
    started = (
        engines.oxigraph()
        if request.param == "oxigraph"
        else engines.virtuoso(tmp_path_factory.mktemp("virtuoso"))
    )
    with started as found:
        done = push(embedded.index, found.engine(timeout=120), found.writer())
        assert done.sent == len(embedded.index.parts) > 90
        assert done.triples == embedded.index.quads > 50_000
        yield found


@pytest.fixture(scope="module")
def engine(running: engines.Running, embedded: KnowledgeGraph) -> RemoteEngine:
    found = running.engine(timeout=60)
    found.refresh(part.graph for part in embedded.index.parts)
    return found


@pytest.fixture(scope="module")
def remote(engine: RemoteEngine, embedded: KnowledgeGraph) -> KnowledgeGraph:
    return KnowledgeGraph(engine.own, embedded.workspace, embedded.index)


def plain(table: Table) -> list[tuple[str, ...]]:
    """Rows by their terms; a language tag is the same in any case."""
    return [
        tuple("" if c is None else re.sub(r"@[\w-]+$", lambda m: m[0].lower(), c.n3()) for c in row)
        for row in table.rows
    ]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_question_has_the_same_rows(
    remote: KnowledgeGraph, embedded: KnowledgeGraph, slug: str
) -> None:
    expected = embedded.ask_question(slug).table
    found = remote.ask_question(slug).table
    assert found.columns == expected.columns
    assert plain(found) == plain(expected)


@pytest.mark.parametrize(("slug", "given"), OTHER_VALUES)
def test_other_values_have_the_same_rows(
    remote: KnowledgeGraph,
    embedded: KnowledgeGraph,
    slug: str,
    given: dict[str, str],
) -> None:
    found = plain(remote.ask_question(slug, **given).table)
    assert found == plain(embedded.ask_question(slug, **given).table)


@pytest.mark.parametrize(("slug", "row"), EXPLAINED)
def test_a_row_has_the_same_reasons(
    remote: KnowledgeGraph, embedded: KnowledgeGraph, slug: str, row: int
) -> None:
    found = remote.ask_question(slug).why(row)
    assert found.findings or found.verdicts
    expected = embedded.ask_question(slug).why(row)
    assert replace(found, query="") == replace(expected, query="")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
        "SELECT ?o { ?s <https://w3id.org/partnering/ontology#isPseudonymous> ?o } ORDER BY ?s",
        "SELECT DISTINCT ?y { ?s <https://w3id.org/partnering/ontology#workYear> ?y } ORDER BY ?y",
        "SELECT (COUNT(*) AS ?n) FROM <https://w3id.org/partnering/graph/case/case-a> { ?s ?p ?o }",
    ],
)
def test_a_strangers_query_has_the_same_rows(
    engine: RemoteEngine, embedded: KnowledgeGraph, query: str
) -> None:
    assert plain(select(engine, query)) == plain(embedded.select(query))


@pytest.fixture(scope="module")
def there(running: engines.Running, embedded: KnowledgeGraph) -> Iterator[FlaskClient]:
    service = open_service(embedded.workspace, running.engine(timeout=60))
    assert service.stale is None
    assert service.snapshot == embedded.snapshot
    yield create_app(service).test_client()
    service.close()


@pytest.fixture(scope="module")
def here(embedded: KnowledgeGraph) -> FlaskClient:
    return create_app(Service(embedded, embedded.engine)).test_client()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_shows_the_same(there: FlaskClient, here: FlaskClient, path: str) -> None:
    reply, expected = there.get(path), here.get(path)
    assert reply.status_code == 200, reply.text[-600:]
    found = main(reply.text)
    assert found == main(expected.text)
    assert len(found) > 500


def test_search_and_the_endpoint_answer_from_there(there: FlaskClient, here: FlaskClient) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?c a <http://www.w3.org/2004/02/skos/core#Concept> }"
    found = there.get("/sparql", query_string={"query": query, "format": "csv"})
    assert found.status_code == 200
    assert found.text == here.get("/sparql", query_string={"query": query, "format": "csv"}).text
    assert there.get("/search.json?q=trust").json["total"] > 3
    assert there.get("/healthz").json["status"] == "ok"


def main(page: str) -> str:
    found = re.search(r"<main.*</main>", page, re.S)
    assert found, page[:300]
    return found[0]
