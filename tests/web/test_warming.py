"""Pages made ahead: nobody waits for them twice, and nobody waits because of them."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from partnering.webui import create_app
from partnering.webui.serving import warming
from partnering.webui.serving.warming import Warming
from tests.web.counting import Counting

from partnering.knowledge import KnowledgeGraph
from partnering.service import Service


@pytest.fixture
def engine(service: Service) -> Counting:
    return Counting(service.knowledge.engine)


@pytest.fixture
def app(service: Service, engine: Counting, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    monkeypatch.setattr(warming, "QUIET", 0.05)
    monkeypatch.setattr(warming, "LOOK_EVERY", 0.01)
    knowledge = KnowledgeGraph(engine, service.knowledge.workspace, service.knowledge.index)
    opened = Service(knowledge, engine)
    yield create_app(opened)
    opened.close()


def test_what_was_made_ahead_asks_nothing_any_more(app: Flask, engine: Counting) -> None:
    made = Warming(app)
    addresses = list(made.addresses())
    assert made.once() == len(addresses) > 15
    asked = len(engine.asked)
    browser = app.test_client()
    for address in addresses:
        for accept in ("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", "*/*"):
            answer = browser.get(address, headers={"Accept": accept, "Accept-Encoding": "gzip"})
            assert answer.status_code == 200, address
    assert len(engine.asked) == asked > 20


def test_of_many_cases_only_some_are_made_ahead(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warming, "MOST_CASES", 2)
    cases = [one for one in Warming(app).addresses() if one.startswith("/cases/")]
    assert cases == ["/cases/case-a", "/cases/case-b"]


@pytest.mark.parametrize("address", ["/cases", "/sparql?query=ASK%7B%7D"])
def test_it_stands_still_while_somebody_waits_for_an_answer(
    app: Flask, engine: Counting, address: str
) -> None:
    answered, inner = threading.Event(), app.wsgi_app

    def slow(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if warming.MARK not in environ:
            answered.wait(10)
        return inner(environ, start)

    app.wsgi_app = slow  # type: ignore[method-assign]
    made = Warming(app)
    threads = [threading.Thread(target=app.test_client().get, args=(address,)),
               threading.Thread(target=made.once)]  # fmt: skip
    for thread in threads:
        thread.start()
        time.sleep(0.1)
    time.sleep(0.2)
    assert engine.asked == []
    answered.set()
    for thread in threads:
        thread.join()
    assert len(engine.asked) > 20


def test_who_made_a_change_looks_at_it_first(
    app: Flask, engine: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warming, "QUIET", 60.0)
    Warming(app).start()
    time.sleep(0.5)
    assert engine.asked == []


def test_it_ends_with_the_service(app: Flask, service: Service, engine: Counting) -> None:
    made = Warming(app)
    with made.awaited():
        thread = threading.Thread(target=made.once)
        thread.start()
        app.extensions["partnering"].close()
        thread.join(10)
        assert not thread.is_alive()
        assert engine.asked == []


def test_it_begins_again_with_a_new_snapshot(
    app: Flask, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warming, "MOST_CASES", 0)
    monkeypatch.setattr(warming, "LISTS", ())
    rounds: queue.Queue[tuple[str, int]] = queue.Queue()
    opened: Service = app.extensions["partnering"]

    class Telling(Warming):
        def once(self) -> int:
            made = super().once()
            rounds.put((opened.snapshot, made))
            return made

    Telling(app).start()
    assert rounds.get(timeout=60) == (service.snapshot, 2)
    index = replace(service.knowledge.index, snapshot="another")
    workspace = service.knowledge.workspace
    opened.renew(KnowledgeGraph(opened.knowledge.engine, workspace, index))
    assert rounds.get(timeout=60) == ("another", 2)
