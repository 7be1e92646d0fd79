"""The dataset's description of itself: VoID and DCAT, with counts and licences.

https://www.w3.org/TR/void/ and https://www.w3.org/TR/vocab-dcat-3/. One document tells of the
catalogue, the dataset, its files, its graphs and its services; ``/.well-known/void`` leads to it.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue
from partnering.webui import description, linked, links, live
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS, VOID, XSD

from partnering.errors import QueryError
from partnering.knowledge import KnowledgeGraph
from partnering.namespaces import BASE, CONCEPT, GRAPH, ONTOLOGY_IRI, PREFIXES
from partnering.pipeline.provenance import PROVENANCE_GRAPH
from partnering.store.base import select
from partnering.store.media import GRAPHS, MediaType

pages = Blueprint("dataset", __name__)
HERE = URIRef(f"{BASE}dataset")
LICENCE = URIRef(linked.LICENCE)
MAINTAINERS = URIRef(f"{BASE}maintainers")
IANA = "https://www.iana.org/assignments/media-types/"
_LICENCES = f"""SELECT ?graph ?label ?licence {{ GRAPH <{PROVENANCE_GRAPH}> {{
  ?graph <{DCTERMS.license}> ?licence ; <{RDFS.label}> ?label }} }}"""
_TOTALS = """SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects)
  (COUNT(DISTINCT ?p) AS ?properties) (COUNT(DISTINCT ?o) AS ?objects)
  { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"""
_ENTITIES = f"""SELECT (COUNT(DISTINCT ?s) AS ?entities) {{
  ?s ?p ?o FILTER (isIRI(?s) && STRSTARTS(STR(?s), "{BASE}")) }}"""
_CLASSES = (
    "SELECT ?class (COUNT(DISTINCT ?s) AS ?n) { ?s a ?class } GROUP BY ?class ORDER BY ?class"
)
_PROPERTIES = """SELECT ?p (COUNT(*) AS ?n) { { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } } }
  GROUP BY ?p ORDER BY ?p"""


@pages.get("/dataset")
def dataset() -> ResponseReturnValue:
    """The dataset is no document: people are led to its files, programs to its description."""
    chosen = linked.chosen_of(linked.OFFERS)
    return linked.see("/downloads" if chosen is linked.HTML else
                      linked.twins("/dataset")[chosen.name])  # fmt: skip


@pages.get("/dataset.<suffix>")
def document(suffix: str) -> ResponseReturnValue:
    """The description in one form."""
    _, form = linked.split(f"dataset.{suffix}")
    if form is None or form is linked.HTML:
        return linked.see("/downloads")
    body = _written(
        live.knowledge(), live.service().published, current_app.config["BASE_URL"], form.name
    )
    return linked.rdf(body, form)


@pages.get("/void")
@pages.get("/.well-known/void")
def well_known() -> ResponseReturnValue:
    """Where VoID says it is looked for, https://www.w3.org/TR/void/#well-known."""
    return linked.see("/dataset")


@pages.after_request
def vary(answer: Response) -> Response:
    """What is answered depends on what was asked for."""
    answer.vary.add("Accept")
    return answer


@lru_cache(maxsize=16)
def _written(knowledge: KnowledgeGraph, published: datetime, base_url: str, form: str) -> bytes:
    """Kept: what one snapshot says never changes."""
    graph = described(knowledge, published, base_url)
    return graph.serialize(format=description.WRITERS[form], encoding="utf-8")


def described(knowledge: KnowledgeGraph, published: datetime, base_url: str) -> Graph:
    """The whole description."""
    graph = Graph()
    for prefix, space in PREFIXES.items():
        graph.bind(prefix, space)
    _about(graph, knowledge.snapshot, published, base_url)
    _files(graph, base_url)
    _counts(graph, knowledge)
    _parts(graph, knowledge, base_url)
    _catalogue(graph, base_url)
    return graph


def _about(graph: Graph, snapshot: str, published: datetime, base_url: str) -> None:
    for kind in (DCAT.Dataset, VOID.Dataset):
        graph.add((HERE, RDF.type, kind))
    said = {
        DCTERMS.title: Literal("Partnering: evidence about how organisations work together", "en"),
        DCTERMS.description: Literal(
            "Findings of case studies of partnering organisations, each tied to the paragraph it"
            " rests on, with the ontology and the vocabularies they are coded in, what follows"
            " from them, and verdicts of success by named rules.", "en"),
        DCTERMS.license: LICENCE, DCTERMS.creator: MAINTAINERS, DCTERMS.publisher: MAINTAINERS,
        DCTERMS.identifier: Literal(f"snapshot {snapshot}"),
        DCTERMS.modified: Literal(published), DCTERMS.language: Literal("en-GB"),
        DCAT.landingPage: URIRef(f"{base_url}/downloads"), FOAF.homepage: URIRef(f"{base_url}/"),
        VOID.sparqlEndpoint: URIRef(f"{base_url}/sparql"), VOID.uriSpace: Literal(BASE),
        VOID.uriLookupEndpoint: URIRef(f"{base_url}/id/"),
        VOID.exampleResource: URIRef(f"{CONCEPT}factor-trust"),
        VOID.vocabulary: URIRef(f"{ONTOLOGY_IRI}#"), DCTERMS.conformsTo: URIRef(ONTOLOGY_IRI),
    }  # fmt: skip
    for predicate, value in said.items():
        graph.add((HERE, predicate, value))
    for name in ("skos", "dcterms", "prov", "oa"):
        graph.add((HERE, VOID.vocabulary, URIRef(PREFIXES[name])))
    for word in ("partnering", "mergers", "acquisitions", "buddying", "NHS", "evidence"):
        graph.add((HERE, DCAT.keyword, Literal(word, "en")))


