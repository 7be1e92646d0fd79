"""Mappings to other vocabularies: files that travel with a workspace and stay out of its index."""

from __future__ import annotations

from functools import lru_cache

import pyoxigraph as ox
from rdflib.namespace import OWL, RDF

from partnering import reading
from partnering.workspace import UNPUBLISHED_KINDS, Workspace

_ONTOLOGY = ox.NamedNode(str(OWL.Ontology))
_TYPE, _VERSION = ox.NamedNode(str(RDF.type)), ox.NamedNode(str(OWL.versionIRI))


@lru_cache(maxsize=4)
def of(workspace: Workspace) -> dict[str, tuple[ox.Triple, ...]]:
    """Each file's statements, by the name it gives itself; read once in a process."""
    found = {}
    for file in workspace.graph_files:
        if file.kind in UNPUBLISHED_KINDS:
            held = tuple(q.triple for q in reading.parse_turtle(file.path, file.relative))
            for triple in held:
                if triple.predicate == _TYPE and triple.object == _ONTOLOGY:
                    found[str(getattr(triple.subject, "value", ""))] = held
    return found


def versions(workspace: Workspace) -> dict[str, str]:
    """Names of the versions that the files are, and what each is a version of."""
    return {
        triple.object.value: triple.subject.value
        for held in of(workspace).values()
        for triple in held
        if triple.predicate == _VERSION
        and isinstance(triple.subject, ox.NamedNode)
        and isinstance(triple.object, ox.NamedNode)
    }


def triples(workspace: Workspace) -> list[ox.Triple]:
    """What all files say together."""
    return [triple for held in of(workspace).values() for triple in held]
