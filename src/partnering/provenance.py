"""Where every graph comes from, as a graph: file, digest, kind, licence."""

from __future__ import annotations

from pathlib import Path

from rdflib import RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, PROV

from partnering import products
from partnering.namespaces import GRAPH
from partnering.workspace import UNPUBLISHED_KINDS, Workspace

PROVENANCE_GRAPH = str(GRAPH["provenance"])
LICENCES = {"CC-BY-4.0": URIRef("https://creativecommons.org/licenses/by/4.0/")}


def graph(workspace: Workspace) -> dict[str, Path]:
    """The provenance graph and the N-Quads file it was written to."""
    made = Graph()
    for file in workspace.graph_files:
        if file.kind in UNPUBLISHED_KINDS:
            continue
        node = URIRef(file.graph)
        made.add((node, RDF.type, PROV.Entity))
        made.add((node, RDFS.label, Literal(file.relative)))
        made.add((node, DCTERMS.type, Literal(file.kind)))
        made.add((node, DCTERMS.identifier, Literal(f"sha256:{file.digest}")))
        made.add((node, DCTERMS.license, LICENCES.get(file.licence, Literal(file.licence))))
    return products.write(workspace, PROVENANCE_GRAPH, made)
