"""The saved questions as a graph of their own: each a ``sh:SPARQLExecutable``.

After the SIB collections and https://www.w3.org/TR/shacl-af/; generated from the files at
every build, so the two cannot differ.
"""

from __future__ import annotations

from pathlib import Path

from rdflib import RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, SH

from partnering.answering.questions import Catalogue
from partnering.namespaces import DATA, GRAPH
from partnering.pipeline import products
from partnering.workspace import Workspace

CATALOGUE_GRAPH = str(GRAPH["catalogue"])
QUESTIONS = f"{DATA}questions/"


def graph(workspace: Workspace) -> dict[str, Path]:
    """The catalogue graph and the N-Quads file it was written to."""
    made = Graph()
    for question in Catalogue(workspace).questions:
        node = URIRef(f"{QUESTIONS}{question.slug}")
        made.add((node, RDF.type, SH.SPARQLExecutable))
        made.add((node, RDF.type, SH.SPARQLSelectExecutable))
        made.add((node, RDFS.label, Literal(question.wording, lang="en-GB")))
        made.add((node, DCTERMS.identifier, Literal(question.id)))
        if question.description:
            made.add((node, RDFS.comment, Literal(question.description, lang="en-GB")))
        for tag in question.tags:
            made.add((node, DCTERMS.subject, Literal(tag)))
        made.add((node, SH.select, Literal(question.query)))
    return products.write(workspace, CATALOGUE_GRAPH, made)
