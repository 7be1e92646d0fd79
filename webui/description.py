"""The SPARQL service's description of itself, https://www.w3.org/TR/sparql11-service-description/."""

from __future__ import annotations

from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, VOID, XSD

from partnering.service import Service
from partnering.store.media import GRAPHS, RESULTS, MediaType

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")
NAMES = {
    "json": "SPARQL_Results_JSON", "xml": "SPARQL_Results_XML", "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV", "ttl": "Turtle", "nt": "N-Triples", "jsonld": "JSON-LD",
    "rdfxml": "RDF_XML", "trig": "TriG", "nq": "N-Quads",
}  # fmt: skip
"""Names of our forms among https://www.w3.org/ns/formats/."""
OFFERS: tuple[MediaType, ...] = tuple(
    one for one in GRAPHS if one.name in ("ttl", "nt", "jsonld", "rdfxml")
)
WRITERS = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdfxml": "xml"}
"""Names of our forms in rdflib."""


def of(service: Service, base_url: str, offer: MediaType) -> bytes:
    """What is offered, and which graphs can be asked, in one RDF form."""
    graph = Graph()
    graph.bind("sd", SD)
    graph.bind("void", VOID)
    graph.bind("format", FORMATS)
    here = URIRef(f"{base_url}/sparql")
    dataset, union = BNode(), BNode()
    graph.add((here, RDF.type, SD.Service))
    graph.add((here, SD.endpoint, here))
    graph.add((here, SD.supportedLanguage, SD.SPARQL11Query))
    # Without a dataset in the request, the default graph is the union of all named ones.
    graph.add((here, SD.feature, SD.UnionDefaultGraph))
    for form in (*RESULTS, *GRAPHS):
        graph.add((here, SD.resultFormat, FORMATS[NAMES[form.name]]))
    graph.add((here, SD.defaultDataset, dataset))
    graph.add((dataset, RDF.type, SD.Dataset))
    graph.add((dataset, SD.defaultGraph, union))
    graph.add((union, RDF.type, SD.Graph))
    parts = service.knowledge.index.parts
    for part in parts:
        named, held = BNode(), BNode()
        graph.add((dataset, SD.namedGraph, named))
        graph.add((named, RDF.type, SD.NamedGraph))
        graph.add((named, SD.name, URIRef(part.graph)))
        graph.add((named, SD.graph, held))
        graph.add((held, RDF.type, SD.Graph))
        graph.add((held, VOID.triples, Literal(part.quads, datatype=XSD.integer)))
    return graph.serialize(format=WRITERS[offer.name], encoding="utf-8")
