"""Small queries answered in the server's own thread: each its own answer, and nothing held for long."""

from __future__ import annotations

import contextlib
import gc
import http.client
import io
import json
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from partnering.webui import create_app
from partnering.webui.serving import unthreaded
from partnering.webui.serving.access import logged
from partnering.webui.serving.budget import Budget
from partnering.webui.serving.server import listen
from tests.service.conftest import CASES, FINDINGS
from tests.service.pools import ENDLESS, eventually

from partnering.knowledge import KnowledgeGraph
from partnering.pipeline.publish import Index
from partnering.service import Service
from partnering.store.question import SMALL, Question, Stage
from partnering.store.readers import ReaderPool
from partnering.store.room import Limits
from partnering.workspace import Workspace

STRANGER = {"X-Forwarded-For": "203.0.113.7"}
JSON = "application/sparql-results+json"


@dataclass(frozen=True)
class Site:
    """A site in this process, and what it is made of."""

    port: int
    pool: ReaderPool
    budget: Budget
    log: io.StringIO

    def line(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def ask(
        self, query: str, line: http.client.HTTPConnection | None = None, method: str = "GET",
        **headers: str,
    ) -> tuple[http.client.HTTPResponse, bytes]:  # fmt: skip
        line = line or self.line()
        line.request(method, address(query), headers={"Accept": JSON, **headers})
        answer = line.getresponse()
        return answer, answer.read()

    def label(self, case: int, number: int, line: http.client.HTTPConnection | None = None) -> str:
        answer, body = self.ask(label_of(case, number), line)
        assert answer.status == 200, body
        return str(json.loads(body)["results"]["bindings"][0]["l"]["value"])

    def is_at_rest(self) -> bool:
        status, server = self.pool.status(), self.pool._server
        purses = self.budget._purses.values()
        return not (status.running or status.waiting or server._leases
                    or any(purse.under_way for purse in purses))  # fmt: skip


def address(query: str) -> str:
    return f"/sparql?{urlencode({'query': query})}"


def label_of(case: int, number: int) -> str:
    return f"SELECT ?l {{ <http://e/c{case}/f{number}> <http://e/label> ?l }}"


Open = Callable[..., Site]


@pytest.fixture
def opened(index: Path, repository: Path) -> Iterator[Open]:
    """Opens sites over the small index; their readers end with the test."""
    with contextlib.ExitStack() as ending:

        def open_site(readers: int = 2, budget: float = 60, **limits: float) -> Site:
            pool = ending.enter_context(
                ReaderPool(index, readers=readers, limits=Limits(**limits))  # type: ignore[arg-type]
            )
            found = Index.elsewhere("small", "", (), index.parent)
            service = Service(KnowledgeGraph(pool.own, Workspace(repository), found), pool)
            app = create_app(service, query_budget=budget)
            server, log = listen("127.0.0.1", 0, trusted_proxy="127.0.0.1"), io.StringIO()
            server.application = logged(app, log)
            threading.Thread(target=server.run, daemon=True).start()
            site = Site(server.effective_port, pool, app.extensions["partnering.budget"], log)
            assert site.label(0, 0), "from now on there is an open line to a reader"
            return site

        yield open_site


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch) -> list[Stage]:
    """How far the server's own thread came with each query that it begins from now on."""
    came: list[Stage] = []
    follow = unthreaded.Unthreaded._follow

    def noting(self: unthreaded.Unthreaded, asked: unthreaded.Asked, stage: Stage) -> None:
        came.append(stage)
        follow(self, asked, stage)

    monkeypatch.setattr(unthreaded.Unthreaded, "_follow", noting)
    return came


def test_many_connections_get_each_its_own_answer(opened: Open, stages: list[Stage]) -> None:
    site = opened()

    def ask(client: int) -> list[str]:
        with contextlib.closing(site.line()) as line:
            return [site.label(client, number, line) for number in range(12)]

    with ThreadPoolExecutor(CASES) as threads:
        found = list(threads.map(ask, range(CASES)))
    assert found == [[f"finding {n} of case {c}" for n in range(12)] for c in range(CASES)]
    # Most of them by the server's own thread, and some had to wait for their turn.
    assert stages.count(Stage.ANSWERED) > CASES * 12 // 2
    assert Stage.WAITING in stages
    eventually(site.is_at_rest)
    told = [json.loads(line) for line in site.log.getvalue().splitlines()]
    assert len(told) == CASES * 12 + 1
    assert {(one["status"], one["type"]) for one in told} == {(200, JSON)}
    assert all(one["bytes"] > 100 for one in told)


