"""The editor: a plain form that runs a query and adds the prefixes it lacks."""

from __future__ import annotations

import html
import re
import subprocess
from pathlib import Path
from urllib.request import urlopen

from flask.testing import FlaskClient
from partnering.webui.prefixes import completed, missing


def test_an_undeclared_prefix_of_ours_is_added_in_sight(client: FlaskClient) -> None:
    page = client.get("/query", query_string={"query": "SELECT ?c { ?c a ptn:CaseStudy }"})
    assert page.status_code == 200
    text = html.unescape(page.text)
    assert "PREFIX ptn: <https://w3id.org/partnering/ontology#>" in text
    assert "data/case-b/case" in text


def test_ask_and_describe_are_shown_too(client: FlaskClient) -> None:
    assert ">yes</td>" in client.get("/query", query_string={"query": "ASK { ?s ?p ?o }"}).text
    described = client.get("/query", query_string={"query": "DESCRIBE ptn:CaseStudy"})
    assert "case study" in described.text


def test_a_bad_query_keeps_its_text_and_says_where_it_is_wrong(client: FlaskClient) -> None:
    page = client.get("/query", query_string={"query": "SELECT ?x WHERE { ?x ?y }"})
    assert page.status_code == 400
    assert "SELECT ?x WHERE { ?x ?y }" in page.text
    assert "ine 1, column" in page.text


def test_prefixes_are_found_where_they_are_used_and_nowhere_else() -> None:
    assert missing("SELECT * { ?s ptn:summary ?x }") == ["ptn"]
    assert missing("PREFIX ptn: <x> SELECT * { ?s ptn:summary ?x }") == []
    assert missing('SELECT * { ?s ?p "ptn:summary" }') == []
    assert missing("SELECT * { ?s ?p <http://ptn:80/> } # rdfs:label") == []
    assert missing("SELECT * { ?s foo:bar ?x }") == []
    assert completed("ASK {}") == "ASK {}"


def test_what_it_shows_for_programs_runs_as_it_stands(site: str, tmp_path: Path) -> None:
    page = urlopen(f"{site}/query").read().decode()
    shown = page.split('id="programs"')[1].split("</section>")[0]
    curl, python = (
        html.unescape(code).replace("http://127.0.0.1:8000", site)
        for code in re.findall(r"<code>(\w+ .*?)</code></pre>", shown, re.DOTALL)
    )
    (tmp_path / "query.rq").write_text(
        "SELECT ?c { ?c a <https://w3id.org/partnering/ontology#CaseStudy> }"
    )
    told = subprocess.run(
        curl, shell=True, cwd=tmp_path, capture_output=True, check=True, text=True
    )
    assert len(told.stdout.splitlines()) == 6
    setting, _, table = python.strip().rpartition("\n")
    names: dict[str, object] = {}
    exec(setting, names)
    assert {"factor", "summary", "claimantLabel"} <= set(eval(table, names).columns)
