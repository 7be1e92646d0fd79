"""The SPARQL 1.1 Protocol at ``/sparql``, spoken to a live server process.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from rdflib import Dataset, Graph, URIRef
from rdflib.namespace import RDF
from tests.service.live import Server, start

SD = "http://www.w3.org/ns/sparql-service-description#"
SELECT = (
    "SELECT ?c WHERE { ?c a <http://www.w3.org/2004/02/skos/core#Concept> } ORDER BY ?c LIMIT 3"
)
ASK = "ASK { ?s ?p ?o }"
CONSTRUCT = (
    "CONSTRUCT { ?c a <http://e/C> } WHERE { ?c a <http://www.w3.org/2002/07/owl#Class> } LIMIT 3"
)
DESCRIBE = "DESCRIBE <https://w3id.org/partnering/ontology#CaseStudy>"
SLOW = (
    "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (?a != ?d && ?d != ?g) }"
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the shipped ontology and vocabularies and no cases: quick to build."""
    root = tmp_path_factory.mktemp("workspace")
    (root / "partnering.yaml").write_text("base: shipped\ncases: false\n", "utf-8")
    return root


@pytest.fixture(scope="module")
def server(workspace: Path) -> Iterator[Server]:
    running = start(workspace, "--base-url", "https://evidence.example")
    yield running
    running.process.terminate()
    running.process.wait(20)


def test_three_ways_to_ask_give_one_answer(server: Server) -> None:
    by_get = server.get(query=SELECT)
    form = server.ask(
        "POST", body=urlencode({"query": SELECT}),
        Content_Type="application/x-www-form-urlencoded",
    )  # fmt: skip
    direct = server.ask("POST", body=SELECT, Content_Type="application/sparql-query")
    assert by_get.status == form.status == direct.status == 200
    assert by_get.body == form.body == direct.body
    assert by_get.kind == "application/sparql-results+json"
    assert len(json.loads(by_get.body)["results"]["bindings"]) == 3


def test_an_address_with_a_slash_at_its_end_answers_as_the_one_without(server: Server) -> None:
    json_only = "application/sparql-results+json"
    found = server.get(json_only, path="/sparql/", query=SELECT)
    assert (found.status, found.body) == (200, server.get(json_only, query=SELECT).body)
    wrong = server.get(path="/sparql/", query="SELECT ?s {")
    assert (wrong.status, wrong.body) == (400, server.get(query="SELECT ?s {").body)


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("application/sparql-results+json", "json"),
        ("application/sparql-results+xml", "xml"),
        ("text/csv", "csv"),
        ("text/tab-separated-values", "tsv"),
    ],
)
@pytest.mark.parametrize("query", [SELECT, ASK])
def test_results_in_every_form(server: Server, accept: str, name: str, query: str) -> None:
    negotiated = server.get(accept, query=query)
    assert (negotiated.status, negotiated.kind) == (200, accept)
    named = server.get("text/csv;q=0.1", query=query, format=name)
    assert (named.kind, named.body) == (accept, negotiated.body)


@pytest.mark.parametrize(
    ("accept", "name", "reads"),
    [
        ("text/turtle", "ttl", "turtle"),
        ("application/n-triples", "nt", "nt"),
        ("application/ld+json", "jsonld", "json-ld"),
        ("application/rdf+xml", "rdfxml", "xml"),
        ("application/trig", "trig", "trig"),
        ("application/n-quads", "nq", "nquads"),
    ],
)
@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE])
def test_graphs_in_every_form(
    server: Server, accept: str, name: str, reads: str, query: str
) -> None:
    negotiated = server.get(accept, query=query)
    assert (negotiated.status, negotiated.kind) == (200, accept)
    data = Dataset()
    data.parse(data=negotiated.body, format=reads)
    assert len(list(data.quads())) >= 3
    assert server.get(query=query, format=name).kind == accept


def test_negotiation_weighs_what_is_asked(server: Server) -> None:
    both = "text/csv;q=0.4, application/sparql-results+xml;q=0.9"
    assert server.get(both, query=SELECT).kind == "application/sparql-results+xml"
    assert server.get("*/*", query=SELECT).kind == "application/sparql-results+json"
    assert server.get("*/*", query=CONSTRUCT).kind == "text/turtle"
    assert server.get("application/json", query=ASK).kind == "application/sparql-results+json"
    assert "Accept" in server.get(query=ASK).headers["Vary"]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/csv; charset=utf-8", "text/csv"),
        ("TEXT/CSV;header=present;q=0.5", "text/csv"),
        ("application/sparql-results+json;version=1.2", "application/sparql-results+json"),
        ("text/*", "text/csv"),
        ("text/xml", "application/sparql-results+xml"),
    ],
)
def test_a_wish_with_a_parameter_or_for_any_text_is_understood(
    server: Server, accept: str, kind: str
) -> None:
    assert server.get(accept, query=SELECT).kind == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("turtle", "text/turtle"),
        ("ntriples", "application/n-triples"),
        ("json", "application/ld+json"),
        ("rdf", "application/rdf+xml"),
        ("xml", "application/rdf+xml"),
        ("nquads", "application/n-quads"),
    ],
)
def test_a_graph_goes_by_the_names_people_use(server: Server, name: str, kind: str) -> None:
    assert server.get(query=CONSTRUCT, format=name).kind == kind