def test_one_connection_asks_on_and_a_head_has_no_body(opened: Open, stages: list[Stage]) -> None:
    site = opened()
    with contextlib.closing(site.line()) as line:
        answer, body = site.ask(label_of(1, 1), line)
        head, nothing = site.ask(label_of(1, 1), line, "HEAD")
        assert (head.status, nothing) == (200, b"")
        assert (
            head.getheader("Content-Length") == str(len(body)) == answer.getheader("Content-Length")
        )
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        line.request("POST", "/sparql/", urlencode({"query": label_of(1, 2)}), form)
        assert b"finding 2 of case 1" in line.getresponse().read()
        assert site.label(1, 3, line) == "finding 3 of case 1"
    assert stages.count(Stage.ANSWERED) == 4
    assert stages.count(Stage.LEFT) == 1, "the one by which a line was opened"


def test_requests_sent_before_the_answers_came_are_answered_in_turn(opened: Open) -> None:
    site = opened()
    sent = [f"GET {address(label_of(2, n))} HTTP/1.1\r\nHost: x\r\n\r\n" for n in range(9)]
    sent.append("GET /sparql?query=SELEC HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as client:
        client.sendall("".join(sent).encode())
        came = client.makefile("rb").read()
    assert came.count(b"HTTP/1.1 200 OK") == 9
    places = [came.index(f"finding {n} of case 2".encode()) for n in range(9)]
    assert places == sorted(places)
    assert b"HTTP/1.1 400" in came[places[-1] :]
    eventually(site.is_at_rest)


def test_what_takes_a_while_is_answered_all_the_same(opened: Open, stages: list[Stage]) -> None:
    site = opened()
    _, body = site.ask("SELECT * { ?s ?p ?o }")
    assert len(body) > SMALL
    assert len(json.loads(body)["results"]["bindings"]) == CASES * FINDINGS * 5
    assert site.ask("SELECT ?a { ?a ?b }")[0].status == 400  # the gate lets it pass
    refused, said = site.ask("SELECT * { SERVICE <http://e/> { ?a ?b ?c } }")
    assert (refused.status, b"reaches out to none" in said) == (400, True)
    person, _ = site.ask("ASK {}", Accept="text/html")
    assert (person.status, str(person.getheader("Location"))[:7]) == (303, "/query?")
    long, _ = site.ask("ASK { } #" + "x" * unthreaded.LONGEST)
    assert long.status == 200
    assert stages[:3] == [Stage.LEFT, Stage.ASKED, Stage.LEFT]
    eventually(site.is_at_rest)


def test_a_reader_that_falls_is_spoken_of_honestly(opened: Open, stages: list[Stage]) -> None:
    site = opened(deadline=1.5)
    with contextlib.closing(site.line()) as line:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        line.request("POST", "/sparql", urlencode({"query": ENDLESS}), form)
        answer = line.getresponse()
        assert (answer.status, b"did not end within 1.5 seconds" in answer.read()) == (503, True)
        assert site.label(2, 2, line), "and was answered once"
    assert len(site.log.getvalue().splitlines()) == 3
    assert site.label(3, 3), "opens a line again"
    with ThreadPoolExecutor(1) as threads:
        fallen = threads.submit(site.ask, ENDLESS)
        eventually(lambda: len(site.pool._public._places) == 1)
        eventually(lambda: site.pool._public._places[0].end is not None)
        end = site.pool._public._places[0].end
        assert end is not None
        end()
        answer, said = fallen.result()
    assert (answer.status, b"of memory one may have" in said) == (400, True)
    assert stages.count(Stage.LEFT) >= 3
    # One that falls before it has read the question is no loss.
    assert site.label(4, 4)
    for pid in site.pool.status().readers:
        os.kill(pid, signal.SIGKILL)
    assert site.label(4, 5) == "finding 5 of case 4"
    eventually(site.is_at_rest)


def test_a_reader_that_stands_still_is_ended_by_hand(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partnering.store.question.GRACE", 0.2)
    site = opened(readers=1, deadline=0.5)
    for pid in site.pool.status().readers:
        os.kill(pid, signal.SIGSTOP)
    answer, said = site.ask(label_of(1, 1))
    assert (answer.status, b"did not end within 0.5 seconds" in said) == (503, True)
    for pid in site.pool.status().readers:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
    assert site.label(1, 1)
    eventually(site.is_at_rest)


def test_who_waited_in_vain_is_told_when_to_come_back(opened: Open, stages: list[Stage]) -> None:
    site = opened(readers=1, deadline=3, patience=0.3)
    with ThreadPoolExecutor(1) as threads:
        hostile = threads.submit(site.ask, ENDLESS)
        eventually(lambda: site.pool.status().running == 1)
        answer, said = site.ask(label_of(1, 1))
        assert (answer.status, b"Every reader is at work" in said) == (503, True)
        assert int(str(answer.getheader("Retry-After"))) > 0
        assert Stage.WAITING in stages
        assert site.pool.status().waiting == 0
        # By now it has run for long, and steps aside.
        eventually(lambda: site.ask(label_of(1, 1))[0].status == 200)
        assert hostile.result()[0].status == 503
    eventually(site.is_at_rest)


def test_hostile_queries_are_ended_for_who_waits(opened: Open) -> None:
    site = opened(readers=1, deadline=20)
    with ThreadPoolExecutor(3) as threads:
        hostile = [threads.submit(site.ask, ENDLESS) for _ in range(3)]
        eventually(lambda: site.pool.status().running >= 1)
        assert [site.label(5, number) for number in range(5)]
        for pid in site.pool.status().readers:
            os.kill(pid, signal.SIGKILL)
        assert any(b"others were waiting" in one.result()[1] for one in hostile)
    eventually(site.is_at_rest)


def test_a_client_that_goes_away_leaves_nothing_behind(opened: Open) -> None:
    site = opened(readers=1, deadline=1)
    headers = "".join(f"{name}: {value}\r\n" for name, value in STRANGER.items())
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", site.port), timeout=20) as client:
            client.sendall(f"GET {address(ENDLESS)} HTTP/1.1\r\n{headers}\r\n".encode())
            eventually(lambda: not site.is_at_rest())
    eventually(site.is_at_rest)
    assert site.label(6, 6)


def test_a_stranger_pays_for_long_queries(opened: Open) -> None:
    site = opened(readers=1, deadline=1, budget=0.4)
    assert site.ask(ENDLESS, **STRANGER)[0].status == 503
    answer, said = site.ask(label_of(1, 1), **STRANGER)
    assert (answer.status, b"asked for much" in said) == (429, True)
    assert site.ask(label_of(1, 1), **{"X-Forwarded-For": "198.51.100.1"})[0].status == 200
    eventually(site.is_at_rest)


def test_a_switch_under_load_loses_nothing(opened: Open, index: Path, tmp_path: Path) -> None:
    site, over = opened(), threading.Event()
    other = tmp_path / "other.nq"
    other.write_text(index.read_text().replace("finding", "another"))

    def ask(client: int) -> int:
        asked = 0
        with contextlib.closing(site.line()) as line:
            while not over.is_set():
                number = asked % FINDINGS
                said = site.label(client, number, line)
                assert said.removeprefix("finding").removeprefix("another") == (
                    f" {number} of case {client}"
                )
                asked += 1
        return asked

    with ThreadPoolExecutor(16) as threads:
        clients = [threads.submit(ask, client) for client in range(16)]
        for path in (other, index, other):
            site.pool.switch(path)
        over.set()
        assert all(client.result() for client in clients)
    assert site.label(1, 1) == "another 1 of case 1"
    eventually(site.is_at_rest)


def test_nothing_of_an_answer_waits_for_a_collection_of_garbage(opened: Open) -> None:
    site = opened()
    gc.collect()
    gc.disable()
    try:
        with contextlib.closing(site.line()) as line:
            for number in range(5):
                site.label(1, number, line)
        eventually(lambda: not any(isinstance(one, Question) for one in gc.get_objects()))
    finally:
        gc.enable()
