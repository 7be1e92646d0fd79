"""An endpoint that lies, stalls, floods and cuts: one plain line within the deadline."""

from __future__ import annotations

import http.server
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from partnering.errors import (
    EngineUnavailable,
    QueryError,
    QuerySyntax,
    QueryTimeout,
    QueryTooLarge,
    WrongUse,
)
from partnering.store.base import select
from partnering.store.remote import RemoteEngine
from partnering.store.signing import Auth

ALL = "SELECT * { ?s ?p ?o }"
JSON = "application/sparql-results+json"
ROW = b'{"x":{"type":"uri","value":"http://e/a"}}'
ONE = b'{"head":{"vars":["x"]},"results":{"bindings":[' + ROW + b"]}}"
SQUEEZED = b"\x1f\x8b\x08\x00"

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
