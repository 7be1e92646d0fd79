"""Whatever a stranger sends, the service stays up and others get their answers.

After every attack its health is asked, and another's query has to be answered.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import socket
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from bench.servers import proportional
from tests.service import attack_requests, attacks
from tests.service.live import Answered, Server, start

SELECT = "SELECT ?c { ?c a <http://www.w3.org/2004/02/skos/core#Concept> } ORDER BY ?c LIMIT 3"
PATIENCE = 8.0
"""Seconds within which an answer has to come to whoever asks next."""
KEPT = 160 << 20
"""Bytes that pages, answers and texts kept for the next reader may take, all filled."""
EVIL = re.compile(rb"Traceback|root:.*:0:0|evil\.example/?\.\.", re.I)


@dataclass
class Canary:
    """A port that nobody has a reason to call."""

    address: str
    calls: int = 0


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        watched = Canary(f"127.0.0.1:{listening.getsockname()[1]}")

        def watch() -> None:
            with contextlib.suppress(OSError):
                while True:
                    listening.accept()[0].close()
                    watched.calls += 1

        threading.Thread(target=watch, daemon=True).start()
        yield watched


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "stderr"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, log: Path) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("workspace")
    (root / "partnering.yaml").write_text("base: shipped\ncases: false\n", "utf-8")
    running = start(root, "--deadline", "0.6", "--memory", "256", "--readers", "2",
                    "--max-rows", "50000", log=log)  # fmt: skip
    yield running
    running.process.terminate()
    running.process.wait(20)


@dataclass
class Told:
    """What a class of attack came to: answers by status, the slowest, and memory afterwards."""

    statuses: Counter[int] = field(default_factory=Counter)
    slowest: float = 0.0
    memory: int = 0

    def add(self, statuses: Iterable[int], seconds: float) -> None:
        self.statuses.update(statuses)
        self.slowest = max(self.slowest, seconds)

    def __str__(self) -> str:
        told = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        size = f"{self.memory >> 20} MiB" if self.memory else "—"
        return f"{self.statuses.total()} | {told} | {self.slowest:.1f} s | {size}"


Tally = defaultdict[str, Told]
BEFORE = "before all"


@pytest.fixture(scope="module")
def tally(server: Server) -> Tally:
    """By class of attack; memory is that of all processes, shared pages once."""
    found = defaultdict(Told)
    found[BEFORE].memory = proportional(server.process.pid)
    return found


@pytest.fixture(autouse=True)
def others_are_served(server: Server, tally: Tally) -> Iterator[None]:
    """What every attack is followed by."""
    yield
    list(tally.values())[-1].memory = proportional(server.process.pid)
    begun = time.monotonic()
    health = json.loads(server.get(path="/healthz").body)
    assert health["status"] == "ok"
    answer = server.get(query=SELECT)
    assert answer.status == 200, answer.body
    assert len(json.loads(answer.body)["results"]["bindings"]) == 3
    assert time.monotonic() - begun < PATIENCE
    assert server.process.poll() is None


def is_harmless(answer: Answered) -> None:
    assert not EVIL.search(answer.body)
    assert not EVIL.search(bytes(answer.headers))
    assert "X-Evil" not in answer.headers
    if answer.kind == "text/html":
        assert b"<script>alert" not in answer.body


def test_there_are_enough_of_them() -> None:
    written = len(attack_requests.PLACES) * len(attack_requests.WRITTEN)
    assert len(attacks.QUERIES) + len(attack_requests.REQUESTS) + len(attack_requests.BYTES) >= 350
    assert written >= 2000


@pytest.mark.parametrize("name", attacks.QUERIES)
def test_a_query_cannot_hurt(server: Server, canary: Canary, tally: Tally, name: str) -> None:
    query = attacks.QUERIES[name].replace("CANARY", canary.address)
    begun = time.monotonic()
    answer = server.ask(
        "POST", body=urlencode({"query": query}), Content_Type=attacks.FORM
    )  # fmt: skip
    took = time.monotonic() - begun
    family = name.partition(":")[0]
    tally[family].add([answer.status], took)
    assert took < PATIENCE
    is_harmless(answer)
    assert answer.status in ({400} if family == "update" else {200, 400, 413, 503})
    if answer.status == 200 and family == "outward":
        assert b'"bindings":[]' in answer.body or answer.body == b""
    if answer.status == 503:
        assert int(answer.headers["Retry-After"]) >= 1
    if answer.status != 200:
        assert 20 < len(answer.line) < 1000


@pytest.mark.parametrize("name", attack_requests.REQUESTS)
def test_a_request_cannot_hurt(server: Server, canary: Canary, tally: Tally, name: str) -> None:
    request = attack_requests.REQUESTS[name]
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    body = request.body and request.body.replace(b"CANARY", canary.address.encode())
    path = request.path.replace("CANARY", canary.address)
    begun = time.monotonic()
    # The server may answer and close before all is sent.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        connection.request(request.method, path, body, request.headers)
    try:
        reply = connection.getresponse()
    except (ConnectionError, http.client.HTTPException):
        return
    answer = Answered(reply.status, reply.headers, reply.read())
    connection.close()
    tally[f"request, {name.partition(':')[0]}"].add([answer.status], time.monotonic() - begun)
    is_harmless(answer)
    assert "evil.example" not in answer.headers.get("Location", "").replace("%", "")
    assert answer.status < 500 or answer.status in (501, 503)


@pytest.mark.parametrize("place", attack_requests.PLACES)
def test_what_is_written_into_an_address_cannot_hurt(
    server: Server, canary: Canary, tally: Tally, place: str
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    for written in attack_requests.WRITTEN:
        path = place.replace("@", written.replace("CANARY", quote(canary.address)))
        begun = time.monotonic()
        # On one connection, as a client would: what confuses it would confuse the next answer.
        connection.request("GET", path)
        reply = connection.getresponse()
        answer = Answered(reply.status, reply.headers, reply.read())
        tally["written into an address"].add([answer.status], time.monotonic() - begun)
        is_harmless(answer)
        assert answer.status < 500 or answer.status == 503, (path[:200], answer.body[:300])
        assert time.monotonic() - begun < PATIENCE, path[:200]
    connection.request("GET", "/healthz")
    assert json.loads(connection.getresponse().read())["status"] == "ok"
    connection.close()


@pytest.mark.parametrize("name", attack_requests.BYTES)
def test_bytes_cannot_hurt(server: Server, canary: Canary, tally: Tally, name: str) -> None:
    sent = attack_requests.BYTES[name].replace(b"CANARY", canary.address.encode())
    got = b""
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", server.port), timeout=3) as connection:
        with contextlib.suppress(OSError):
            connection.sendall(sent)
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65_536):
                got += piece
    assert not EVIL.search(got)
    statuses = [int(code) for code in re.findall(rb"^HTTP/1\.[01] (\d+) ", got, re.M)]
    assert all(status < 500 or status in (501, 503) for status in statuses), statuses
    tally["bytes"].add(statuses, time.monotonic() - begun)
    if "lengths" in name or "chunk" in name:
        assert 404 not in statuses, "a request inside another was answered"


# Clients that behave badly over time


def test_slow_heads_hold_nobody_up(server: Server) -> None:
    with contextlib.ExitStack() as opened:
        for _ in range(60):
            slow = opened.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            slow.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        assert quick(server)


def test_slow_bodies_hold_nobody_up(server: Server) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    with contextlib.ExitStack() as opened:
        for _ in range(60):
            slow = opened.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            slow.sendall(head + b"Content-Length: 1000\r\n\r\nASK")
        assert quick(server)


def test_readers_that_do_not_read_hold_nobody_up(server: Server) -> None:
    path = "/sparql?" + urlencode({"query": "SELECT * { ?s ?p ?o } LIMIT 20000"})
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with contextlib.ExitStack() as opened:
        for _ in range(20):
            idle = opened.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            idle.sendall(request)
        time.sleep(1)
        assert quick(server)


def test_idle_connections_hold_nobody_up(server: Server) -> None:
    with contextlib.ExitStack() as opened:
        for _ in range(300):
            opened.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        assert quick(server)


def test_more_connections_than_there_is_room_for_keep_nobody_out(server: Server) -> None:
    with contextlib.ExitStack() as opened:
        slow = []
        for _ in range(700):
            one = opened.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            one.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            slow.append(one)
        assert quick(server)
        for one in slow:  # those who were let go see it now
            with contextlib.suppress(OSError):
                one.sendall(b"x")
        assert quick(server)


def test_files_that_nobody_reads_hold_nobody_up(server: Server) -> None:
    assert server.get(path="/downloads/partnering.nq").status == 200
    with contextlib.ExitStack() as opened:
        for _ in range(90):
            idle = opened.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            idle.sendall(b"GET /downloads/partnering.nq HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(1)
        assert quick(server)


def test_doubts_by_the_dozen_hold_nobody_up(server: Server) -> None:
    def doubt(number: int) -> int:
        path = f"{attack_requests.QUESTION}?missing=factor&what=word-{number}"
        return server.get(path=path).status

    with ThreadPoolExecutor(90) as threads:
        running = [threads.submit(doubt, number) for number in range(90)]
        time.sleep(0.5)
        assert took(server, "/healthz") < 2
        assert {one.result(60) for one in running} <= {200, 503}


def test_going_away_in_the_middle_is_no_matter(server: Server) -> None:
    path = "/sparql?" + urlencode({"query": f"SELECT * {{ {attacks.TWO} }}"})
    for _ in range(30):
        with socket.create_connection(("127.0.0.1", server.port)) as leaving:
            leaving.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            reset = b"\x01\x00\x00\x00\x00\x00\x00\x00"
            leaving.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
    time.sleep(6)  # what they asked still runs, or waits as long as it may


def test_coming_and_going_is_no_matter(server: Server) -> None:
    for _ in range(500):
        socket.create_connection(("127.0.0.1", server.port)).close()


def test_pages_answer_while_hostile_queries_run(server: Server) -> None:
    body = urlencode({"query": attacks.JOINS["three freely"]})
    stop = threading.Event()

    def attack() -> set[int]:
        seen = set()
        while not stop.is_set():
            seen.add(server.ask("POST", body=body, Content_Type=attacks.FORM).status)
        return seen

    with ThreadPoolExecutor(40) as threads:
        running = [threads.submit(attack) for _ in range(40)]
        time.sleep(1)
        times = [took(server, path) for path in ("/healthz", "/cases", "/about") * 3]
        stop.set()
        statuses = set().union(*(one.result(30) for one in running))
    assert statuses <= {503}
    assert max(times) < PATIENCE, times
    wait_for_quiet(server)


# What is left when all is over; these stand last


def test_nobody_was_called(canary: Canary) -> None:
    assert canary.calls == 0


def test_memory_has_come_back(server: Server) -> None:
    wait_for_quiet(server)
    health = json.loads(server.get(path="/healthz").body)
    assert health["readers"] == 7
    assert (health["running"], health["waiting"], health["restarts"]) == (0, 0, 0)
    assert resident(server.process.pid) < 400 << 20


def test_what_came_of_each_class_is_told(
    server: Server, tally: Tally, record_testsuite_property: Callable[..., None]
) -> None:
    wait_for_quiet(server)
    after, before = proportional(server.process.pid), tally[BEFORE].memory
    print("\n| class of attack | answers | by status | slowest | memory after it |")
    print("|---|---|---|---|---|")
    for family, told in tally.items():
        print(f"| {family} | {told} |")
        record_testsuite_property(f"attacks: {family}", str(told))
    said = f"{after >> 20} MiB after all, {before >> 20} MiB before"
    print(said)
    record_testsuite_property("memory of the process tree", said)
    assert len(tally) > 1
    # What stays is what is kept on purpose: pages, answers, the copy that doubts are tried on.
    assert after < before + KEPT


def test_nothing_went_wrong_that_was_not_foreseen(log: Path) -> None:
    assert "unforeseen" not in log.read_text()
    assert "Traceback" not in log.read_text()


def quick(server: Server) -> bool:
    return took(server, "/healthz") < 5 and server.get(query=SELECT).status == 200


def took(server: Server, path: str) -> float:
    begun = time.monotonic()
    assert server.get(path=path).status == 200
    return time.monotonic() - begun


def wait_for_quiet(server: Server) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        health = json.loads(server.get(path="/healthz").body)
        if not health["running"] and not health["waiting"] and health["readers"] == 7:
            return
        time.sleep(0.2)
    raise AssertionError(health)


def resident(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no such line")
