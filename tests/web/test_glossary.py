"""Words with a fixed meaning are explained; pages for readers use plain ones."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

from partnering.service import Service

READING = ("/", "/cases", "/cases/case-c", "/factors", "/factors/leadership", "/outcomes",
           "/outcomes/patient", "/actors", "/synthesis", "/literature", "/source", "/map",
           "/source/case-c/impact-of-partnering", "/compare", "/questions", "/about",
           "/search?q=trust", "/questions/what-helped?why=1", "/nothing-here")  # fmt: skip
JARGON = re.compile(r"\b(?<!for )(instances?|nodes?|triples?|IRIs?|URIs?|literals?)\b", re.I)


def words(page: str) -> str:
    """What a page says, without its head, navigation, foot and code."""
    main = page.split("<main")[1].split("</main>")[0]
    main = re.sub(r"<(pre|code|script)[ >].*?</\1>", " ", main, flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", " ", main))


@pytest.mark.parametrize("path", READING)
def test_a_page_for_readers_speaks_plainly(client: FlaskClient, path: str) -> None:
    said = words(client.get(path).text)
    assert len(said.split()) > 20
    assert JARGON.findall(said) == []


def test_every_word_that_is_marked_is_explained_on_its_page(client: FlaskClient) -> None:
    for path in ("/cases/case-c", "/factors/leadership", "/outcomes"):
        page = client.get(path).text
        marked = set(re.findall(r'href="#(word-[^"]+)"', page))
        explained = re.findall(r'<dt id="(word-[^"]+)">[^<]+</dt><dd>[^<]{3,}</dd>', page)
        assert len(marked) >= 3
        assert marked == set(explained)
        assert len(explained) == len(set(explained))


def test_the_meaning_of_a_word_can_be_had_alone(client: FlaskClient, service: Service) -> None:
    trust = service.knowledge.vocabulary.resolve("scheme:factor", "trust", parameter="factor")
    answer = client.get("/words/factor-trust")
    assert answer.text == trust.definition
    assert answer.mimetype == "text/plain"
    assert client.get("/words/factor-nonsense").status_code == 404


def test_every_page_says_how_to_cite_it(client: FlaskClient, service: Service) -> None:
    for path in ("/", "/cases/case-b", "/map?by=kind", "/compare?cases=case-a,case-c"):
        cited = re.search(r'<p class="citation">(.*?)</p>', client.get(path).text, re.S)
        assert cited
        assert service.snapshot in cited[1]
        assert f"http://partnering.example{path}" in html.unescape(cited[1])
