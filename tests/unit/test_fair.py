"""The FOOPS! criteria that can be tried without publishing, and the page that lists all of them.

FOOPS! (https://w3id.org/foops) scans a published ontology; what it looks for in the files
themselves is looked for here, by its own abbreviations.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.namespace import DCTERMS, SKOS, VANN
from rdflib.term import Node

from partnering import workspace
from partnering.namespaces import BASE, ONTOLOGY_IRI, PTN
from partnering.workspace import Workspace

BIBO = "http://purl.org/ontology/bibo/"
CRITERIA = {
    *("PURL1", "URI1", "URI2", "VER1", "VER2", "OM1", "FIND1", "FIND2", "FIND3", "FIND_3_BIS"),
    *("CN1", "HTTP1", "RDF1", "VOC1", "VOC2", "DOC1", "OM2", "OM3", "OM4.1", "OM4.2"),
    *("OM5.1", "OM5.2", "VOC3", "VOC4"),
}
"""The 24 checks of FOOPS!, as its metrics name them."""


@pytest.fixture(scope="module")
def shipped(repository: Path) -> Workspace:
    return workspace.locate(repository)


@pytest.fixture(scope="module")
def modules(shipped: Workspace) -> dict[str, Graph]:
    found = {
        file.relative: Graph().parse(file.path, format="turtle")
        for file in shipped.graph_files
        if file.kind == "ontology"
    }
    assert len(found) >= 8
    return found


@pytest.fixture(scope="module")
def whole(modules: dict[str, Graph]) -> Graph:
    graph = Graph()
    for module in modules.values():
        graph += module
    return graph


@pytest.fixture(scope="module")
def headers(modules: dict[str, Graph]) -> dict[str, tuple[Graph, Node]]:
    found = {}
    for name, graph in modules.items():
        (node,) = graph.subjects(RDF.type, OWL.Ontology)
        found[name] = (graph, node)
    return found


def lacking(headers: dict[str, tuple[Graph, Node]], *asked: URIRef) -> list[str]:
    return [
        f"{name} {predicate}"
        for name, (graph, node) in headers.items()
        for predicate in asked
        if graph.value(node, predicate) is None
    ]


def terms(whole: Graph) -> set[Node]:
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    found = {s for kind in kinds for s in whole.subjects(RDF.type, kind)}
    ours = {term for term in found if str(term).startswith(str(PTN))}
    assert len(ours) > 150
    return ours


def test_purl1_the_name_is_a_persistent_one(headers: dict[str, tuple[Graph, Node]]) -> None:
    assert {str(node).startswith("https://w3id.org/") for _, node in headers.values()} == {True}


def test_http1_the_name_is_of_an_open_protocol(headers: dict[str, tuple[Graph, Node]]) -> None:
    assert {str(node).partition(":")[0] for _, node in headers.values()} == {"https"}


def test_uri2_one_name_in_file_namespace_and_version(
    headers: dict[str, tuple[Graph, Node]],
) -> None:
    for name, (graph, node) in headers.items():
        stem = Path(name).stem
        tail = "" if stem == "partnering" else f"/{stem}"
        assert str(node) == f"{ONTOLOGY_IRI}{tail}"
        assert str(graph.value(node, OWL.versionIRI)).startswith(f"{ONTOLOGY_IRI}/")
        assert str(graph.value(node, VANN.preferredNamespaceUri)) == str(PTN)


def test_ver1_the_version_has_a_name_of_its_own(headers: dict[str, tuple[Graph, Node]]) -> None:
    for graph, node in headers.values():
        version = graph.value(node, OWL.versionIRI)
        assert version not in (None, node)
        assert str(graph.value(node, OWL.versionInfo)) in str(version)


def test_om1_minimum_metadata(headers: dict[str, tuple[Graph, Node]]) -> None:
    asked = (DCTERMS.title, DCTERMS.description, DCTERMS.license, OWL.versionIRI, DCTERMS.creator)
    assert lacking(headers, *asked, VANN.preferredNamespaceUri) == []


def test_om2_recommended_metadata(headers: dict[str, tuple[Graph, Node]]) -> None:
    asked = (OWL.versionInfo, DCTERMS.created, DCTERMS.bibliographicCitation)
    assert lacking(headers, VANN.preferredNamespacePrefix, *asked) == []


def test_om3_detailed_metadata_but_for_doi_and_logo(
    headers: dict[str, tuple[Graph, Node]],
) -> None:
    asked = (DCTERMS.publisher, DCTERMS.source, DCTERMS.issued, DCTERMS.modified)
    assert lacking(headers, *asked, URIRef(f"{BIBO}status")) == []


def test_om4_1_a_licence(headers: dict[str, tuple[Graph, Node]], repository: Path) -> None:
    licences = {str(graph.value(node, DCTERMS.license)) for graph, node in headers.values()}
    assert licences == {"https://creativecommons.org/licenses/by/4.0/"}
    assert "Attribution 4.0" in (repository / "LICENSE-DATA").read_text("utf-8")


def test_om5_1_basic_provenance(headers: dict[str, tuple[Graph, Node]]) -> None:
    assert lacking(headers, DCTERMS.created, DCTERMS.creator) == []


def test_om5_2_detailed_provenance(headers: dict[str, tuple[Graph, Node]]) -> None:
    assert lacking(headers, DCTERMS.issued, DCTERMS.publisher) == []


def test_find1_a_prefix_is_declared(headers: dict[str, tuple[Graph, Node]]) -> None:
    prefixes = {str(g.value(node, VANN.preferredNamespacePrefix)) for g, node in headers.values()}
    assert prefixes == {"ptn"}


def test_rdf1_it_reads_in_four_notations(whole: Graph) -> None:
    for notation in ("turtle", "xml", "json-ld", "nt"):
        again = Graph().parse(data=whole.serialize(format=notation), format=notation)
        assert len(again) == len(whole)


def test_voc1_metadata_are_in_known_vocabularies(headers: dict[str, tuple[Graph, Node]]) -> None:
    spaces = {str(DCTERMS), str(VANN), str(OWL), BIBO, str(RDF), str(RDFS)}
    for graph, node in headers.values():
        used = {str(p) for p in graph.predicates(node)}
        assert {p for p in used if not p.startswith(tuple(spaces))} == set()
        assert any(p.startswith(str(DCTERMS)) for p in used)


def test_voc2_terms_of_others_are_reused(whole: Graph) -> None:
    reused = {str(o) for o in whole.objects(None, RDFS.range)} | {
        str(p) for p in whole.predicates()
    }
    for start in (str(SKOS), str(DCTERMS)):
        assert any(name.startswith(start) for name in reused)


def test_voc3_every_term_has_a_label(whole: Graph) -> None:
    assert [str(t) for t in terms(whole) if whole.value(t, RDFS.label) is None] == []


def test_voc4_every_term_has_a_definition(whole: Graph) -> None:
    assert [str(t) for t in terms(whole) if whole.value(t, SKOS.definition) is None] == []


def test_imports_are_of_modules_that_lie_beside_it(
    modules: dict[str, Graph], repository: Path
) -> None:
    """Protégé opens partnering.ttl without a network: the catalogue names a file for each."""
    folder = repository / "ontology"
    space = {"c": "urn:oasis:names:tc:entity:xmlns:xml:catalog"}
    catalogue = {
        line.attrib["name"]: folder / line.attrib["uri"]
        for line in ET.parse(folder / "catalog-v001.xml").iterfind("c:uri", space)
    }
    imports = {str(o) for graph in modules.values() for o in graph.objects(None, OWL.imports)}
    assert len(imports) >= 7
    assert imports == set(catalogue) - {ONTOLOGY_IRI}
    for name, path in catalogue.items():
        assert name.startswith(BASE)
        graph = Graph().parse(path, format="turtle")
        assert (URIRef(name), RDF.type, OWL.Ontology) in graph
    in_folder = {path.name for path in folder.glob("*.ttl")}
    assert {path.name for path in catalogue.values()} == in_folder


def rows(page: str) -> dict[str, list[str]]:
    found = {}
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"`[A-Z]+[\w.]*`", cells[0]):
            found[cells[0].strip("`")] = cells[1:]
    return found


def test_the_page_lists_every_criterion_and_a_test_for_each_that_holds(repository: Path) -> None:
    listed = rows((repository / "docs" / "fair.md").read_text("utf-8"))
    assert set(listed) == CRITERIA
    here = Path(__file__).read_text("utf-8")
    for criterion, (_, state, how) in listed.items():
        if state in ("holds", "holds in part"):
            (named,) = re.findall(r"`(test_\w+)`", how)
            assert f"def {named}(" in here, criterion
        else:
            assert state == "open", criterion
            assert len(how) > 20, criterion
    tested = {name for name, (_, state, _) in listed.items() if state != "open"}
    assert len(tested) >= 14
