"""The protocol tests the W3C names, as requests of our own to a live server.

The suite gives names and one line each; what a request has to look like stands in
https://www.w3.org/TR/sparql11-protocol/. A test that its list has and this file lacks fails.
"""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pytest
from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import RDF, VOID
from tests.w3c import suite
from tests.w3c.conftest import Serve

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
UPDATE = "application/sparql-update"
ONE, TWO, THREE = (f"https://data.example/{name}" for name in ("one", "two", "three"))
DEFAULT, NAMED = "default-graph-uri", "named-graph-uri"
IN_ONE = f"ASK {{ <{ONE}> a ?type }}"
IN_ONE_AND_TWO = f"ASK {{ <{ONE}> a ?type . <{TWO}> a ?type }}"
IN_GRAPHS = f"ASK {{ GRAPH <{ONE}> {{ <{ONE}> a ?x }} GRAPH <{TWO}> {{ <{TWO}> a ?y }} }}"
FULL = (
    f"ASK {{ <{THREE}> a ?z GRAPH <{ONE}> {{ <{ONE}> a ?x }} GRAPH <{TWO}> {{ <{TWO}> a ?y }} "
    f"FILTER NOT EXISTS {{ <{ONE}> a ?w }} }}"
)
SELECT, CONSTRUCT = "SELECT ?x { ?x a ?type }", "CONSTRUCT { ?x a ?type } WHERE { ?x a ?type }"
TABLES = {"application/sparql-results+xml", "application/sparql-results+json", "text/csv",
          "text/tab-separated-values"}  # fmt: skip
TRUTHS = {"application/sparql-results+xml", "application/sparql-results+json"}
GRAPHS = {"application/rdf+xml", "text/turtle", "application/n-triples", "application/ld+json"}


@dataclass(frozen=True)
class Request:
    """One request, and what has to come of it."""

    method: str = "GET"
    query: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    kind: str | None = None
    truth: bool | None = None
    types: set[str] = field(default_factory=set)
    status: int = 200


def get(*fields: tuple[str, str], **expected: object) -> Request:
    return Request(query=fields, **expected)  # type: ignore[arg-type]


def form(*fields: tuple[str, str], **expected: object) -> Request:
    return Request("POST", body=urlencode(fields).encode(), kind=FORM, **expected)  # type: ignore[arg-type]


def direct(text: str | bytes, *fields: tuple[str, str], **expected: object) -> Request:
    body = text.encode() if isinstance(text, str) else text
    return Request("POST", fields, body, **{"kind": DIRECT} | expected)  # type: ignore[arg-type]


