"""The reference: a page for everything the schema holds, linked, counted, with an example."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from partnering.namespaces import CONCEPT, PTN
from partnering.reference import Reference
from partnering.service import Service
from partnering.store.base import select


@pytest.fixture(scope="module")
def reference(service: Service) -> Reference:
    return Reference(service.knowledge.engine, service.knowledge.workspace)


def test_every_term_of_ours_has_an_entry_with_words_and_a_home(reference: Reference) -> None:
    held = {
        kind: len(reference.of_kind(kind)) for kind in ("class", "property", "concept", "scheme")
    }
    assert held["class"] >= 60
    assert held["property"] >= 100
    assert held["concept"] >= 400
    assert held["scheme"] >= 30
    speechless = [one.name for one in reference.terms.values()
                  if not (one.label and one.definition) or (one.kind != "scheme" and not one.home)]  # fmt: skip
    assert speechless == []


def test_uses_are_those_of_the_index(reference: Reference, service: Service) -> None:
    for term, query in (
        (PTN.Finding, "SELECT DISTINCT ?x { ?x a ptn:Finding }"),
        (PTN.hasForm, "SELECT DISTINCT ?s ?o { ?s ptn:hasForm ?o }"),
    ):
        asked = select(service.knowledge.engine, f"PREFIX ptn: <{PTN}> {query}")
        assert reference.terms[str(term)].uses == len(asked) > 20


def test_axioms_and_ties_are_said_in_words(reference: Reference) -> None:
    mandated = reference.terms[str(PTN.MandatedPartnership)]
    assert mandated.axioms == ("is every partnering arrangement that has nature mandated",)
    assert [one.label for one in mandated.ties["above it"]] == ["partnering arrangement"]
    gap = reference.terms[str(PTN.EvidenceGap)]
    assert "factor finding" in [one.label for one in gap.ties["shares no member with"]]
    case = reference.terms[str(PTN.inCase)]
    assert [one.label for one in case.ties["the other way round"]] == ["has arrangement"]
    trust = reference.terms[str(CONCEPT["factor-trust"])]
    assert [one.label for one in trust.ties["above it"]] == ["relationships and trust"]


def test_an_example_is_of_a_case_and_always_the_same(
    reference: Reference, service: Service
) -> None:
    for iri in (PTN.EnablerFinding, PTN.hasForm, CONCEPT["factor-trust"]):
        term = reference.terms[str(iri)]
        example = reference.example(term)
        assert example is not None
        assert "/data/case-" in example.subject.iri
        again = Reference(service.knowledge.engine, service.knowledge.workspace)
        assert again.example(term) == example


def test_shapes_questions_and_rules_are_all_there(
    reference: Reference, service: Service, repository: Path
) -> None:
    assert sum(one.size for one in reference.constraints) >= 150
    assert all(part.asks and part.why and part.mend and part.title and part.description
               for one in reference.constraints for part in one.parts)  # fmt: skip
    files = [*repository.glob("queries/rules/*/*.rq"), *repository.glob("queries/hygiene/*.rq"),
             *repository.glob("shapes/consistency/*.rq")]  # fmt: skip
    assert len(reference.rules) == len(files) > 80
    assert [one.name for one in reference.rules if not one.does] == []
    asked = reference.questions_naming[str(PTN.EnablerFinding)]
    assert "enablers-in-successful-partnerships" in [one.iri for one in asked]


def test_every_class_shape_and_rule_has_a_page_and_so_has_what_it_leads_to(
    client: FlaskClient, reference: Reference
) -> None:
    paths = [f"/reference/class/{term.iri.removeprefix(str(PTN))}"
             for term in reference.of_kind("class")]  # fmt: skip
    paths += ["/reference/property/hasForm", "/reference/property/findingInCase",
              "/reference/concept/factor-trust", "/reference/scheme/scheme-form"]  # fmt: skip
    paths += [f"/reference/shape/{one.name}" for one in reference.constraints]
    paths += [f"/reference/rule/{one.family}/{one.name}" for one in reference.rules[::9]]
    leads: set[str] = set()
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert len(re.findall(r"<h1[ >]", answer.text)) == 1
        leads |= set(re.findall(r'href="(/reference/[^"#]+)', answer.text))
    assert len(leads) > 150
    known = {pages_of(one.iri, one.kind) for one in reference.terms.values()}
    known |= {path for path in leads if path.split("/")[2] in ("shape", "rule")}
    assert leads <= known


def pages_of(iri: str, kind: str) -> str:
    return f"/reference/{kind}/{iri.removeprefix(str(PTN)).removeprefix(str(CONCEPT))}"


def test_the_class_diagram_holds_every_class_once_with_its_count(
    client: FlaskClient, reference: Reference
) -> None:
    html = client.get("/reference").text
    drawn = re.findall(r'aria-label="([^":]+): (\d+)"><text', html)
    assert sorted(drawn) == sorted((one.label, str(one.uses)) for one in reference.of_kind("class"))
    assert html.count("<path d=") > 40


def test_a_wrong_name_offers_near_ones(client: FlaskClient) -> None:
    answer = client.get("/reference/class/Partnershp")
    assert answer.status_code == 404
    assert "Partnership" in answer.text
    assert client.get("/reference/rule/infer/chian").status_code == 404
