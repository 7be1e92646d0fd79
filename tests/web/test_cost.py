"""What a page costs: bytes, what is sent again, and queries; none of it grows with the rows."""

from __future__ import annotations

import gzip
import html
import re
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from partnering.webui import create_app
from tests.web import register
from tests.web.counting import Counting

from partnering.knowledge import KnowledgeGraph
from partnering.namespaces import PREFIXES
from partnering.service import Service
from partnering.store.embedded import EmbeddedEngine

ROOT = Path(__file__).resolve().parents[2]
MOST_STYLE = 25_000
"""Bytes of all sheets of a page, as written; they are packed on the way."""
MOST_PAGE = 100_000
"""Bytes, as written."""
MOST_SCRIPT = 10_000
"""Bytes, packed."""
COPIES = 3
"""Further copies of every case in the larger graph."""


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
                more = more.replace('"Case ', f'"Copy {copy} of case ')
                store.bulk_load(more.encode(), format=ox.RdfFormat.N_QUADS)
        self.engine = Counting(EmbeddedEngine(store, prefixes=PREFIXES))
        self._knowledge = KnowledgeGraph(self.engine, service.knowledge.workspace, index)
        # Read once, for every page.
        kinds = ("case", "rule", "actor", "partnership", "scheme:factor")
        assert all(self._knowledge.vocabulary.choices(kind) for kind in kinds)
        assert self._knowledge.ask_question("typology-grid").rules

    @property
    def cases(self) -> int:
        return len(self._knowledge.vocabulary.choices("case"))

    def app(self) -> Flask:
        """Pages that nobody has asked for before."""
        return create_app(Service(self._knowledge, self.engine))

    def queries(self, address: str) -> int:
        """How many a page needs when nobody has asked before."""
        browser = self.app().test_client()
        before = len(self.engine.asked)
        assert browser.get(address).status_code == 200
        return len(self.engine.asked) - before


@pytest.fixture(scope="module")
def shipped(service: Service) -> Site:
    return Site(service, 0)


@pytest.fixture(scope="module")
def larger(service: Service) -> Site:
    return Site(service, COPIES)


def documented() -> dict[str, int]:
    """Queries that a page of each family takes at most, as ``docs/pages.md`` says."""
    told = (ROOT / "docs" / "pages.md").read_text("utf-8").partition("## What a page asks")[2]
    rows = re.findall(r"^\| (`.*?`) \| (\d+) \|", told, re.M)
    return {
        family: int(most) for families, most in rows for family in re.findall("`(.*?)`", families)
    }


def family_of(address: str, families: Iterable[str]) -> str:
    """The family that says most of an address; ``…`` stands for anything."""
    path, _, asked = address.partition("?")
    state = next((f"?{one}" for one in ("why=", "query=") if one in asked), "")
    fit = (one for one in families
           if re.fullmatch(".*".join(map(re.escape, one.split("…"))), path + state))  # fmt: skip
    return max(fit, key=len)


@pytest.fixture(scope="module")
def needed(shipped: Site) -> dict[str, int]:
    """How many queries each page takes."""
    return {address: shipped.queries(address) for address in (*register.PAGES, *register.ALIKE)}


@pytest.mark.parametrize("address", [*register.PAGES, *register.ALIKE])
def test_queries_do_not_grow_with_the_cases(
    address: str, needed: dict[str, int], shipped: Site, larger: Site
) -> None:
    assert larger.cases == (1 + COPIES) * shipped.cases
    assert larger.queries(address) == needed[address]


def test_a_page_asks_what_the_documentation_says(needed: dict[str, int]) -> None:
    told = documented()
    most: dict[str, int] = dict.fromkeys(told, -1)
    for address, queries in needed.items():
        family = family_of(address, told)
        most[family] = max(most[family], queries)
    assert most == told


def test_no_panel_asks_twice(shipped: Site) -> None:
    before = len(shipped.engine.asked)
    assert shipped.queries("/cases/case-c") == len(set(shipped.engine.asked[before:]))


def test_many_cases_do_not_push_the_answer_off_the_first_page(larger: Site) -> None:
    """A place of the typology names a few cases, and leads to all of them."""
    browser = larger.app().test_client()
    further = re.findall(r'<a href="(/cases\?nature=[^"]*)">All (\d+)<', browser.get("/").text)
    assert len(further) >= 1
    for address, number in further:
        assert f"{number} of {larger.cases} cases" in browser.get(html.unescape(address)).text


def test_what_is_counted_is_what_is_asked(shipped: Site) -> None:
    assert shipped.queries("/about") == 0
    assert shipped.queries("/") == shipped.queries("/") >= 1
    # Each question alone, so that the panels are seen to be asked at all.
    shipped.engine.takes_many = False
    assert shipped.queries("/") == 5
    assert shipped.queries("/cases/case-c") == 17
    del shipped.engine.takes_many


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
    for tag in (first.headers["ETag"], f"W/{first.headers['ETag']}"):  # as a proxy weakens it
        again = client.get(path, headers={"If-None-Match": tag})
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
