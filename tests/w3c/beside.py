"""The W3C counts of this service beside those of other servers, in one run, as a table.

    python -m tests.w3c.beside [RDFLIB_ENDPOINT]

The engine is also called with no service before it, where a test needs none. ``oxigraph serve``
comes from the wheel that tests use anyway. rdflib-endpoint is no dependency of ours: install it
elsewhere (``rdflib-endpoint[cli]``) and name its program. A server that cannot do what a test needs (a
dataset in the request, several files as graphs) simply fails it. Tests of updates are left out,
since two of the three refuse updates on purpose.
"""

from __future__ import annotations

import contextlib
import http.client
import logging
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pyoxigraph as ox
from partnering.webui import create_app
from partnering.webui.serving.server import listen
from rdflib import Graph
from rdflib.namespace import RDF
from tests.service import engines
from tests.w3c import suite, test_evaluation, test_protocol
from tests.w3c.suite import Case

from partnering.knowledge import KnowledgeGraph
from partnering.pipeline.publish import Index
from partnering.pipeline.sheets import Part
from partnering.service import Service
from partnering.store import gate
from partnering.store.readers import ReaderPool
from partnering.workspace import locate

Graphs = dict[str, list[str]]
"""N-Triples without their dots, by graph."""


def lines(graphs: Graphs) -> str:
    return "".join(f"{t} <{g}> .\n" for g, ts in graphs.items() for t in ts)


@contextlib.contextmanager
def ours(graphs: Graphs) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.nq"
        path.write_text(lines(graphs), "utf-8")
        parts = tuple(Part(g, path.name, "", len(ts)) for g, ts in graphs.items())
        with ReaderPool(path, readers=2) as pool:
            index = Index.elsewhere("w3c", "", parts, Path(folder))
            server = listen("127.0.0.1", 0)
            server.application = create_app(
                Service(KnowledgeGraph(pool.own, locate(), index), pool)
            )
            threading.Thread(target=server.run, daemon=True).start()
            yield f"http://127.0.0.1:{server.effective_port}/sparql"


@contextlib.contextmanager
def oxigraph(graphs: Graphs) -> Iterator[str]:
    with engines.oxigraph() as running:
        store = running.endpoint.replace("/query", "/store")
        asked = urllib.request.Request(
            store, lines(graphs).encode(), {"Content-Type": "application/n-quads"}, method="POST"
        )
        urllib.request.urlopen(asked).close()
        yield running.endpoint


def rdflib_endpoint(program: str):  # type: ignore[no-untyped-def]
    @contextlib.contextmanager
    def running(graphs: Graphs) -> Iterator[str]:
        port = engines.free_port()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "all.nq"
            path.write_text(lines(graphs), "utf-8")
            command = [program, "serve", "--host", "127.0.0.1", "--port", str(port), str(path)]
            server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            with engines._stopped(server):
                address = f"http://127.0.0.1:{port}/"
                engines._wait(server, f"{address}?query=ASK%7B%7D")
                yield address

    return running


def send(
    endpoint: str, request: test_protocol.Request, accept: str | None = None
) -> tuple[int, str, bytes]:
    place = urlsplit(endpoint)
    connection = http.client.HTTPConnection(place.netloc, timeout=30)
    query = f"?{urlencode(request.query, quote_via=quote)}" if request.query else ""
    headers = {"Content-Type": request.kind} if request.kind else {}
    headers |= {"Accept": accept} if accept else {}
    connection.request(request.method, place.path + query, request.body, headers)
    reply = connection.getresponse()
    found = reply.status, reply.headers.get_content_type(), reply.read()
    connection.close()
    return found


def protocol(serve) -> tuple[int, int]:  # type: ignore[no-untyped-def]
    """Tests passed of those that ask; any refusal of the right class counts."""
    names = [
        n for n in test_protocol.REQUESTS if n.startswith(("query_", "bad_")) and "update" not in n
    ]
    data = {iri: [f"<{iri}> <{RDF.type}> <https://data.example/Thing>"]
            for iri in (test_protocol.ONE, test_protocol.TWO, test_protocol.THREE)}  # fmt: skip
    with serve(data) as endpoint:
        return sum(all(_holds(endpoint, r) for r in test_protocol.REQUESTS[n]) for n in names), len(
            names
        )


def _holds(endpoint: str, request: test_protocol.Request) -> bool:
    try:
        accept = "application/sparql-results+json" if request.truth is not None else None
        status, kind, body = send(endpoint, request, accept)
        if request.status != 200:
            return 400 <= status < 500
        if status != 200 or (request.types and kind not in request.types):
            return False
        return request.truth is None or (b"true" in body.lower()) is request.truth
    except (OSError, http.client.HTTPException):
        return False


