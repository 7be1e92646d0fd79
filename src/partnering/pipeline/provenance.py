"""Where every graph comes from, as a graph: file, digest, kind, licence."""

from __future__ import annotations

import re
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
    said = (_said(file) for file in workspace.graph_files if file.kind not in UNPUBLISHED_KINDS)
    return products.keep(workspace, PROVENANCE_GRAPH, said)


# Written out, since terms of rdflib's take seconds where there are ten thousand files, and all
# that is said of one in one piece, in the order of its lines.
_DIGEST, _LICENCE, _KIND, _LABEL = (
    f"<{predicate}>"
    for predicate in (DCTERMS.identifier, DCTERMS.license, DCTERMS.type, RDFS.label)
)
_ENTITY = f"<{RDF.type}> <{PROV.Entity}>"
_END = f"<{PROVENANCE_GRAPH}> ."


def _said(file: GraphFile) -> str:
    graph = f"<{file.graph}>"
    return (
        f'{graph} {_DIGEST} "sha256:{file.digest}" {_END}\n'
        f"{graph} {_LICENCE} {_licence(file.licence)} {_END}\n"
        f"{graph} {_KIND} {_quoted(file.kind)} {_END}\n"
        f"{graph} {_ENTITY} {_END}\n"
        f"{graph} {_LABEL} {_quoted(file.relative)} {_END}"
    )


def _quoted(text: str) -> str:
    return f'"{text}"' if _PLAIN(text) else Literal(text).n3()


@cache
def _licence(name: str) -> str:
    return LICENCES.get(name, Literal(name)).n3()
