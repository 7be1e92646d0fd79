"""Where every graph comes from, as a graph: file, digest, kind, licence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rdflib import RDF, RDFS, Literal, URIRef
from rdflib.namespace import DCTERMS, PROV

from partnering.namespaces import GRAPH
from partnering.pipeline import products
from partnering.workspace import UNPUBLISHED_KINDS, GraphFile, Workspace

PROVENANCE_GRAPH = str(GRAPH["provenance"])
LICENCES = {"CC-BY-4.0": URIRef("https://creativecommons.org/licenses/by/4.0/")}


def graph(workspace: Workspace) -> dict[str, Path]:
    """The provenance graph and the N-Quads file it was written to."""
    lines = (
        line
        for file in workspace.graph_files
        if file.kind not in UNPUBLISHED_KINDS
        for line in _lines(file)
    )
    return products.keep(workspace, PROVENANCE_GRAPH, lines)


def _lines(file: GraphFile) -> Iterator[str]:
    # Written out, since a graph of rdflib's takes seconds where there are ten thousand files.
    licence = LICENCES.get(file.licence, Literal(file.licence))
    for predicate, value in (
        (RDF.type, f"<{PROV.Entity}>"),
        (RDFS.label, Literal(file.relative).n3()),
        (DCTERMS.type, Literal(file.kind).n3()),
        (DCTERMS.identifier, f'"sha256:{file.digest}"'),
        (DCTERMS.license, licence.n3()),
    ):
        yield f"<{file.graph}> <{predicate}> {value} <{PROVENANCE_GRAPH}> ."
