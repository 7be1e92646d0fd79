"""What a page answers is what the library and the endpoint answer."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from partnering.webui import create_app

from partnering.knowledge import KnowledgeGraph
from partnering.namespaces import PREFIXES
from partnering.service import Service
from partnering.store.base import Reply, Table
from partnering.store.readers import OwnReaders, ReaderPool
from partnering.store.room import Limits

HEADLINE = "enablers-in-successful-partnerships"
ASKED = [
    {},
    {"nature": "voluntary"},
    {"nature": "any", "scale": "structural", "rule": "strict"},
    {"nature": "mandated", "rule": "authors-view"},
]


SHOWN = 10
"""Rows of the answer that the first page shows; the rest is one click away."""


def first_column(page: str, panel: str) -> list[str]:
    """Words of the row headings of one panel's table."""
    section = re.search(rf'<section[^>]*aria-labelledby="{panel}".*?</section>', page, re.S)
    assert section
    found = re.findall(r'<th role="rowheader"[^>]*>(.*?)</th>', section[0], re.S)
    return [html.unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in found]


@pytest.mark.parametrize("asked", ASKED)
def test_home_library_and_endpoint_give_the_same_rows(
    client: FlaskClient, service: Service, asked: dict[str, str]
) -> None:
    answer = service.knowledge.ask_question(HEADLINE, **asked)
    told = [row["factorLabel"] for row in answer.rows]
    page = client.get("/", query_string=asked)
    assert first_column(page.text, "answer") == told[:SHOWN]
    reply = client.get(
        "/sparql",
        query_string={"query": answer.bound.query},
        headers={"Accept": "application/sparql-results+json"},
    )
    assert Table.from_json(reply.data) == answer.table
    assert (
        first_column(client.get(f"/questions/{HEADLINE}", query_string=asked).text, "answer")
        == told
    )


def test_the_headline_is_not_empty_unasked(service: Service) -> None:
    assert len(service.knowledge.ask_question(HEADLINE).table) > 5


def test_twins_hold_what_the_page_shows(client: FlaskClient, service: Service) -> None:
    answer = service.knowledge.ask_question("what-helped", case="case-b")
    expected = json.loads(json.dumps(answer.to_dict(), default=str))
    assert client.get("/questions/what-helped.json?case=case-b").json == expected
    assert client.get("/api/questions/what-helped?case=case-b").json == expected
    text = client.get("/questions/what-helped.csv?case=case-b").text
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[0] == list(answer.table.columns)
    assert len(lines) == 1 + len(answer.table)


def test_the_catalogue_lists_every_question(client: FlaskClient, service: Service) -> None:
    listed = client.get("/api/questions").json
    assert listed is not None
    questions = service.knowledge.questions()
    assert [one["slug"] for one in listed] == [one.slug for one in questions]
    page = client.get("/questions").text
    for question in questions:
        assert f'href="/questions/{question.slug}"' in page


def test_every_question_has_a_page_and_a_way_to_its_reasons(
    client: FlaskClient, service: Service
) -> None:
    seen = 0
    for question in service.knowledge.questions():
        page = client.get(f"/questions/{question.slug}")
        assert page.status_code == 200, question.slug
        if "why=1#reasons" in page.text:
            seen += 1
            why = client.get(f"/questions/{question.slug}?why=1")
            assert why.status_code == 200, question.slug
            assert "Why row 1 is there" in why.text
    assert seen > 40


def test_reasons_reach_findings_voices_and_places(client: FlaskClient, service: Service) -> None:
    why = service.knowledge.ask_question(HEADLINE).why(0)
    page = html.unescape(client.get(f"/questions/{HEADLINE}?why=1").text)
    assert why.findings
    for finding in why.findings:
        assert finding.summary in page
        assert finding.claimant
        assert finding.claimant in page
        for place in finding.places:
            assert f"{place.label}</a>, characters {place.start} to {place.end}" in page
    for verdict in why.verdicts:
        for reason in (*verdict.based_on, *verdict.weighs_against):
            assert reason.summary in page
    told = client.get(f"/questions/{HEADLINE}.json?why=1").json
    assert told is not None
    assert [one["summary"] for one in told["why"]["findings"]] == [f.summary for f in why.findings]


def test_a_citation_names_question_parameters_rule_and_snapshot(
    client: FlaskClient, service: Service
) -> None:
    page = client.get(f"/questions/{HEADLINE}?nature=voluntary&rule=strict").text
    cited = re.search(r'<p class="citation">(.*?)</p>', page, re.S)
    assert cited
    for word in ("Q001", "nature = voluntary", "rule strict version 1", service.snapshot,
                 "http://partnering.example/questions/"):  # fmt: skip
        assert word in cited[1]


def test_a_case_page_says_each_finding_of_what_helped(
    client: FlaskClient, service: Service
) -> None:
    rows = service.knowledge.ask_question("what-helped", case="case-b").rows
    page = html.unescape(client.get("/cases/case-b").text)
    assert rows
    for row in rows:
        assert row["summary"] in page


class Counted:
    """Counts the queries that pages ask."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.number = 0
        execute = OwnReaders.execute

        def counting(readers: OwnReaders, query: str, **given: Any) -> Reply:
            self.number += 1
            return execute(readers, query, **given)

        monkeypatch.setattr(OwnReaders, "execute", counting)


def test_queries_do_not_grow_with_rows(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing_kept = Service(service.knowledge, service.public)
    client = create_app(nothing_kept).test_client()
    client.get("/")  # the vocabulary is read once
    counted = Counted(monkeypatch)
    many = client.get("/questions/who-felt-what")
    assert many.status_code == 200
    # The rows; then, for what stands behind them, the pattern, the statements and their tellers.
    asked = counted.number
    assert 1 < asked <= 6
    client.get("/questions/who-felt-what?page=2")
    assert counted.number <= asked + 2
    asked = counted.number
    # What claims nothing about partnering cannot be thin: the rows alone are asked for.
    client.get("/questions/paragraphs-and-what-they-became?section=case-d")
    assert counted.number == asked + 1
    asked = counted.number
    client.get("/questions/what-helped?case=case-d&why=1")
    assert 2 < counted.number - asked <= 16


def test_an_answer_too_large_says_how_to_ask_for_less(service: Service) -> None:
    knowledge = service.knowledge
    limits = Limits(max_rows=500)
    with ReaderPool(knowledge.index.path, readers=1, own_limits=limits, prefixes=PREFIXES) as pool:
        narrow = KnowledgeGraph(pool.own, knowledge.workspace, knowledge.index)
        client = create_app(Service(narrow, pool)).test_client()
        path = "/questions/paragraphs-and-what-they-became"
        for form in ("", ".csv", ".json"):
            answer = client.get(path + form)
            assert answer.status_code == 400, form
            assert "Retry-After" not in answer.headers
            said = html.unescape(answer.text)
            assert "500 rows" in said
            assert "What became of each paragraph of the whole source?" in said
            assert "arrow it, with section=" in said
            assert "/downloads" in said
        assert client.get(f"{path}?section=case-d").status_code == 200
