"""What a page costs: bytes, what is sent again, and queries; none of it grows with the rows."""

from __future__ import annotations

import gzip
import re
from typing import Any

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from partnering.webui import create_app
from tests.web import register

from partnering.knowledge import KnowledgeGraph
from partnering.namespaces import PREFIXES
from partnering.service import Service
from partnering.store.base import Engine, Reply
from partnering.store.embedded import EmbeddedEngine

HANDFUL = 10
"""One a panel."""
MORE = 25
"""A story has seventeen panels; reasons ask their patterns again, and who stands behind each."""
TRIED = 15
"""Further ones where a doubt is asked: each change is tried by asking the question again."""
MOST_STYLE = 25_000
"""Bytes of all sheets of a page, as written; they are packed on the way."""
MOST_PAGE = 100_000
"""Bytes, as written."""
MOST_SCRIPT = 10_000
"""Bytes, packed."""
COPIES = 3
"""Further copies of every case in the larger graph."""


class Counting:
    """An engine that counts what it is asked."""

    def __init__(self, engine: Engine) -> None:
        self.asked: list[str] = []
        self._engine = engine

    def execute(self, query: str, **how: Any) -> Reply:
        self.asked.append(query)
        return self._engine.execute(query, **how)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)


class Site:
    """Pages over an engine that counts; every page meets a service that remembers nothing."""

    def __init__(self, service: Service, copies: int) -> None:
        index = service.knowledge.index
        store = ox.Store()
        for part, path in zip(index.parts, index.paths, strict=True):
            quads = path.read_text("utf-8")
            store.bulk_load(quads.encode(), format=ox.RdfFormat.N_QUADS)
            for copy in range(copies if re.search("/case-[a-e]$", part.graph) else 0):
                more = re.sub(r"/case-([a-e])\b", rf"/case-\1-{copy}", quads)
                store.bulk_load(more.encode(), format=ox.RdfFormat.N_QUADS)
        self.engine = Counting(EmbeddedEngine(store, prefixes=PREFIXES))
        self._knowledge = KnowledgeGraph(self.engine, service.knowledge.workspace, index)
        assert self._knowledge.vocabulary.choices("case")  # read once, for every page

    @property
    def cases(self) -> int:
        return len(self._knowledge.vocabulary.choices("case"))

    def queries(self, address: str) -> int:
        """How many a page needs when nobody has asked before."""
        app = create_app(Service(self._knowledge, self.engine))
        before = len(self.engine.asked)
        assert app.test_client().get(address).status_code == 200
        return len(self.engine.asked) - before


@pytest.fixture(scope="module")
def shipped(service: Service) -> Site:
    return Site(service, 0)


@pytest.fixture(scope="module")
def larger(service: Service) -> Site:
    return Site(service, COPIES)


@pytest.mark.parametrize("address", [*register.PAGES, *register.ALIKE])
def test_queries_are_one_a_panel_and_do_not_grow_with_the_cases(
    address: str, shipped: Site, larger: Site
) -> None:
    assert larger.cases == (1 + COPIES) * shipped.cases
    needed = shipped.queries(address)
    assert larger.queries(address) == needed
    most = MORE if address.startswith("/cases/") or "why=" in address else HANDFUL
    assert needed <= most + (TRIED if "change=" in address else 0)


def test_what_is_counted_is_what_is_asked(shipped: Site) -> None:
    assert shipped.queries("/about") == 0
    assert shipped.queries("/") == shipped.queries("/") >= 5


def test_styles_and_scripts_are_small(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    scripts = re.findall(r'<script[^>]* src="([^"]+)"', page)
    assert styles
    if path.startswith("/query"):  # the bundle of the editor has tests of its own
        styles = [one for one in styles if "/vendor/" not in one]
        scripts = [one for one in scripts if "/vendor/" not in one]
    weight = sum(len(client.get(one).data) for one in styles)
    assert 1_000 < weight < MOST_STYLE
    code = sum(len(gzip.compress(client.get(one).data)) for one in scripts)
    assert code < MOST_SCRIPT
    assert page.count("<script") == page.count("<script ")
    assert len(page.encode()) < MOST_PAGE


def test_whoever_has_a_page_already_gets_304(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    if path.startswith("/query"):  # a query may ask what time it is
        assert "ETag" not in first.headers
        return
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get("/healthz", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_a_page_that_was_made_is_not_made_again_and_is_packed_on_the_way(service: Service) -> None:
    engine = Counting(service.knowledge.engine)
    knowledge = KnowledgeGraph(engine, service.knowledge.workspace, service.knowledge.index)
    reader = create_app(Service(knowledge, engine)).test_client()
    first = reader.get("/cases/case-b", headers={"Accept-Encoding": "gzip"})
    asked = len(engine.asked)
    again = reader.get("/cases/case-b", headers={"Accept-Encoding": "gzip"})
    assert asked > 0 == len(engine.asked) - asked
    assert (again.data, again.headers["ETag"]) == (first.data, first.headers["ETag"])
    plain = reader.get("/cases/case-b")
    assert gzip.decompress(again.data) == plain.data
    assert len(again.data) < len(plain.data) / 4
    assert again.headers["ETag"] != plain.headers["ETag"]
    assert again.headers["Content-Security-Policy"] == plain.headers["Content-Security-Policy"]


def test_styles_are_not_sent_twice(client: FlaskClient) -> None:
    for style in set(re.findall(r'href="(/assets/[^"]+css)"', client.get("/map").text)):
        tag = client.get(style).headers["ETag"]
        assert client.get(style, headers={"If-None-Match": tag}).status_code == 304
        packed = client.get(style, headers={"Accept-Encoding": "gzip"})
        assert len(packed.data) < len(client.get(style).data) / 2
        held = {"If-None-Match": packed.headers["ETag"], "Accept-Encoding": "gzip"}
        assert client.get(style, headers=held).status_code == 304
