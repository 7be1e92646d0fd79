"""Faults in what a file refers to and describes: nothing there, elsewhere, twice, of no type."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import PurePosixPath

from rdflib import Graph, URIRef
from rdflib.namespace import RDF
from rdflib.term import Node

from partnering.checking.described import Context, namespace_of
from partnering.checking.lint.fault import Found
from partnering.names import short
from partnering.sources.anchors import Anchor
from partnering.workspace import GraphFile


def references(graph: Graph, context: Context) -> Iterator[Found]:
    """References to data that no file describes."""
    missing: dict[str, tuple[Node, Node]] = {}
    for subject, predicate, value in sorted(graph):
        if isinstance(value, URIRef) and namespace_of(value) and not context.knows(str(value)):
            missing.setdefault(str(value), (subject, predicate))
    for iri, (subject, predicate) in missing.items():
        space = namespace_of(iri)
        yield Found(
            "dangling-reference",
            f"{short(str(predicate))} leads to {_tail(iri)}, which nothing describes.",
            "What rests on it would vanish from every answer, without a word.",
            _remedy(iri, space, context),
            subject,
            iri,
        )


def _remedy(iri: str, space: str | None, context: Context) -> str:
    if Anchor.parse(iri) is not None:
        return (
            "run 'partnering source anchor' on this file, which describes each place in the"
            " source and says where one lies outside it"
        )
    near = _nearest_data(iri, context)
    return (
        f"write {' or '.join(near)}, or describe it" if near else "describe it"
    ) + f" in the file of '{space}'"


def _nearest_data(iri: str, context: Context) -> list[str]:
    tails = {
        _tail(other): other
        for _, part in context.parts
        for other in part.types
        if namespace_of(other) == namespace_of(iri) and Anchor.parse(other) is None
    }
    return get_close_matches(_tail(iri), tails, n=2, cutoff=0.75)


def belonging(file: GraphFile, graph: Graph, context: Context) -> Iterator[Found]:
    """Faults in what a data file describes: outside its namespace, twice, or of no type."""
    place = PurePosixPath(file.relative)
    own = {place.stem, *(folder.name for folder in place.parents)}
    for node in sorted({s for s in graph.subjects() if isinstance(s, URIRef)}):
        subject = str(node)
        if namespace_of(subject) is None or Anchor.parse(subject) is not None:
            continue
        typed = (node, RDF.type, None) in graph
        others = [name for name in context.typed_in(subject) if name != file.relative]
        if typed and namespace_of(subject) not in own:
            yield Found(
                "foreign-namespace",
                f"{_tail(subject)} is described here, outside the file's own namespace.",
                "A file that is named after its namespace is found by every check and reader.",
                f"name it in https://w3id.org/partnering/data/{place.stem}/, or move it",
                node,
            )
        elif typed and others:
            yield Found(
                "described-twice",
                f"{_tail(subject)} is described here and in {others[0]}.",
                "Two descriptions drift apart, and a reader sees them mixed.",
                "keep one, or give one of them another name",
                node,
            )
        elif not typed and not others:
            yield Found(
                "untyped-thing",
                f"{_tail(subject)} has no type.",
                "Checks and questions go by the type; nothing here would be checked or found.",
                "say what it is, such as 'a ptn:FactorFinding', or mend the name if it is a slip",
                node,
            )


def _tail(iri: str) -> str:
    space, _, name = iri.rpartition("/")
    return f"{space.rpartition('/')[2]}/{name}"