CLEAR = "CLEAR ALL"
REQUESTS: dict[str, tuple[Request, ...]] = {
    "query_get": (get(("query", "ASK {}"), truth=True),),
    "query_post_form": (form(("query", "ASK {}"), truth=True),),
    "query_post_direct": (direct("ASK {}", truth=True),),
    "query_dataset_default_graphs_get": (
        get(("query", IN_ONE), (DEFAULT, ONE), truth=True),
        get(("query", IN_ONE), (DEFAULT, TWO), truth=False),
        get(("query", IN_ONE_AND_TWO), (DEFAULT, ONE), (DEFAULT, TWO), truth=True),
    ),
    "query_dataset_default_graphs_post": (
        form(("query", IN_ONE_AND_TWO), (DEFAULT, ONE), (DEFAULT, TWO), truth=True),
        form(("query", IN_ONE_AND_TWO), (DEFAULT, ONE), truth=False),
        direct(IN_ONE_AND_TWO, (DEFAULT, ONE), (DEFAULT, TWO), truth=True),
        direct(IN_ONE, (DEFAULT, TWO), truth=False),
    ),
    "query_dataset_named_graphs_get": (
        get(("query", IN_GRAPHS), (NAMED, ONE), (NAMED, TWO), truth=True),
        get(("query", IN_GRAPHS), (NAMED, ONE), truth=False),
        get(("query", IN_ONE), (NAMED, ONE), truth=False),
    ),
    "query_dataset_named_graphs_post": (
        form(("query", IN_GRAPHS), (NAMED, ONE), (NAMED, TWO), truth=True),
        direct(IN_GRAPHS, (NAMED, ONE), (NAMED, TWO), truth=True),
        direct(IN_GRAPHS, (NAMED, TWO), truth=False),
    ),
    "query_dataset_full": (
        get(("query", FULL), (DEFAULT, THREE), (NAMED, ONE), (NAMED, TWO), truth=True),
        form(("query", FULL), (DEFAULT, THREE), (NAMED, ONE), (NAMED, TWO), truth=True),
        direct(FULL, (DEFAULT, THREE), (NAMED, ONE), (NAMED, TWO), truth=True),
        direct(FULL, (DEFAULT, ONE), (NAMED, ONE), (NAMED, TWO), truth=False),
    ),
    # The protocol's dataset beats FROM: https://www.w3.org/TR/sparql11-protocol/#dataset
    "query_multiple_dataset": (
        get(("query", f"ASK FROM <{TWO}> {{ <{ONE}> a ?type }}"), (DEFAULT, ONE), truth=True),
        form(("query", f"ASK FROM <{ONE}> {{ <{ONE}> a ?type }}"), (DEFAULT, TWO), truth=False),
        direct(f"ASK FROM <{ONE}> {{ <{ONE}> a ?type }}", (DEFAULT, TWO), truth=False),
    ),
    "query_content_type_select": (get(("query", SELECT), types=TABLES),),
    "query_content_type_ask": (get(("query", IN_ONE), types=TRUTHS, truth=True),),
    "query_content_type_describe": (get(("query", f"DESCRIBE <{ONE}>"), types=GRAPHS),),
    "query_content_type_construct": (get(("query", CONSTRUCT), types=GRAPHS),),
    "bad_query_method": (
        Request("PUT", (("query", "ASK {}"),), status=405),
        Request("DELETE", (("query", "ASK {}"),), status=405),
    ),
    "bad_multiple_queries": (
        get(("query", "ASK {}"), ("query", SELECT), status=400),
        form(("query", "ASK {}"), ("query", "ASK {}"), status=400),
        direct("ASK {}", ("query", SELECT), status=400),
    ),
    "bad_query_wrong_media_type": (direct("ASK {}", kind="text/plain", status=415),),
    "bad_query_missing_form_type": (
        Request("POST", body=b"query=ASK%20%7B%7D", status=415),
        Request("POST", body=b"query=ASK%20%7B%7D", kind=DIRECT, status=400),
    ),
    "bad_query_missing_direct_type": (direct("ASK {}", kind=None, status=415),),
    "bad_query_non_utf8": (
        direct('ASK { ?s ?p "é" }'.encode("utf-16"), status=400),
        direct('ASK { ?s ?p "é" }'.encode("latin-1"), status=400),
        Request("POST", body=b"query=ASK%20%7B%3Fs%20%3Fp%20%22%E9%22%7D", kind=FORM, status=400),
    ),
    "bad_query_syntax": (
        get(("query", "ASK"), status=400),
        form(("query", "ASK { ?s ?p }"), status=400),
        direct("SELECT ?x {", status=400),
    ),
    # Updates have no door here, whichever way they knock.
    "update_dataset_default_graph": (
        form(("update", CLEAR), ("using-graph-uri", ONE), status=403),
    ),
    "update_dataset_default_graphs": (
        direct(CLEAR, ("using-graph-uri", ONE), ("using-graph-uri", TWO), kind=UPDATE, status=403),
    ),
    "update_dataset_named_graphs": (
        form(("update", CLEAR), ("using-named-graph-uri", ONE), status=403),
    ),
    "update_dataset_full": (
        form(("update", CLEAR), ("using-graph-uri", ONE), ("using-named-graph-uri", TWO),
             status=403),
    ),
    "update_post_form": (form(("update", CLEAR), status=403),),
    "update_post_direct": (direct(CLEAR, kind=UPDATE, status=403),),
    "update_base_uri": (direct(f"BASE <{ONE}> CLEAR GRAPH <#test>", kind=UPDATE, status=403),),
    "bad_update_get": (get(("update", CLEAR), status=403),),
    "bad_multiple_updates": (form(("update", CLEAR), ("update", CLEAR), status=403),),
    "bad_update_wrong_media_type": (direct(CLEAR, kind="text/plain", status=415),),
    "bad_update_missing_form_type": (Request("POST", body=b"update=CLEAR%20ALL", status=415),),
    "bad_update_non_utf8": (direct(CLEAR.encode("utf-16"), kind=UPDATE, status=403),),
    "bad_update_syntax": (form(("update", "CLEAR XYZ"), status=403),),
    "bad_update_dataset_conflict": (
        form(("update", f"WITH <{ONE}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}"),
             ("using-graph-uri", TWO), status=403),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def address(serve: Serve) -> str:
    return serve({iri: [f"<{iri}> <{RDF.type}> <https://data.example/Thing>"]
                  for iri in (ONE, TWO, THREE)})  # fmt: skip


def send(address: str, request: Request, accept: str | None = None) -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    path = "/sparql" + (f"?{urlencode(request.query, quote_via=quote)}" if request.query else "")
    headers = {"Content-Type": request.kind} if request.kind else {}
    if accept:
        headers["Accept"] = accept
    connection.request(request.method, path, request.body, headers)
    reply = connection.getresponse()
    body = reply.read()
    connection.close()
    return reply.status, reply.headers.get_content_type(), body


def test_every_test_of_the_list_is_here(suites: Path) -> None:
    listed = suite.names("protocol")
    assert len(listed) > 30
    assert set(listed) <= set(REQUESTS)


@pytest.mark.parametrize("name", REQUESTS)
def test_the_protocol_holds(address: str, name: str) -> None:
    for request in REQUESTS[name]:
        status, kind, body = send(address, request)
        assert status == request.status, body
        if status != 200:
            assert len(body.decode().splitlines()) == 1
            continue
        assert not request.types or kind in request.types
        if request.truth is not None:
            assert json.loads(body)["boolean"] is request.truth
    assert send(address, REQUESTS["query_get"][0])[0] == 200


@pytest.mark.parametrize("form_", ["text/turtle", "application/rdf+xml", "application/n-triples",
                                   "application/ld+json", "*/*"])  # fmt: skip
def test_the_service_describes_itself(suites: Path, address: str, form_: str) -> None:
    assert suite.names("service-description") == [
        "has-endpoint-triple", "returns-rdf", "conforms-to-schema"]  # fmt: skip
    status, kind, body = send(address, Request(), accept=form_)
    assert status == 200
    assert form_ in (kind, "*/*")
    graph = Graph().parse(data=body, format=kind)
    (service,) = graph.subjects(RDF.type, SD.Service)
    assert list(graph.subject_objects(SD.endpoint)) == [
        (service, URIRef("http://127.0.0.1:8000/sparql"))]  # fmt: skip
    assert conforms(graph) == []
    sizes = sorted(int(str(size)) for size in graph.objects(None, VOID.triples))
    assert sizes[:3] == [1, 1, 1]


def conforms(graph: Graph) -> list[str]:
    """Statements whose ends are not of the kinds that the vocabulary's schema gives them."""
    ranges = {
        SD.endpoint: (SD.Service, None), SD.feature: (SD.Service, None),
        SD.defaultEntailmentRegime: (SD.Service, None), SD.resultFormat: (SD.Service, None),
        SD.inputFormat: (SD.Service, None), SD.supportedLanguage: (SD.Service, None),
        SD.defaultDataset: (SD.Service, SD.Dataset),
        SD.availableGraphs: (SD.Service, SD.GraphCollection),
        SD.defaultGraph: (SD.Dataset, SD.Graph), SD.namedGraph: (None, SD.NamedGraph),
        SD.name: (SD.NamedGraph, None), SD.graph: (SD.NamedGraph, SD.Graph),
    }  # fmt: skip
    wrong, seen = [], 0
    for s, p, o in graph:
        if not str(p).startswith(str(SD)):
            continue
        seen += 1
        if p not in ranges:
            wrong.append(f"unknown property {p}")
            continue
        domain, range_ = ranges[URIRef(p)]
        if domain and (s, RDF.type, domain) not in graph:
            wrong.append(f"{s} of {p} is no {domain}")
        if range_ and (o, RDF.type, range_) not in graph:
            wrong.append(f"{o} of {p} is no {range_}")
        if not isinstance(o, URIRef) and range_ is None:
            wrong.append(f"{o} of {p} is no IRI")
    return wrong if seen else ["nothing said"]