def test_a_method_that_is_not_answered_is_told_those_that_are(server: Server) -> None:
    for method in ("PUT", "DELETE", "PATCH", "TRACE"):
        answer = server.ask(method)
        assert answer.status == 405
        assert answer.headers["Allow"] == "GET, HEAD, POST, OPTIONS"


def test_what_is_not_on_offer_is_406_with_what_is(server: Server) -> None:
    for answer in (server.get("image/png", query=SELECT), server.get(query=SELECT, format="ttl")):
        assert answer.status == 406
        assert "text/csv (format=csv)" in answer.line
    assert "text/turtle (format=ttl)" in server.get("text/csv", query=CONSTRUCT).line


def test_datasets_are_what_the_request_says(server: Server) -> None:
    everywhere = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    named = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"

    def count(**given: str) -> int:
        reply = json.loads(server.get(query=everywhere, **given).body)
        return int(reply["results"]["bindings"][0]["n"]["value"])

    graphs = [
        one["g"]["value"] for one in json.loads(server.get(query=named).body)["results"]["bindings"]
    ]
    assert len(graphs) > 3
    some = count(**{"default-graph-uri": graphs[0]})
    assert 0 < some < count()
    only = server.get(query=named, **{"named-graph-uri": graphs[1]})
    assert [row["g"]["value"] for row in json.loads(only.body)["results"]["bindings"]] == [
        graphs[1]
    ]
    assert count(**{"named-graph-uri": graphs[1]}) == 0
    unknown = server.get(query=everywhere, **{"default-graph-uri": "http://elsewhere.example/g"})
    assert unknown.status == 400
    assert "nothing is fetched" in unknown.line


def test_a_bare_get_describes_the_service(server: Server) -> None:
    for accept, reads in (
        ("text/turtle", "turtle"),
        ("application/rdf+xml", "xml"),
        ("*/*", "turtle"),
    ):
        answer = server.get(accept)
        assert answer.status == 200
        graph = Graph().parse(data=answer.body, format=reads)
        (service,) = graph.subjects(RDF.type, URIRef(f"{SD}Service"))
        assert graph.value(service, URIRef(f"{SD}endpoint")) == URIRef(
            "https://evidence.example/sparql"
        )
        assert (None, URIRef(f"{SD}feature"), URIRef(f"{SD}UnionDefaultGraph")) in graph
        assert len(list(graph.objects(service, URIRef(f"{SD}resultFormat")))) == 10
        assert len(list(graph.subjects(RDF.type, URIRef(f"{SD}NamedGraph")))) > 3


def test_people_are_shown_to_the_editor(server: Server) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert server.get(browser).headers["Location"] == "/query"
    asked = server.get(browser, query=ASK)
    assert asked.status == 303
    assert asked.headers["Location"].startswith("/query?query=ASK")
    assert server.get(browser, query=ASK, format="json").status == 200


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT ?x WHERE { ?x ?y }", "line 1, column"),
        ("SELECT * { ?s ptn:summary ?x }", "PREFIX ptn: <https://w3id.org/partnering/ontology#>"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE"),
        ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", "nothing is fetched"),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", "only read"),
        ("SELECT (" + "(" * 200 + "1" + ")" * 200 + " AS ?x) {}", "bracket"),
        ("", "SELECT, ASK, CONSTRUCT or DESCRIBE"),
    ],
)
def test_bad_queries_are_400_and_say_why_in_one_line(server: Server, query: str, said: str) -> None:
    answer = server.ask("GET", "/sparql?query=" + quote(query))
    assert answer.status == 400
    assert answer.kind == "text/plain"
    assert said in answer.line
    told = server.get("application/json", query=query)
    assert told.status == 400
    assert said in " ".join(str(value) for value in json.loads(told.body).values())


