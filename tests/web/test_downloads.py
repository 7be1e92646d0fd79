"""The whole to take away, what it says of itself, and what machines that walk the site are told."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from partnering.webui.downloads import FORMS
from playwright.sync_api import ConsoleMessage, Page
from rdflib import Graph, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, VOID

from partnering import dumps
from partnering.errors import Busy
from partnering.namespaces import BASE
from partnering.notation import FORMATS, WITH_GRAPHS
from partnering.service import Service
from partnering.store.base import select

EVERY = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"
HERE = URIRef(f"{BASE}dataset")


@pytest.mark.parametrize("suffix", FORMS)
def test_the_whole_is_all_that_the_index_holds(
    client: FlaskClient, service: Service, suffix: str
) -> None:
    answer = client.get(f"/downloads/partnering.{suffix}")
    form = FORMS[suffix]
    assert (answer.status_code, answer.mimetype) == (200, form.media_type)
    assert service.snapshot in answer.headers["Content-Disposition"]
    quads = list(ox.parse(answer.data, format=FORMATS[form.name]))
    if form.name in WITH_GRAPHS:
        assert len(set(quads)) == service.knowledge.index.quads
    else:
        ((count,),) = select(service.knowledge.engine, EVERY).rows
        assert len({quad.triple for quad in quads}) == int(str(count))


def test_one_file_is_made_at_a_time(service: Service) -> None:
    dumps.path_of(service.knowledge.index, "nt").unlink(missing_ok=True)
    with dumps._MAKING, pytest.raises(Busy):
        dumps.ready(service.knowledge.index, "nt")


def test_findings_are_one_table(client: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/downloads/findings.csv").text)))
    assert len(rows) > 100
    assert {"case", "kind", "summary", "finding"} <= rows[0].keys()


def test_the_page_lists_every_graph(client: FlaskClient, service: Service) -> None:
    html = client.get("/downloads").text
    for part in service.knowledge.index.parts:
        assert f'href="/graph/{part.graph.partition("/graph/")[2]}"' in html


def test_the_dataset_describes_itself_with_counts_and_licences(
    client: FlaskClient, service: Service
) -> None:
    for path in ("/.well-known/void", "/void"):
        assert client.get(path).headers["Location"] == "http://partnering.example/dataset"
    graph = Graph().parse(data=client.get("/dataset.ttl").data, format="turtle")
    assert {DCAT.Dataset, VOID.Dataset} <= set(graph.objects(HERE, RDF.type))
    engine = service.knowledge.engine
    for predicate, query in {
        VOID.triples: EVERY,
        VOID.properties: "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
        VOID.classes: "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }",
    }.items():
        ((count,),) = select(engine, query).rows
        assert str(graph.value(HERE, predicate)) == str(count)
    subsets = set(graph.objects(HERE, VOID.subset))
    assert len(subsets) == len(service.knowledge.index.parts)
    for node in (HERE, *subsets, *graph.subjects(RDF.type, DCAT.Distribution)):
        assert graph.value(node, DCTERMS.license)
    assert (
        sum(int(str(graph.value(s, VOID.triples))) for s in subsets)
        == service.knowledge.index.quads
    )
    assert graph.value(HERE, VOID.sparqlEndpoint) == URIRef("http://partnering.example/sparql")
    (catalogue,) = graph.subjects(RDF.type, DCAT.Catalog)
    assert HERE in set(graph.objects(catalogue, DCAT.dataset))
    assert len(set(graph.subjects(RDF.type, DCAT.DataService))) == 2
    assert graph.value(HERE, FOAF.homepage)


def test_every_file_the_description_names_is_there(client: FlaskClient) -> None:
    graph = Graph().parse(data=client.get("/dataset.jsonld").data, format="json-ld")
    files = {str(o) for p in (DCAT.downloadURL, DCAT.endpointDescription, DCAT.landingPage)
             for o in graph.objects(None, p)}  # fmt: skip
    files |= {str(o) for o in list(graph.objects(None, VOID.dataDump))[:40]}
    assert len(files) > 40
    for address in sorted(files):
        assert client.head(address.removeprefix("http://partnering.example")).status_code == 200


def test_the_sitemap_lists_pages_that_answer(client: FlaskClient) -> None:
    robots = client.get("/robots.txt").text
    assert "Sitemap: http://partnering.example/sitemap.xml" in robots
    assert "Disallow: /sparql" in robots
    tree = ET.fromstring(client.get("/sitemap.xml").text)
    listed = [e.text or "" for e in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert len(listed) == len(set(listed)) > 300
    for address in [*listed[:25], *listed[25::40]]:
        assert client.get(address.removeprefix("http://partnering.example")).status_code == 200


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/", "Dataset"), ("/downloads", "Dataset"), ("/cases/case-b", "CreativeWork"),
     ("/factors/trust", "DefinedTerm"), ("/outcomes/patient", "DefinedTerm"),
     ("/vocabulary/direction", "DefinedTermSet"), ("/ontology", "DefinedTermSet"),
     ("/questions/timeline", "Dataset")],
)  # fmt: skip
def test_pages_say_in_schema_org_what_they_are_about(
    client: FlaskClient, path: str, kind: str
) -> None:
    html = client.get(path).text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    told = json.loads(block)
    assert (told["@context"], told["@type"]) == ("https://schema.org", kind)
    assert told["name"]
    assert told["@id"].startswith(("https://w3id.org/partnering/", "http://partnering.example/"))


@pytest.mark.browser
def test_the_policy_lets_blocks_of_data_stand(page: Page, site: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(_text(message)))
    page.goto(f"{site}/factors/trust")
    block = page.locator('script[type="application/ld+json"]').text_content()
    assert block is not None
    assert json.loads(block)["@type"] == "DefinedTerm"
    assert said == []


def _text(message: ConsoleMessage) -> str:
    return message.text
