"""Files become graphs: parsed once, kept by digest, with errors that name the line.

pyoxigraph parses (it says line, column and what it expected) and gives the quads that are
published; rdflib gives the graph as written, which SHACL and the lints must see, since a
store rewrites literals (``"01"^^xsd:integer`` becomes ``1``).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph

from partnering.errors import ReadError
from partnering.workspace import GraphFile, Workspace

_POSITION = re.compile(r"error at (\d+):(\d+)(?: and \d+:\d+| to \d+:\d+)?:? ?(.*)", re.S)


def quads(workspace: Workspace, file: GraphFile) -> Path:
    """The file as N-Quads in its named graph, canonical and sorted; made once a digest.

    Blank nodes are named after their place in the graph (RDF Dataset Canonicalization),
    prefixed by the file's digest, so that the same file always gives the same bytes and two
    files never share one.
    """
    made = workspace.cache / "quads" / name_of(file)
    if not made.exists():
        write_lines(made, _quad_lines(file.path, file.relative, file.graph, file.digest[:8]))
    return made


def name_of(file: GraphFile) -> str:
    """Name of the file of N-Quads that a graph file is turned into."""
    return f"{file.digest}-{_slug(file.graph)}.nq"


def _quad_lines(path: Path, shown: str, graph: str, stamp: str) -> list[str]:
    dataset = ox.Dataset(
        ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(graph))
        for t in parse_turtle(path, shown)
    )
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    renamed = (ox.Quad(_own(q.subject, stamp), q.predicate, _own(q.object, stamp), q.graph_name)
               for q in dataset)  # fmt: skip
    return sorted(f"{quad} ." for quad in renamed)


def _own(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple, stamp: str):  # type: ignore[no-untyped-def]
    return ox.BlankNode(f"b{stamp}{term.value}") if isinstance(term, ox.BlankNode) else term


def parse_turtle(path: Path, shown: str) -> list[ox.Quad]:
    """All triples of a Turtle file; ``ReadError`` with ``file:line`` and what was expected."""
    try:
        return list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    except SyntaxError as error:
        found = _POSITION.search(str(error))
        # Faults of names and prefixes are worded otherwise, but carry their line.
        line, what = (f":{found[1]}", found[3]) if found else (f":{error.lineno}", error.msg)
        raise ReadError(
            f"This is not Turtle: {what.strip() or error}",
            where=f"{shown}{line}",
            mend="look at or just before this line: a '.', ';' or quotation mark may be missing,"
            " or a prefix undeclared",
        ) from error
    except (OSError, ValueError) as error:
        raise ReadError(f"The file cannot be read: {error}", where=shown) from error


def graph(file: GraphFile) -> Graph:
    """The file as rdflib sees it, lexical forms untouched."""
    parse_turtle(file.path, file.relative)
    parsed = Graph()
    parsed.parse(file.path, format="turtle")
    return parsed


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """As :func:`write`, of text."""
    write(path, as_bytes(lines))


def as_bytes(lines: Iterable[str]) -> bytes:
    """Lines as a file holds them."""
    return "".join(f"{line}\n" for line in lines).encode()


def write(path: Path, content: bytes) -> None:
    """Write whole or not at all: beside the place first, then renamed into it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two processes may make the same product at once; each writes its own, and either is right.
    beside = path.with_name(f".{path.name}.{os.getpid()}.writing")
    beside.write_bytes(content)
    beside.replace(path)


def _slug(graph_iri: str) -> str:
    return graph_iri.rsplit("/graph/", 1)[-1].replace("/", "-")
