"""Shapes and rules as people may read them: what each looks at, what it asks, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH
from rdflib.term import Node

from partnering.checking import hygiene, shapes
from partnering.workspace import Workspace

RULES = {
    "infer": "queries/rules/infer/*.rq",
    "judge": "queries/rules/judge/*.rq",
    "consistency": "shapes/consistency/*.rq",
    "hygiene": hygiene.PATTERN,
}
_PARAMETERS = ("minCount", "maxCount", "datatype", "class", "node", "pattern", "minLength",
               "maxLength", "minInclusive", "maxInclusive", "nodeKind", "in", "uniqueLang",
               "languageIn", "lessThan", "hasValue")  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One constraint: its name, in words, and its parameters as they are written.

    ``about`` are the IRIs of the properties and classes that it names.
    """

    name: str
    title: str
    description: str
    severity: str
    group: str
    order: int
    asks: str
    why: str
    mend: str
    parameters: tuple[tuple[str, str], ...]
    about: frozenset[str]


@dataclass(frozen=True)
class Constraint:
    """A shape that looks at something by itself: what at, and what it asks of that."""

    name: str
    label: str
    targets: tuple[str, ...]
    parts: tuple[Part, ...]

    @property
    def size(self) -> int:
        return len(self.parts)


@dataclass(frozen=True)
class RuleEntry:
    """A rule that is a query: what it does, and its text."""

    family: str
    name: str
    does: str
    why: str
    text: str


def constraints(workspace: Workspace) -> tuple[Constraint, ...]:
    """The shapes of a workspace that have targets, each with its constraints in order."""
    known = shapes.load(workspace)
    graph = known.graph
    targets = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
    return tuple(
        Constraint(
            _tail(shape),
            str(graph.value(shape, RDFS.label) or _tail(shape).replace("-", " ")),
            tuple(sorted(str(one) for target in targets for one in graph.objects(shape, target))),
            tuple(sorted((_part(graph, one) for one in known.constraints_of(shape)),
                         key=lambda part: (part.order, part.name))),
        )
        for shape in known.targeted
    )  # fmt: skip


def _part(graph: Graph, shape: URIRef) -> Part:
    said = shapes.spoken(str(graph.value(shape, SH.message) or ""))
    group = graph.value(shape, SH.group)
    parameters = tuple(
        (name, _written(graph, value))
        for name in _PARAMETERS
        for value in sorted(graph.objects(shape, SH[name]), key=str)
    )
    named = {str(node) for node in _nodes(graph, shape, set()) if isinstance(node, URIRef)}
    return Part(
        name=_tail(shape),
        title=str(graph.value(shape, SH.name) or ""),
        description=str(graph.value(shape, SH.description) or ""),
        severity=_tail(graph.value(shape, SH.severity) or SH.Violation).lower(),
        group=str(graph.value(group, RDFS.label) or "") if group else "",
        order=int(str(graph.value(shape, SH.order, default=Literal(0)))),
        asks=said.what,
        why=said.why,
        mend=said.mend,
        parameters=parameters,
        about=frozenset(named),
    )


def _nodes(graph: Graph, node: Node, seen: set[Node]) -> Iterator[Node]:
    """What a shape names, through blank nodes but not through other shapes."""
    if node in seen:
        return
    seen.add(node)
    for predicate, value in graph.predicate_objects(node):
        if predicate in (RDF.type, SH.group, SH.severity):
            continue
        yield value
        if isinstance(value, BNode):
            yield from _nodes(graph, value, seen)


def _written(graph: Graph, value: Node) -> str:
    if isinstance(value, BNode) and (value, RDF.first, None) in graph:
        return ", ".join(_tail(one) for one in Collection(graph, value))
    return _tail(value) if isinstance(value, URIRef) else str(value)


def rules(workspace: Workspace) -> tuple[RuleEntry, ...]:
    """Every rule of a workspace, by family and name."""
    found = []
    for family, pattern in RULES.items():
        for path in workspace.files(pattern):
            text = path.read_text("utf-8")
            if family in ("hygiene", "consistency"):
                rule = hygiene.load([path])[0]
                does, why = f"{rule.banner}.", f"{rule.why} To mend: {rule.mend}."
            else:
                does, why = " ".join(_comment(text)), ""
            found.append(RuleEntry(family, path.stem, does, why, text))
    return tuple(found)


def _comment(text: str) -> list[str]:
    """The first comment of a query, which says what it does."""
    found = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        found.append(line.lstrip("# "))
    return found


def _tail(name: object) -> str:
    return re.split(r"[/#]", str(name))[-1]
