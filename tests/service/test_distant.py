"""``serve --endpoint`` over an engine that lies: one plain line within the deadline."""

from __future__ import annotations

import http.server
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from partnering.webui import create_app
from tests.conftest import REPOSITORY

import partnering
from partnering import distant
from partnering.cli import main
from partnering.errors import EngineUnavailable
from partnering.pushed import MARKER, Pushed
from partnering.store.remote import RemoteEngine

Handler = http.server.BaseHTTPRequestHandler
PAGES = ("/", "/questions/what-helped?case=case-b", "/cases/case-a", "/factors")


def rows(*found: dict[str, str]) -> bytes:
    cells = [{n: {"type": "literal", "value": v} for n, v in row.items()} for row in found]
    names = list(found[0]) if found else []
    return json.dumps({"head": {"vars": names}, "results": {"bindings": cells}}).encode()


class Engine:
    """A server that holds a pushed store, as far as it is asked for that, and else does harm."""

    def __init__(self) -> None:
        self.pushed = Pushed("one", at="2026-11-28T12:00:00+00:00", by="first",
                             parts={"http://e/g": ("digest", 1)})  # fmt: skip
        self.harm: Callable[[Handler], None] = lambda handler: None
        engine = self

        class Answering(Handler):
            def do_POST(self) -> None:
                asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
                if "graph/pushed" in asked and "GRAPH" not in asked:
                    told = [line.rstrip(" .").split(" ", 2) for line in
                            engine.pushed.triples().decode().splitlines()]  # fmt: skip
                    self.say(rows(*({"s": s[1:-1], "p": p[1:-1], "o": o.strip('"')}
                                    for s, p, o in told)))  # fmt: skip
                elif "GROUP+BY+%3Fg" in asked:
                    self.say(
                        rows({"g": "http://e/g", "triples": "1"}, {"g": MARKER, "triples": "4"})
                    )
                elif "ASK+%7B%7D" in asked:
                    self.say(b'{"head":{},"boolean":true}')
                else:
                    engine.harm(self)

            def say(self, body: bytes, status: int = 200, **more: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/sparql-results+json")
                self.send_header("Content-Length", str(len(body)))
                for name, value in more.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/sparql"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


@pytest.fixture
def engine() -> Iterator[Engine]:
    found = Engine()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERING_CACHE", str(tmp_path))


HARM: dict[str, tuple[Callable[[Handler], None], int]] = {
    "hangs": (lambda handler: time.sleep(30), 503),
    "hangs up": (lambda handler: handler.connection.close(), 502),
    "floods": (lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 99_999), 502),
    "redirects": (lambda h: h.say(b"", 302, Location="http://169.254.169.254/"), 502),  # type: ignore[attr-defined]
    "cuts a 200": (lambda h: h.say(b'{"head":{"vars":["x"]},"results":{"bind'), 502),  # type: ignore[attr-defined]
    "answers nonsense": (lambda h: h.say(b"[]"), 502),  # type: ignore[attr-defined]
    "ran out of time, with 200": (lambda h: h.say(rows(), X_SQL_State="S1TAT"), 503),  # type: ignore[attr-defined]
    "fails": (lambda h: h.say(b"java.lang.Error\n\tat X", 500), 502),  # type: ignore[attr-defined]
    "wants a name": (lambda h: h.say(b"", 401), 502),  # type: ignore[attr-defined]
}


@pytest.mark.parametrize("name", HARM)
def test_an_engines_fault_is_one_plain_line_on_every_road(
    engine: Engine, cache: None, name: str
) -> None:
    engine.harm, status = HARM[name]
    service = distant.open_service(
        partnering.workspace.locate(REPOSITORY), RemoteEngine(engine.address, timeout=0.5)
    )
    client = create_app(service).test_client()
    for path in ("/sparql?query=ASK%20%7B%3Fs%20%3Fp%20%3Fo%7D", *PAGES):
        begun = time.monotonic()
        answer = client.get(path)
        assert time.monotonic() - begun < 10, path
        assert answer.status_code == status, (path, answer.text)
        assert "Traceback" not in answer.text
        if path.startswith("/sparql"):
            assert answer.text.count("\n") == 1
            assert "engine" in answer.text
        assert ("Retry-After" in answer.headers) == (status == 503)
    service.close()


def test_nothing_is_served_from_half_a_push(engine: Engine, cache: None) -> None:
    engine.pushed = Pushed(by="first", parts={"http://e/g": ("digest", 1)})
    with pytest.raises(EngineUnavailable, match="not whole yet"):
        distant.open_service(
            partnering.workspace.locate(REPOSITORY), RemoteEngine(engine.address, timeout=2)
        )


def test_a_push_is_noticed_and_then_the_new_snapshot_answers(
    engine: Engine, cache: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distant, "EVERY", 0.05)
    engine.harm = lambda handler: handler.say(b'{"head":{},"boolean":true}')  # type: ignore[attr-defined]
    service = distant.open_service(
        partnering.workspace.locate(REPOSITORY), RemoteEngine(engine.address, timeout=2)
    )
    client = create_app(service).test_client()
    ask = "/sparql?query=ASK%20%7B%3Fs%20%3Fp%20%3Fo%7D"
    assert client.get(ask).status_code == 200

    def until(status: str, snapshot: str) -> None:
        for _ in range(200):
            told = client.get("/healthz").json
            if (told["status"], told["snapshot"]) == (status, snapshot):
                return
            time.sleep(0.05)
        raise AssertionError(told)

    engine.pushed = Pushed(by="second", parts=engine.pushed.parts)
    until("unfinished", "one")
    refused = client.get(ask)
    assert refused.status_code == 503
    assert "not whole yet" in refused.text
    engine.pushed = Pushed("two", at="2026-11-29T12:00:00+00:00", by="second",
                           parts=engine.pushed.parts)  # fmt: skip
    until("ok", "two")
    assert client.get(ask).status_code == 200
    engine.server.shutdown()
    engine.server.server_close()
    until("unreachable", "two")
    service.close()


def test_a_password_in_an_address_and_half_a_one_are_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for given, said in (
        (["--endpoint", "http://me:secret@127.0.0.1:1/"], "no place for a name"),
        (["--endpoint", "http://127.0.0.1:1/", "--auth", "secret"], "no name and password"),
        (["--endpoint", "http://127.0.0.1:1/"], "cannot be reached"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(["serve", "--workspace", str(REPOSITORY), "--port", "0", *given])
        assert ended.value.code
        told = capsys.readouterr().err
        assert said in told
        assert "secret" not in told
