"""The IRIs the project coins or reuses, and the prefixes under which users meet them."""

from __future__ import annotations

from rdflib import Namespace
from rdflib.namespace import DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SH, SKOS, VANN, XSD

BASE = "https://w3id.org/partnering/"
ONTOLOGY_IRI = f"{BASE}ontology"

PTN = Namespace(f"{ONTOLOGY_IRI}#")
"""Ontology terms: classes and properties."""
CONCEPT = Namespace(f"{BASE}vocab/")
"""SKOS concepts and schemes, flat: rdflib does not unescape ``\\/`` in a prefixed name."""
DATA = Namespace(f"{BASE}data/")
"""Instance data: ``data/<case or source>/<slug>``."""
GRAPH = Namespace(f"{BASE}graph/")
"""Named graphs: one file is one graph."""
OA = Namespace("http://www.w3.org/ns/oa#")
"""Web Annotation vocabulary, https://www.w3.org/TR/annotation-vocab/."""

VERDICT = ".assessment."
"""Between an arrangement's name and a rule's stands this: the name of the rule's verdict on it."""

PREFIXES: dict[str, str] = {
    "ptn": str(PTN),
    "concept": str(CONCEPT),
    "rule": f"{DATA}success-rules/",
    "graph": str(GRAPH),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "owl": str(OWL),
    "xsd": str(XSD),
    "skos": str(SKOS),
    "dcterms": str(DCTERMS),
    "prov": str(PROV),
    "org": str(ORG),
    "oa": str(OA),
    "sh": str(SH),
    "foaf": str(FOAF),
    "vann": str(VANN),
}
"""Prefixes offered to people who write queries, in the order they are listed."""