@pytest.mark.parametrize(
    ("status", "method", "path", "body", "kind"),
    [
        (400, "GET", f"/sparql?query={quote(ASK)}&query={quote(ASK)}", None, None),
        (400, "POST", "/sparql", "", "application/x-www-form-urlencoded"),
        (400, "POST", f"/sparql?query={quote(ASK)}", ASK, "application/sparql-query"),
        (400, "POST", "/sparql", b"ASK { ?s ?p '\xff' }", "application/sparql-query"),
        (400, "GET", "/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%27%FF%27%20%7D", None, None),
        (403, "POST", "/sparql", "update=CLEAR+ALL", "application/x-www-form-urlencoded"),
        (403, "POST", "/sparql", "CLEAR ALL", "application/sparql-update"),
        (403, "GET", "/sparql?update=CLEAR+ALL", None, None),
        (405, "PUT", "/sparql", ASK, "application/sparql-query"),
        (405, "DELETE", "/sparql", None, None),
        (413, "POST", "/sparql", "#" * 220_000, "application/sparql-query"),
        (413, "POST", "/sparql", "#" * 900_000, "application/sparql-query"),
        (415, "POST", "/sparql", ASK, "text/plain"),
        (415, "POST", "/sparql", ASK, None),
    ],
)
def test_misuse_has_its_own_status(
    server: Server, status: int, method: str, path: str, body: str | bytes | None, kind: str | None
) -> None:
    headers = {"Content_Type": kind} if kind else {}
    answer = server.ask(method, path, body, **headers)
    assert answer.status == status
    assert b"Traceback" not in answer.body
    if status == 405:
        assert "GET" in answer.headers["Allow"]


def test_bodies_must_say_their_length_and_be_plain(server: Server) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    chunked = head + b"Transfer-Encoding: chunked\r\n\r\n3\r\nASK\r\n0\r\n\r\n"
    assert b"411" in server.raw(chunked)
    assert b"411" in server.raw(head + b"Connection: close\r\n\r\n")
    zipped = server.ask(
        "POST", body=b"\x1f\x8b", Content_Type="application/sparql-query", Content_Encoding="gzip"
    )
    assert zipped.status == 415


def test_anyone_may_read_from_any_page(server: Server) -> None:
    for answer in (
        server.get(query=ASK),
        server.get(query="nonsense"),
        server.ask("OPTIONS", Origin="https://x.example", Access_Control_Request_Method="POST"),
    ):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
    assert server.ask("OPTIONS").status == 204
    assert "POST" in server.ask("OPTIONS").headers["Access-Control-Allow-Methods"]


def test_an_answer_is_guarded_as_every_page_is(server: Server) -> None:
    of_its_own = {"Content-Type", "Content-Length", "Date", "Cache-Control"}
    answer, described = (
        {name: value for name, value in found.headers.items() if name not in of_its_own}
        for found in (server.get(query=ASK), server.get())
    )
    assert answer == {k: v for k, v in described.items() if k != "ETag"}
    assert len(answer) >= 7
    assert "Content-Security-Policy" in answer


def test_head_gives_the_headers_alone(server: Server) -> None:
    answer = server.ask("HEAD", "/sparql?" + urlencode({"query": SELECT}))
    assert (answer.status, answer.body) == (200, b"")
    assert answer.kind == "application/sparql-results+json"


@pytest.mark.slow
def test_a_query_past_its_deadline_is_503_and_others_go_on(server: Server) -> None:
    begun = time.monotonic()
    answer = server.get(query=SLOW)
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) >= 1
    assert "seconds" in answer.line
    assert time.monotonic() - begun < 20
    assert server.get(query=ASK).status == 200
    assert json.loads(server.get(path="/healthz").body)["status"] == "ok"


def test_the_port_of_another_is_a_plain_error(server: Server, workspace: Path) -> None:
    command = [sys.executable, "-c", "from partnering.cli import main; main()", "serve"]
    taken = subprocess.run(
        [*command, "--workspace", str(workspace), "--port", str(server.port)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert taken.returncode == 3
    assert "choose another port" in taken.stderr
    assert "Traceback" not in taken.stderr


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_it_leaves_no_process_behind(workspace: Path, by: signal.Signals) -> None:
    running = start(workspace)
    children = _descendants(running.process.pid)
    assert len(children) >= 2
    running.process.send_signal(by)
    assert running.process.wait(20) == 0
    deadline = time.monotonic() + 5
    while any(_alive(pid) for pid in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [pid for pid in children if _alive(pid)] == []


def test_a_failed_check_keeps_the_last_good_index_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "partnering.yaml").write_text("base: shipped\ncases: false\n", "utf-8")
    first = start(tmp_path)
    good = json.loads(first.get(path="/healthz").body)
    first.process.terminate()
    first.process.wait(20)
    (tmp_path / "data" / "cases").mkdir(parents=True)
    (tmp_path / "data" / "cases" / "case-x.ttl").write_text("this is no turtle\n", "utf-8")
    again = start(tmp_path)
    health = json.loads(again.get(path="/healthz").body)
    page = again.get("text/html", path="/about").body.decode()
    again.process.terminate()
    again.process.wait(20)
    assert (health["status"], health["snapshot"]) == ("stale", good["snapshot"])
    assert "case-x.ttl" in health["why_stale"]
    assert "not up to date" in page
    assert "case-x.ttl" in page


def _descendants(pid: int) -> list[int]:
    found: list[int] = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        found += [int(child), *_descendants(int(child))]
    return found


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
