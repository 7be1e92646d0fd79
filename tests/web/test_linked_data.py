"""Every IRI of ours answers, in the form asked for, with all that is said of it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from partnering.webui import create_app
from partnering.webui.linked import RDF
from rdflib import RDF as SYNTAX
from rdflib import BNode, Graph, URIRef
from rdflib.namespace import FOAF, OWL, RDFS, SKOS
from werkzeug.test import TestResponse

from partnering.namespaces import BASE, GRAPH, PTN
from partnering.service import Service
from partnering.store.base import construct, select

READS = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdfxml": "xml"}
THINGS = ("data/case-b/case", "data/case-b/regency-vale-buddying", "data/success-rules/strict",
          "vocab/factor-trust", "vocab/scheme-factor", "vocab/direction-improved", "maintainers",
          "data/questions/timeline")  # fmt: skip
DOCUMENTS = ("ontology", "ontology/actors", "ontology/0.1.0", "ontology/0.1.0/actors",
             "ontology/alignments/org", "ontology/0.1.0/alignments/org",
             "graph/case/case-b", "graph/inferred/schema", "graph/provenance")  # fmt: skip
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def get(client: FlaskClient, path: str, accept: str | None = None) -> TestResponse:
    return client.get(path, headers={"Accept": accept} if accept else {})


def local(iri: str) -> str:
    return "/" + quote(iri.removeprefix(BASE).partition("#")[0], safe="/:,")


def read(answer: TestResponse, form: str) -> Graph:
    return Graph().parse(data=answer.data, format=READS[form])


@pytest.mark.parametrize("path", THINGS)
def test_a_thing_is_seen_elsewhere_in_the_form_asked_for(client: FlaskClient, path: str) -> None:
    sizes = set()
    for form in RDF:
        answer = get(client, f"/{path}", form.media_type)
        assert answer.status_code == 303
        assert "Accept" in answer.headers["Vary"]
        place = answer.headers["Location"].removeprefix("http://partnering.example")
        found = get(client, place)
        assert (found.status_code, found.mimetype) == (200, form.media_type)
        assert found.headers["ETag"]
        graph = read(found, form.name)
        assert (URIRef(f"{BASE}{path}"), None, None) in graph
        sizes.add(len(graph))
    assert len(sizes) == 1
    page = get(client, f"/{path}", BROWSER)
    assert page.status_code == 303
    shown = page.headers["Location"].removeprefix("http://partnering.example").partition("#")[0]
    assert "<h1>" in get(client, shown, BROWSER).text


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_answers_itself(client: FlaskClient, path: str) -> None:
    for form in RDF:
        answer = get(client, f"/{path}", form.media_type)
        assert (answer.status_code, answer.mimetype) == (200, form.media_type)
        assert "Accept" in answer.headers["Vary"]
        assert len(read(answer, form.name)) > 5
        twin = get(client, f"/{path}.{form.suffix or form.name}", "text/html")
        assert twin.data == answer.data
    assert "<h1>" in get(client, f"/{path}", BROWSER).text


def test_every_iri_answers_people_and_programs(client: FlaskClient, service: Service) -> None:
    """All that are no data, and of the thousands of data things every fiftieth."""
    rows = select(service.knowledge.engine, f"""SELECT DISTINCT ?x {{
      {{ ?x ?p ?o }} UNION {{ ?s ?p ?x }} UNION {{ ?s ?x ?o }} UNION {{ GRAPH ?x {{ ?s ?p ?o }} }}
      FILTER (isIRI(?x) && STRSTARTS(STR(?x), "{BASE}")) }} ORDER BY ?x""").rows  # fmt: skip
    named = [str(iri) for (iri,) in rows]
    chosen = [iri for iri in named if "/data/" not in iri and "#" not in iri]
    chosen += [iri for iri in named if "/data/" in iri][::50]
    assert len(named) > 5000
    assert len(chosen) > 600
    for number, iri in enumerate(chosen):
        for accept in ("text/turtle", BROWSER)[: 1 if number % 5 else 2]:
            answer = client.head(local(iri), headers={"Accept": accept})
            assert answer.status_code in (200, 303), iri
            place = answer.headers.get("Location", "")
            assert place.startswith("http://partnering.example/") or answer.status_code == 200
    terms = {iri.partition("#")[2] for iri in named if iri.startswith(str(PTN))}
    page = client.get("/ontology").text
    assert terms - set(re.findall(r' id="(\w+)"', page)) == set()


def test_a_description_is_whole_and_labelled(client: FlaskClient, service: Service) -> None:
    engine = service.knowledge.engine
    for path in ("data/case-b/case", "vocab/factor-trust", "id/ptn:EnablerFinding"):
        iri = URIRef(f"{PTN}EnablerFinding" if path.startswith("id/") else f"{BASE}{path}")
        got = read(client.get(f"/{path}.ttl"), "ttl")
        said = construct(engine, f"CONSTRUCT {{ {iri.n3()} ?p ?o }} WHERE {{ {iri.n3()} ?p ?o }}")
        assert len(said) > 4
        for _, predicate, value in said:
            assert (iri, predicate, None if isinstance(value, BNode) else value) in got
        pointed = {o for s, _, o in got if isinstance(o, URIRef) and str(o).startswith(BASE)}
        assert pointed
        for thing in pointed:
            labels = [
                got.value(thing, naming) for naming in (RDFS.label, SKOS.prefLabel, FOAF.name)
            ]
            assert any(labels) or "/ontology/" in str(thing), thing


def test_what_blank_nodes_hold_belongs_to_the_description(client: FlaskClient) -> None:
    text = client.get("/id/ptn:EnablerFinding.ttl").text
    assert "owl:intersectionOf (" in text, "laid out in brackets"
    graph = Graph().parse(data=text, format="turtle")
    (restriction,) = graph.subjects(SYNTAX.type, OWL.Restriction)
    assert graph.value(restriction, OWL.onProperty) == PTN.hasPolarity


@pytest.mark.parametrize("path", ["data/case-b/case", "vocab/factor-trust", "graph/case/case-b",
                                  "ontology", "ontology/actors", "dataset", "id/ptn:CaseStudy"])  # fmt: skip
def test_what_cannot_be_given_is_406_with_what_can(client: FlaskClient, path: str) -> None:
    answer = get(client, f"/{path}", "image/png")
    assert answer.status_code == 406
    assert answer.mimetype == "text/plain"
    assert len(answer.text.splitlines()) == 1
    for form in ("text/turtle (format=ttl)", "application/rdf+xml", "text/html"):
        assert form in answer.text
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize("path", [
    "/data/case-b/nothing-here", "/vocab/factor-nothing", "/graph/case/case-z", "/id/nothing",
    "/id/ptn:Nothing", "/ontology/nothing", "/ontology.png", "/ontology/9.9.9", "/data/%3E%20%7D",
    "/data/case-b/case%00", "/downloads/partnering.exe",
    "/dataset.exe/x",
])  # fmt: skip
def test_what_is_not_there_is_404_in_the_form_asked_for(client: FlaskClient, path: str) -> None:
    for accept in ("text/turtle", None):
        answer = get(client, path, accept)
        assert answer.status_code == 404
    line = get(client, path, "text/turtle")
    assert line.mimetype == "text/plain"
    assert len(line.text.splitlines()) == 1
    assert "<h1>" in get(client, path, BROWSER).text
    told = get(client, path, "application/ld+json").json
    assert told is not None
    assert told["status"] == 404


def test_the_base_is_the_configured_one_whatever_host_says(client: FlaskClient) -> None:
    evil = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    for path in ("/data/case-b/case", "/dataset.ttl", "/sitemap.xml", "/robots.txt", "/",
                 "/data/case-b/case.html", "/sparql", "/api/openapi.json"):  # fmt: skip
        answer = client.get(path, headers=evil)
        assert answer.status_code in (200, 303)
        assert "evil.example" not in answer.text + answer.headers.get("Location", "")
    there = client.get("/data/case-b/case", headers=evil).headers["Location"]
    assert there == "http://partnering.example/data/case-b/case.ttl"


def test_without_a_configured_base_redirects_stay_where_the_asker_is(service: Service) -> None:
    app: Flask = create_app(service)
    there = app.test_client().get("/data/case-b/case").headers["Location"]
    assert there == "/data/case-b/case.ttl"


def test_a_description_held_already_is_not_sent_again(client: FlaskClient) -> None:
    for path in ("/data/case-b/case.ttl", "/graph/case/case-b.nt", "/ontology.ttl"):
        held = client.get(path).headers["ETag"]
        again = client.get(path, headers={"If-None-Match": held})
        assert (again.status_code, again.data) == (304, b"")


def test_any_page_may_read(client: FlaskClient) -> None:
    for path in ("/data/case-b/case", "/data/case-b/case.ttl", "/dataset.ttl", "/data/nothing"):
        answer = client.get(path, headers={"Origin": "https://notebook.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
    asked = client.options("/data/case-b/case.ttl", headers={
        "Origin": "https://notebook.example", "Access-Control-Request-Method": "GET"})  # fmt: skip
    assert asked.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in asked.headers["Access-Control-Allow-Methods"]


def test_a_page_shows_what_is_said_what_names_it_and_where_it_stands(client: FlaskClient) -> None:
    html = client.get("/data/case-b/regency-vale-buddying.html").text
    assert "Buddying of Green Bay with Regency Vale" in html
    assert 'href="/ontology#Partnership"' in html
    assert 'href="/vocab/nature-mandated"' in html
    assert 'href="/graph/case/case-b"' in html
    assert "What names it" in html
    assert 'type="text/turtle" href="/data/case-b/regency-vale-buddying.ttl"' in html


def test_names_with_prefixes_lead_to_things(client: FlaskClient) -> None:
    there = get(client, "/id/rule:strict", "text/turtle").headers["Location"]
    assert there.endswith("/data/success-rules/strict")
    assert (
        get(client, "/id/ptn:CaseStudy", BROWSER)
        .headers["Location"]
        .endswith("/ontology#CaseStudy")
    )
    assert get(client, "/id/case-b/case").headers["Location"].endswith("/data/case-b/case")
    borrowed = read(client.get("/id/skos:prefLabel.ttl"), "ttl")
    assert (SKOS.prefLabel, RDFS.label, None) in borrowed


def test_a_graph_is_what_the_index_holds(client: FlaskClient, service: Service) -> None:
    part = next(p for p in service.knowledge.index.parts if p.graph == f"{GRAPH}case/case-b")
    assert len(read(client.get("/graph/case/case-b.nt"), "nt")) == part.quads


def test_terms_that_only_an_alignment_coins_answer_too(
    client: FlaskClient, repository: Path
) -> None:
    coined = set(re.findall(r"concept:(cfir-[\w-]+) a skos:Concept",
                            (repository / "ontology/alignments/cfir.ttl").read_text("utf-8")))  # fmt: skip
    assert len(coined) > 20
    for name in sorted(coined)[:5]:
        answer = client.get(f"/vocab/{name}.ttl")
        assert (URIRef(f"{BASE}vocab/{name}"), SKOS.prefLabel, None) in read(answer, "ttl")
