"""Alignments: every name is a real one, every mapping has its reason, and all hold together."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.namespace import DCTERMS, ORG, PROV, SKOS

from partnering import names, slices, workspace
from partnering.gates import statements
from partnering.gates.material import Material
from partnering.namespaces import BASE, CONCEPT, OA, PTN
from partnering.pipeline import publish
from partnering.reasoning import reason
from partnering.workspace import Workspace

FILES = sorted((Path(__file__).parents[2] / "ontology" / "alignments").glob("*.ttl"))
MAPPINGS = {
    *(RDFS.subClassOf, RDFS.subPropertyOf, SKOS.closeMatch, SKOS.broadMatch),
    *(SKOS.narrowMatch, SKOS.relatedMatch, SKOS.exactMatch),
}
TARGETS = """
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
org:Organization rdfs:subClassOf foaf:Agent .
org:FormalOrganization rdfs:subClassOf org:Organization .
org:OrganizationalUnit rdfs:subClassOf org:Organization .
org:OrganizationalCollaboration rdfs:subClassOf org:Organization .
org:ChangeEvent rdfs:subClassOf prov:Activity .
org:Role rdfs:subClassOf skos:Concept .
org:memberOf rdfs:domain foaf:Agent ; rdfs:range org:Organization .
prov:Activity owl:disjointWith prov:Entity .
prov:Organization rdfs:subClassOf prov:Agent .
prov:Person rdfs:subClassOf prov:Agent .
prov:Plan rdfs:subClassOf prov:Entity .
prov:wasAttributedTo rdfs:domain prov:Entity ; rdfs:range prov:Agent .
prov:wasDerivedFrom rdfs:domain prov:Entity ; rdfs:range prov:Entity .
oa:SpecificResource rdfs:subClassOf oa:ResourceSelection .
oa:hasSource rdfs:domain oa:ResourceSelection .
"""
"""What the targets say of the terms that classes and properties of ours are put under."""


@pytest.fixture(scope="module")
def shipped(repository: Path) -> Workspace:
    return workspace.locate(repository)


@pytest.fixture(scope="module")
def graphs() -> dict[str, Graph]:
    return {path.stem: Graph().parse(path, format="turtle") for path in FILES}


def test_the_six_are_there() -> None:
    assert [path.stem for path in FILES] == [
        "cfir", "eco", "org", "prov-o", "sepio", "web-annotation",
    ]  # fmt: skip


def mappings(graph: Graph) -> list[tuple[URIRef, URIRef, URIRef]]:
    found = [
        (s, p, o)
        for s, p, o in graph
        if p in MAPPINGS and str(s).startswith((str(PTN), str(CONCEPT)))
    ]
    return found  # type: ignore[return-value]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_mapping_is_of_a_term_of_ours_and_has_its_reason(
    path: Path, graphs: dict[str, Graph], shipped: Workspace
) -> None:
    graph = graphs[path.stem]
    known = names.of_workspace(shipped)
    found = mappings(graph)
    assert len(found) >= 10
    assert [str(s) for s, _, _ in found if str(s) not in known.kinds] == []
    reasons = {
        (graph.value(a, OWL.annotatedSource), graph.value(a, OWL.annotatedProperty),
         graph.value(a, OWL.annotatedTarget)): str(graph.value(a, RDFS.comment) or "")
        for a in graph.subjects(RDF.type, OWL.Axiom)
    }  # fmt: skip
    assert set(reasons) == set(found)
    assert [one for one, why in reasons.items() if len(why) < 20] == []
    labelled = {*graph.subjects(RDFS.label), *graph.subjects(SKOS.prefLabel)}
    targets = {o for _, _, o in found if str(o) not in known.kinds}
    assert targets - labelled == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_has_a_whole_header(path: Path, graphs: dict[str, Graph]) -> None:
    graph = graphs[path.stem]
    (node,) = graph.subjects(RDF.type, OWL.Ontology)
    assert str(node) == f"{BASE}ontology/alignments/{path.stem}"
    said = set(graph.predicates(node))
    assert {
        *(DCTERMS.title, DCTERMS.description, DCTERMS.license, DCTERMS.creator, DCTERMS.created),
        *(DCTERMS.modified, DCTERMS.source, DCTERMS.bibliographicCitation, DCTERMS.publisher),
        *(OWL.versionIRI, OWL.versionInfo),
    } <= said
    assert OWL.imports not in said


def test_names_of_org_and_prov_are_in_the_lists_rdflib_keeps_of_them(
    graphs: dict[str, Graph],
) -> None:
    for slug, space in (("org", ORG), ("prov-o", PROV)):
        targets = {o for _, _, o in mappings(graphs[slug])}
        assert len(targets) > 8
        assert [str(o) for o in targets if o not in space] == []


def test_names_of_the_others_are_of_their_namespaces(graphs: dict[str, Graph]) -> None:
    starts = {
        "web-annotation": str(OA),
        "sepio": "http://purl.obolibrary.org/obo/SEPIO_",
        "eco": "http://purl.obolibrary.org/obo/ECO_",
        "cfir": f"{CONCEPT}cfir-",
    }
    for slug, start in starts.items():
        assert [str(o) for _, _, o in mappings(graphs[slug]) if not str(o).startswith(start)] == []


def test_every_group_of_factors_is_mapped_to_cfir(
    graphs: dict[str, Graph], shipped: Workspace
) -> None:
    vocabulary = Graph().parse(shipped.root / "ontology/vocab/factor.ttl", format="turtle")
    groups = set(vocabulary.subjects(SKOS.topConceptOf))
    assert len(groups) > 10
    assert groups - {s for s, _, _ in mappings(graphs["cfir"])} == set()


def test_stand_ins_for_cfir_are_no_concepts_of_the_vocabularies(
    graphs: dict[str, Graph], shipped: Workspace
) -> None:
    coined = {str(s) for s in graphs["cfir"].subjects(RDF.type, SKOS.Concept)}
    assert len(coined) > 30
    assert coined.isdisjoint(names.of_workspace(shipped).kinds)
    for one in coined:
        assert graphs["cfir"].value(URIRef(one), DCTERMS.source) is not None


def test_they_use_declared_names_alone(shipped: Workspace) -> None:
    found = statements.others(Material(shipped))
    assert found.counts["alignments"] == len(FILES)
    assert [str(p) for p in found.problems if "alignments" in p.where] == []


def test_they_are_not_in_the_index_and_in_no_slice(shipped: Workspace) -> None:
    kinds = {f.relative: f.kind for f in shipped.graph_files if "/alignments/" in f.relative}
    assert set(kinds.values()) == {"alignment"}
    assert len(kinds) == len(FILES)
    in_slices = {f.relative for part in slices.of_workspace(shipped) for f in part.files}
    assert in_slices.isdisjoint(kinds)
    index = publish.current(shipped)
    assert index is None or not [p for p in index.parts if "/alignment/" in p.graph]


@pytest.mark.slow
def test_all_of_them_hold_together_with_what_the_targets_say(
    shipped: Workspace, tmp_path: Path
) -> None:
    targets = tmp_path / "targets.ttl"
    targets.write_text(TARGETS, "utf-8")
    kinds = ("ontology", "vocabulary", "alignment")
    found = reason.check(shipped, kinds=kinds, beside=[targets], explain=True)
    assert [str(one) for one in found.explanations] == []
    assert found.sound
    assert found.classes > 90


@pytest.mark.slow
def test_a_mapping_that_cannot_be_is_found(shipped: Workspace, tmp_path: Path) -> None:
    """An event put under entities, where PROV-O keeps entities and activities apart."""
    wrong = tmp_path / "wrong.ttl"
    wrong.write_text(f"{TARGETS}\n<{PTN}PartneringEvent> rdfs:subClassOf prov:Entity .\n", "utf-8")
    kinds = ("ontology", "alignment")
    found = reason.check(shipped, kinds=kinds, beside=[wrong], explain=True)
    assert f"{PTN}PartneringEvent" in found.unsatisfiable
    assert "which are declared disjoint" in found.explanations[0].sentence
