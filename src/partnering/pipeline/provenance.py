"""Where every graph comes from, as a graph: file, digest, kind, licence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from rdflib import RDF, RDFS, Literal, URIRef
from rdflib.namespace import DCTERMS, PROV

from partnering.namespaces import GRAPH
from partnering.pipeline import products
from partnering.workspace import UNPUBLISHED_KINDS, GraphFile, Workspace

PROVENANCE_GRAPH = str(GRAPH["provenance"])
_PLAIN = re.compile(r"[\w ./-]+", re.ASCII).fullmatch
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


# Written out, since terms of rdflib's take seconds where there are ten thousand files.
_ENTITY = f"<{RDF.type}> <{PROV.Entity}>"
_LABEL, _KIND, _DIGEST, _LICENCE = (
    f"<{predicate}>"
    for predicate in (RDFS.label, DCTERMS.type, DCTERMS.identifier, DCTERMS.license)
)


def _lines(file: GraphFile) -> Iterator[str]:
    for said in (
        _ENTITY,
        f"{_LABEL} {_quoted(file.relative)}",
        f"{_KIND} {_quoted(file.kind)}",
        f'{_DIGEST} "sha256:{file.digest}"',
        f"{_LICENCE} {_licence(file.licence)}",
    ):
        yield f"<{file.graph}> {said} <{PROVENANCE_GRAPH}> ."


def _quoted(text: str) -> str:
    return f'"{text}"' if _PLAIN(text) else Literal(text).n3()


@cache
def _licence(name: str) -> str:
    return LICENCES.get(name, Literal(name)).n3()
