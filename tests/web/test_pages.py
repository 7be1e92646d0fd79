"""Every page answers, is small, names itself, and says what it may load."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from partnering.webui import create_app
from tests.web import register

from partnering.service import Service

MOST_BYTES = 100_000


def test_a_page_answers_and_names_itself(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    html = answer.text
    assert len(re.findall(r"<h1[ >]", html)) == 1
    assert re.search(r"<title>.{3,} – Partnering</title>", html)
    assert html.count('id="content"') == 1
    assert "does not hold the question" not in html
    assert len(answer.data) < MOST_BYTES


def test_the_register_knows_every_kind_of_page(app: Flask) -> None:
    routes = app.url_map.bind("localhost")
    known = {routes.match(urlsplit(address).path)[0] for address in register.PAGES}
    reading = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert reading - register.FOR_PROGRAMS == known, "add its address to tests/web/register.py"


def test_no_identifier_is_given_twice(client: FlaskClient, path: str) -> None:
    identifiers = re.findall(r' id="([^"]+)"', client.get(path).text)
    assert identifiers
    assert len(identifiers) == len(set(identifiers))


def test_links_of_the_same_name_lead_to_the_same_place(client: FlaskClient, path: str) -> None:
    found = re.search(r"<main.*</main>", client.get(path).text, re.S)
    assert found
    leads: dict[str, set[str]] = {}
    for attributes, words in re.findall(r"<a\b([^>]*)>(.*?)</a>", found[0], re.S):
        named = re.search(r'aria-label="([^"]*)"', attributes)
        name = " ".join((named[1] if named else re.sub(r"<[^>]+>", "", words)).split())
        shown = " ".join(re.sub(r"<[^>]+>", "", words).split())
        assert "<svg" in words or "<text" in words or name.startswith(shown) or not named, name
        (href,) = re.findall(r'href="([^"]*)"', attributes)
        if href.startswith(("/questions/", "/cases?")):
            leads.setdefault(name, set()).add(href)
    assert {name: hrefs for name, hrefs in leads.items() if len(hrefs) > 1} == {}


def test_every_link_within_the_site_leads_somewhere(client: FlaskClient, path: str) -> None:
    html = client.get(path).text
    links = {link for link in re.findall(r'href="(/[^"#?]*)', html) if "/assets/" not in link}
    seen = 0
    for link in sorted(links)[:40]:
        seen += 1
        answer = client.get(link, headers={"Accept": "text/html"})
        assert answer.status_code in (200, 303), link
    assert seen > 5


def test_what_cannot_be_answered_is_refused_in_plain_words(
    client: FlaskClient, fault: tuple[str, int]
) -> None:
    path, status = fault
    answer = client.get(path)
    assert answer.status_code == status
    assert "Traceback" not in answer.text
    assert "<h1>" in answer.text


def test_a_wrong_address_offers_near_ones(client: FlaskClient) -> None:
    assert 'href="/questions"' in client.get("/question").text
    assert "what-helped" in client.get("/questions/what-helpd").text


def test_a_bad_value_is_answered_with_the_good_ones(client: FlaskClient) -> None:
    text = client.get("/questions/verdicts-with-reasons?rule=generous").text
    for rule in ("strict", "reported", "authors-view"):
        assert rule in text


def test_nothing_inline_and_nothing_from_elsewhere_is_allowed(client: FlaskClient) -> None:
    for path in ("/", "/nothing-here", "/healthz", "/sparql"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
    headers = client.get("/").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_stale_pages_say_so_and_why(service: Service) -> None:
    stale = Service(service.knowledge, service.public, stale="data/cases/case-x.ttl:7: no polarity")
    client = create_app(stale).test_client()
    for path in ("/", "/cases/case-a", "/about"):
        text = client.get(path).text
        assert "not up to date" in text
        assert "case-x.ttl:7" in text
    health = client.get("/healthz").json
    assert health is not None
    assert health["status"] == "stale"
    assert "case-x.ttl:7" in health["why_stale"]


def test_health_names_the_snapshot_and_the_readers(client: FlaskClient, service: Service) -> None:
    health = client.get("/healthz").json
    assert health is not None
    assert health["status"] == "ok"
    assert health["snapshot"] == service.snapshot
    assert health["quads"] > 1000
    assert health["readers"] >= 2