def description(serve) -> tuple[int, int]:  # type: ignore[no-untyped-def]
    """Returns RDF, names an endpoint, conforms to the vocabulary's own schema."""
    with serve({"https://data.example/one": ["<a:a> <a:b> <a:c>"]}) as endpoint:
        try:
            status, kind, body = send(endpoint, test_protocol.Request(), "text/turtle")
            graph = Graph().parse(data=body, format=kind) if status == 200 else Graph()
        except Exception:
            graph = Graph()
        named = bool(list(graph.subject_objects(test_protocol.SD.endpoint)))
        return sum((len(graph) > 0, named, named and not test_protocol.conforms(graph))), 3


def evaluation(serve) -> tuple[int, int]:  # type: ignore[no-untyped-def]
    cases = suite.cases(suite.EVALUATION)
    iris = {iri for case in cases for iri in test_evaluation.graphs_of(case)}
    full = {iri: [str(t) for t in suite.triples(iri)] for iri in sorted(iris)}
    full = {iri: triples for iri, triples in full.items() if triples}
    with serve(full) as endpoint, serve({}) as empty:

        def run(case: Case) -> tuple[str, bytes]:
            fields = [("query", case.query)]
            fields += [("default-graph-uri", iri) for iri in case.default_graphs if iri in full]
            fields += [("named-graph-uri", iri) for iri in case.named_graphs if iri in full]
            bare = len(fields) == 1 and not gate.survey(case.query).datasets
            request = test_protocol.form(*fields)
            accept = test_evaluation.media_type(case)
            try:
                status, kind, body = send(empty if bare else endpoint, request, accept)
            except (OSError, http.client.HTTPException) as error:
                raise test_evaluation.Failed from error
            if status != 200:
                raise test_evaluation.Failed(body[:200].decode("utf-8", "replace"))
            return kind, body

        passed = 0
        for case in cases:
            with contextlib.suppress(Exception):
                passed += test_evaluation.passes(case, run)
    return passed, len(cases)


def syntax(serve) -> tuple[int, int]:  # type: ignore[no-untyped-def]
    right = seen = 0
    accept = "application/n-triples, application/sparql-results+json"
    cases = [(c, True) for c in suite.cases(suite.POSITIVE)]
    cases += [(c, False) for c in suite.cases(suite.NEGATIVE)]
    iris = {iri for case, wanted in cases if wanted for iri in test_evaluation.graphs_of(case)}
    with serve({iri: ["<urn:x:s> <urn:x:p> <urn:x:o>"] for iri in iris}) as endpoint:
        for case, wanted in cases:
            seen += 1
            with contextlib.suppress(OSError, http.client.HTTPException):
                status, _, body = send(endpoint, test_protocol.form(("query", case.query)), accept)
                right += (status == 200 or b"custom function" in body) is wanted
    return right, seen


def called() -> dict[str, str]:
    """The engine without a service: what it is asked to evaluate and to read."""
    cases = suite.cases(suite.EVALUATION)
    passed = sum(test_evaluation.passes(case, test_evaluation.directly) for case in cases)
    wanted = {True: suite.cases(suite.POSITIVE), False: suite.cases(suite.NEGATIVE)}
    right = sum(_reads(case.query) is good for good, held in wanted.items() for case in held)
    seen = sum(map(len, wanted.values()))
    return {EVALUATED: f"{passed} of {len(cases)}", READ: f"{right} of {seen}"}


def _reads(query: str) -> bool:
    try:
        ox.Store().query(query)
    except (SyntaxError, RuntimeError) as error:
        return "custom function" in str(error)
    return True


EVALUATED, READ = "query evaluation", "query syntax"


def main(arguments: list[str]) -> None:
    """Print the table."""
    servers = {"partnering": ours, "oxigraph serve": oxigraph}
    if arguments:
        servers["rdflib-endpoint"] = rdflib_endpoint(arguments[0])
    # The suites hold values that their types forbid; rdflib tells a trace of each.
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    columns = [*servers, "pyoxigraph, called"]
    print("| W3C tests | ", " | ".join(columns), " |\n|---|", "---|" * len(columns), sep="")
    alone = called()
    for name, count in (("protocol: query and bad query", protocol), ("service description", description),
                        (EVALUATED, evaluation), (READ, syntax)):  # fmt: skip
        cells = []
        for serve in servers.values():
            passed, seen = count(serve)
            cells.append(f"{passed} of {seen}")
        cells.append(alone.get(name, "—"))
        print(f"| {name} |", " | ".join(cells), "|", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
