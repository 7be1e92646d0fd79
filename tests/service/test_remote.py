from __future__ import annotations

import http.server
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.service import engines

from partnering.errors import (
    EngineUnavailable,
    QueryError,
    QueryRefused,
    QuerySyntax,
    QueryTimeout,
    QueryTooLarge,
    WrongUse,
)
from partnering.store.base import ask, construct, select
from partnering.store.embedded import EmbeddedEngine
from partnering.store.remote import RemoteEngine
from partnering.store.signing import Auth
from partnering.store.writer import Addresses, Writer

ALL = "SELECT * { ?s ?p ?o }"
JSON = "application/sparql-results+json"
ROW = b'{"x":{"type":"uri","value":"http://e/a"}}'
ONE = b'{"head":{"vars":["x"]},"results":{"bindings":[' + ROW + b"]}}"
SQUEEZED = b"\x1f\x8b\x08\x00"

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


# A lying server

Lie = Callable[[http.server.BaseHTTPRequestHandler], None]


def say(
    body: bytes = ONE,
    status: int = 200,
    kind: str | None = JSON,
    length: int | None = None,
    **headers: str,
) -> Lie:
    def lie(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        if kind:
            handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        if length != -1:
            handler.send_header("Content-Length", str(len(body) if length is None else length))
        handler.end_headers()
        handler.wfile.write(body)

    return lie


def stall(handler: http.server.BaseHTTPRequestHandler) -> None:
    time.sleep(3)


def stall_in_body(handler: http.server.BaseHTTPRequestHandler) -> None:
    say(ONE[:20], length=len(ONE))(handler)
    time.sleep(3)


def drip(start: bytes) -> Lie:
    """A byte now and then: no single read ever takes long."""

    def lie(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.wfile.write(start)
        for _ in range(60):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)

    return lie


def flood(start: bytes, piece: bytes) -> Lie:
    def lie(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.wfile.write(start)
        end = time.monotonic() + 5
        while time.monotonic() < end:
            handler.wfile.write(piece)

    return lie


HEAD = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\n".encode()
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def cut_chunks(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.wfile.write(CHUNKED + b"20\r\n" + ONE[:32] + b"\r\n")


def deep(opening: str, closing: str, times: int = 50_000) -> bytes:
    return (opening * times + closing * times).encode()


def in_a_cell(cell: bytes) -> bytes:
    return ONE.replace(ROW, b'{"x":' + cell + b"}")


LIES: dict[str, tuple[Lie, type[QueryError]]] = {
    "stalls before it answers": (stall, QueryTimeout),
    "stalls in the body": (stall_in_body, QueryTimeout),
    "drips its status": (drip(b"HTTP/1.1 200 "), QueryTimeout),
    "drips its headers": (drip(b"HTTP/1.1 200 OK\r\nX: "), QueryTimeout),
    "drips its body": (drip(HEAD + b"\r\n"), QueryTimeout),
    "floods": (flood(HEAD + b"\r\n", b"x" * 65_536), QueryTooLarge),
    "floods in chunks": (flood(CHUNKED, b"10000\r\n" + b"x" * 65_536 + b"\r\n"), QueryTooLarge),
    "floods a header": (flood(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 65_536), EngineUnavailable),
    "floods headers": (flood(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 999), EngineUnavailable),
    "says go on for ever": (flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), QueryTimeout),
    "hangs up": (lambda handler: None, EngineUnavailable),
    "redirects": (say(b"", 302, Location="http://169.254.169.254/"), EngineUnavailable),
    "redirects a post": (say(b"", 307, Location="/elsewhere"), EngineUnavailable),
    "redirects to a file": (say(b"", 303, Location="file:///etc/passwd"), EngineUnavailable),
    "cuts by length": (say(ONE, length=len(ONE) + 50), EngineUnavailable),
    "cuts a chunk": (cut_chunks, EngineUnavailable),
    "cuts without a length": (say(ONE[:-9], length=-1), EngineUnavailable),
    "answers HTML": (say(b"<html>please log in</html>", kind="text/html"), EngineUnavailable),
    "answers HTML as JSON": (say(b"<html>"), EngineUnavailable),
    "answers no type": (say(kind=None), EngineUnavailable),
    "answers nothing": (say(b""), EngineUnavailable),
    "answers a truth value": (say(b'{"head":{},"boolean":true}'), EngineUnavailable),
    "answers another JSON": (say(b'{"rows":[1]}'), EngineUnavailable),
    "answers a list": (say(b"[]"), EngineUnavailable),
    "answers half a character": (say(ONE.replace(b"/a", b"/\xff")), EngineUnavailable),
    "nests arrays": (say(deep("[", "]")), EngineUnavailable),
    "nests triples": (
        say(in_a_cell(deep('{"type":"triple","value":{"subject":', "}}", 10_000))),
        EngineUnavailable,
    ),
    "answers in RDF 1.2": (say(in_a_cell(b'{"type":"triple","value":{}}')), QueryError),
    "compresses": (say(SQUEEZED, Content_Encoding="gzip"), EngineUnavailable),
    "ran out of time, with 200": (say(X_SQL_State="S1TAT"), QueryTimeout),
    "cut the rows, with 200": (say(X_SPARQL_MaxRows="10000"), QueryTooLarge),
    "refuses the query": (say(b"Parse error\x1b[31m at line 1", 400, "text/plain"), QuerySyntax),
    "wants a name": (say(b"", 401, WWW_Authenticate='Basic realm="x"'), EngineUnavailable),
    "forbids": (say(b"", 403), EngineUnavailable),
    "is not there": (say(b"", 404), EngineUnavailable),
    "fails": (
        say(b"java.lang.NullPointerException\n\tat a.b(C.java)\n" * 99, 500),
        EngineUnavailable,
    ),
    "is overloaded": (say(b"", 503), EngineUnavailable),
    "ran out of time, with 500": (
        say(b"Virtuoso S1T00 Error SR171: Transaction timed out", 500, "text/plain"),
        QueryTimeout,
    ),
    "timed out behind a proxy": (say(b"", 504), QueryTimeout),
}


class Liar:
    """A threaded server on loopback that does what the test says."""

    def __init__(self) -> None:
        self.lie: Lie = say()
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        liar = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                liar.asked.append((self.path, dict(self.headers), body))
                liar.lie(self)

            do_PUT = do_POST
            do_GET = do_POST

            def log_message(self, *_: object) -> None: ...

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:
                    self.close_connection = True

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None: ...

        self.server = Server(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/sparql"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


@pytest.fixture(scope="module")
def liar() -> Iterator[Liar]:
    liar = Liar()
    yield liar
    liar.server.shutdown()
    liar.server.server_close()


def lied_to(liar: Liar, lie: Lie, **settings: object) -> RemoteEngine:
    liar.lie = lie
    liar.asked.clear()
    options = {"timeout": 0.5, "max_bytes": 1 << 20, "graphs": ["http://e/g"], **settings}
    return RemoteEngine(liar.address, **options)  # type: ignore[arg-type]


def test_the_liar_can_tell_the_truth(liar: Liar) -> None:
    """Without this, the refusals below would prove nothing."""
    assert len(select(lied_to(liar, say()), ALL)) == 1
    _, headers, body = liar.asked[0]
    assert headers["Accept"] == JSON
    assert b"FROM+%3Chttp%3A//e/g%3E+FROM+NAMED+%3Chttp%3A//e/g%3E" in body


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_one_plain_line_within_the_deadline(liar: Liar, name: str) -> None:
    lie, expected = LIES[name]
    engine = lied_to(liar, lie)
    started = time.monotonic()
    with pytest.raises(expected) as caught:
        engine.execute(ALL)
    assert time.monotonic() - started < 2.5
    assert type(caught.value) is expected
    assert caught.value.message.isprintable()
    assert 10 < len(caught.value.message) < 300
    assert len(liar.asked) == 1, "no redirect and no second try"


@pytest.mark.parametrize(
    "body",
    [
        b"<http://e/a> <http://e/p> ",
        b"<html>",
        b"<http://e/a> <http://e/p> " + deep("<<( <http://e/s> <http://e/p> ", ")>> ") + b".",
        b'<http://e/a> <http://e/p> "<<(" , <<( .',
    ],
)
def test_a_lie_about_a_graph_is_refused(liar: Liar, body: bytes) -> None:
    engine = lied_to(liar, say(body, kind="application/n-triples"), max_bytes=1 << 24)
    with pytest.raises(QueryError):
        engine.execute("DESCRIBE <http://e/a>", media_type="ttl")


def test_more_rows_than_may_be_are_too_many(liar: Liar) -> None:
    body = b'{"head":{"vars":["x"]},"results":{"bindings":[' + b",".join([ROW] * 11) + b"]}}"
    assert len(select(lied_to(liar, say(body), max_rows=11), ALL)) == 11
    with pytest.raises(QueryTooLarge, match="10 rows"):
        lied_to(liar, say(body), max_rows=10).execute(ALL)


def test_nobody_there_is_said_plainly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(EngineUnavailable, match="cannot be reached"):
        RemoteEngine(f"http://127.0.0.1:{port}/", graphs=[]).execute("ASK {}")


def test_strangers_are_not_told_where_the_engine_is(
    liar: Liar, caplog: pytest.LogCaptureFixture
) -> None:
    for lie in (say(b"", 404), say(b"", 302, Location="http://10.1.2.3/"), stall):
        caplog.clear()
        with pytest.raises(QueryError) as caught:
            lied_to(liar, lie).execute(ALL)
        assert caught.value.where == "the remote engine"
        assert "127.0.0.1" not in str(caught.value)
        assert "10.1.2.3" not in str(caught.value)
        if isinstance(caught.value, EngineUnavailable):
            assert liar.address in caplog.text


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://e/", "e:7878/query", "//e/"])
def test_only_http_addresses_are_endpoints(address: str) -> None:
    with pytest.raises(WrongUse, match="not an http or https address"):
        RemoteEngine(address)


# Signing in


def guarded(scheme: str) -> Lie:
    def lie(handler: http.server.BaseHTTPRequestHandler) -> None:
        shown = handler.headers.get("Authorization", "")
        if not shown.startswith(scheme):
            challenge = f'{scheme} realm="SPARQL", nonce="n0nce", qop="auth", algorithm="MD5"'
            say(b"", 401, WWW_Authenticate=challenge)(handler)
        else:
            say()(handler)

    return lie


@pytest.mark.parametrize("scheme", ["basic", "digest"])
def test_basic_and_digest_let_us_in(liar: Liar, scheme: str) -> None:
    auth = Auth("dba", "secret", scheme)  # type: ignore[arg-type]
    engine = lied_to(liar, guarded(scheme.title()), auth=auth)
    assert len(select(engine, ALL)) == 1
    assert "secret" not in repr(auth)
    assert "secret" not in json.dumps([headers for _, headers, _ in liar.asked])


def test_a_refused_password_is_said_and_not_tried_again_and_again(liar: Liar) -> None:
    lie = say(b"", 401, WWW_Authenticate='Digest realm="x", nonce="y", qop="auth"')
    with pytest.raises(EngineUnavailable, match="does not let us in"):
        lied_to(liar, lie, auth=Auth("dba", "wrong", "digest")).execute(ALL)
    assert len(liar.asked) <= 7
