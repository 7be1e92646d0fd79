"""Closed-namespace lint: every name used is one that was declared, and used as what it is.

A misspelt class or property is no error in RDF, it just says nothing: SHACL then conforms
and queries find less. So each file is looked at as written, before anything is inferred.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from rdflib import URIRef
from rdflib.namespace import RDF

from partnering import written
from partnering.checking import described
from partnering.checking.described import Context, namespace_of
from partnering.checking.lint.fault import GATE, RULES, Found, problem
from partnering.checking.lint.references import belonging, references
from partnering.checking.lint.terms import names_used, unknown
from partnering.checking.problems import Checked, checked, combine
from partnering.names import Names
from partnering.namespaces import DATA, GRAPH
from partnering.slices import Slice
from partnering.workspace import GraphFile, Workspace
from partnering.written import Written

__all__ = ["GATE", "RULES", "check", "check_others", "check_queries", "check_query", "check_shapes"]

_NOT_CODE = re.compile(
    r"""#.*|<[^<>\s]*>|\"\"\"[\s\S]*?\"\"\"|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'"""
)
_PREFIXED = re.compile(r"(?<![\w:?$.-])(?P<prefix>[A-Za-z][\w-]*):(?P<name>[A-Za-z_][\w-]*)")


def check(workspace: Workspace, slice: Slice, known: Names) -> Checked:
    """Lint every file of a slice; counts ``files`` and ``triples``."""
    graphs = [(file, written.written(file)) for file in slice.files]
    namespaces = {
        name
        for _, seen in graphs
        for triple in seen.graph
        for node in triple
        if isinstance(node, URIRef) and (name := namespace_of(node))
    }
    context = described.around(workspace, slice, namespaces)
    return combine(_file(file, seen, known, context) for file, seen in graphs)


def check_others(workspace: Workspace, known: Names) -> Checked:
    """Lint what is no graph: shapes and queries; counts ``shapes files`` and ``query files``."""
    shapes = (
        check_shapes(p, workspace.relative(p), known) for p in workspace.files("shapes/*.ttl")
    )
    rules = (
        check_query(p, workspace.relative(p), known) for p in workspace.files("shapes/**/*.rq")
    )
    return combine([*shapes, check_queries(workspace, known), *rules])


def check_queries(workspace: Workspace, known: Names) -> Checked:
    """Lint every saved question and rule; counts ``query files``."""
    queries = workspace.files("queries/**/*.rq")
    return combine(check_query(path, workspace.relative(path), known) for path in queries)


def check_shapes(path: Path, relative: str, known: Names) -> Checked:
    """Lint one file of shapes, terms of SHACL included."""
    seen = Written(path, relative)
    return checked(
        GATE,
        (problem(one, seen) for one in names_used(seen.graph, known)),
        {"shapes files": 1, "triples": len(seen.graph)},
        where=relative,
        must_see="triples",
    )


def check_query(path: Path, relative: str, known: Names) -> Checked:
    """Lint the prefixed names of one SPARQL query."""
    seen = Written(path, relative)
    code = _NOT_CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), seen.text)
    found: dict[str, tuple[int, Found]] = {}
    names_seen = 0
    for match in _PREFIXED.finditer(code):
        start = seen.prefixes.get(match["prefix"])
        if start is None or start.startswith((str(DATA), str(GRAPH))):
            continue
        names_seen += 1
        for one in unknown(
            URIRef(relative), RDF.Property, start + match["name"], "predicate", known
        ):
            found.setdefault(one.message, (code.count("\n", 0, match.start()) + 1, one))
    return checked(
        GATE,
        (
            replace(problem(one, seen), where=f"{relative}:{line}", focus="")
            for line, one in found.values()
        ),
        {"query files": 1, "names": names_seen},
        where=relative,
        must_see="names",
    )


def _file(file: GraphFile, seen: Written, known: Names, context: Context) -> Checked:
    found = [
        *names_used(seen.graph, known),
        *references(seen.graph, context),
        *(belonging(file, seen.graph, context) if file.relative.startswith("data/") else ()),
    ]
    return checked(
        GATE,
        (problem(one, seen) for one in found),
        {"files": 1, "triples": len(seen.graph)},
        where=file.relative,
        must_see="triples",
    )