def _files(graph: Graph, base_url: str) -> None:
    for form in GRAPHS:
        suffix = form.suffix or form.name
        file = URIRef(f"{base_url}/downloads/partnering.{suffix}")
        _distribution(graph, HERE, URIRef(f"{HERE}#{suffix}"), file, form)
        graph.add((HERE, VOID.dataDump, file))
        graph.add((HERE, VOID.feature, description.FORMATS[description.NAMES[form.name]]))


def _distribution(
    graph: Graph, of: URIRef, node: URIRef, file: URIRef, form: MediaType, licence: URIRef = LICENCE
) -> None:
    graph.add((of, DCAT.distribution, node))
    graph.add((node, RDF.type, DCAT.Distribution))
    graph.add((node, DCTERMS.title, Literal(form.media_type)))
    graph.add((node, DCAT.downloadURL, file))
    graph.add((node, DCAT.accessURL, file))
    graph.add((node, DCAT.mediaType, URIRef(IANA + form.media_type)))
    graph.add((node, DCTERMS.license, licence))


def _counts(graph: Graph, knowledge: KnowledgeGraph) -> None:
    """Numbers as queries give them; those that a large store does not give in time stay out."""
    engine = knowledge.engine
    names = {"triples": VOID.triples, "subjects": VOID.distinctSubjects, "objects":
             VOID.distinctObjects, "properties": VOID.properties, "entities": VOID.entities}  # fmt: skip
    try:
        for query in (_TOTALS, _ENTITIES):
            (record,) = select(engine, query).records()
            for name, value in record.items():
                graph.add((HERE, names[name], Literal(int(value), datatype=XSD.integer)))
        classes = select(engine, _CLASSES).rows
        graph.add((HERE, VOID.classes, Literal(len(classes), datatype=XSD.integer)))
        for query, link, of, counted in (
            (_CLASSES, VOID.classPartition, VOID["class"], VOID.entities),
            (_PROPERTIES, VOID.propertyPartition, VOID.property, VOID.triples),
        ):
            for thing, number in select(engine, query).rows:
                part = BNode()
                graph.add((HERE, link, part))
                graph.add((part, of, URIRef(str(thing))))
                graph.add((part, counted, Literal(int(str(number)), datatype=XSD.integer)))
    except QueryError:
        graph.add((HERE, VOID.triples, Literal(knowledge.index.quads)))


def _parts(graph: Graph, knowledge: KnowledgeGraph, base_url: str) -> None:
    """Every graph as a subset, with its size and its licence."""
    licences = {str(g): (str(label), licence)
                for g, label, licence in select(knowledge.engine, _LICENCES).rows}  # fmt: skip
    for part in knowledge.index.parts:
        node = URIRef(part.graph)
        name, licence = licences.get(part.graph, (part.graph.removeprefix(str(GRAPH)), LICENCE))
        graph.add((HERE, VOID.subset, node))
        graph.add((node, RDF.type, VOID.Dataset))
        graph.add((node, DCTERMS.title, Literal(name)))
        graph.add((node, DCTERMS.license, licence or LICENCE))
        graph.add((node, VOID.triples, Literal(part.quads, datatype=XSD.integer)))
        for offer in linked.RDF:
            path = linked.twins(links.local(part.graph))[offer.name]
            graph.add((node, VOID.dataDump, URIRef(base_url + path)))


def _catalogue(graph: Graph, base_url: str) -> None:
    catalogue, sparql, api = (URIRef(f"{HERE}#{name}") for name in ("catalogue", "sparql", "api"))
    graph.add((catalogue, RDF.type, DCAT.Catalog))
    graph.add((catalogue, DCTERMS.title, Literal("Partnering", "en")))
    graph.add((catalogue, DCTERMS.publisher, MAINTAINERS))
    graph.add((catalogue, DCTERMS.license, LICENCE))
    graph.add((catalogue, FOAF.homepage, URIRef(f"{base_url}/")))
    graph.add((catalogue, DCAT.dataset, HERE))
    ontology = URIRef(ONTOLOGY_IRI)
    graph.add((catalogue, DCAT.dataset, ontology))
    graph.add((ontology, RDF.type, DCAT.Dataset))
    graph.add((ontology, DCTERMS.title, Literal("Partnering ontology", "en")))
    graph.add((ontology, DCTERMS.license, LICENCE))
    for offer in linked.RDF:
        path = linked.twins("/ontology")[offer.name]
        _distribution(graph, ontology, URIRef(f"{HERE}#ontology-{offer.name}"),
                      URIRef(base_url + path), offer)  # fmt: skip
    for service_, title, address, told in (
        (sparql, "SPARQL endpoint", "/sparql", "/sparql"),
        (api, "Saved questions", "/api/questions", "/api/openapi.json"),
    ):
        graph.add((catalogue, DCAT.service, service_))
        graph.add((service_, RDF.type, DCAT.DataService))
        graph.add((service_, DCTERMS.title, Literal(title, "en")))
        graph.add((service_, DCTERMS.license, LICENCE))
        graph.add((service_, DCAT.endpointURL, URIRef(base_url + address)))
        graph.add((service_, DCAT.endpointDescription, URIRef(base_url + told)))
        graph.add((service_, DCAT.servesDataset, HERE))
    graph.add((sparql, DCTERMS.conformsTo, URIRef("http://www.w3.org/TR/sparql11-protocol/")))
