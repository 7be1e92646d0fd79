"""Validation: what was asserted in one slice, held against the shapes.

Two kinds of constraint, both in ``shapes/``: SHACL shapes, which also drive forms and
documentation, and set-based queries in ``shapes/consistency/`` for what SHACL says slowly or
not at all. SHACL sees the slice's own graph as written, and of everything else only what the
slice needs to be understood: which class stands under which, which concept is of which
scheme, and the types of the things it refers to. So its cost does not depend on the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import pyoxigraph as ox
import pyshacl
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, RDFS, SH, SKOS
from rdflib.term import Node

from partnering import flat, names, reading, written
from partnering.checking import described, hygiene
from partnering.checking.described import Context, namespace_of
from partnering.checking.problems import Checked, Problem, Severity, checked
from partnering.checking.shapes import Shapes, load, spoken
from partnering.names import Names
from partnering.slices import Slice
from partnering.workspace import GraphFile, Workspace

GATE = "validate"
_SEVERITY: dict[Node | None, Severity] = {SH.Warning: "warning", SH.Info: "info"}

__all__ = ["GATE", "check", "load"]


def check(workspace: Workspace, slice: Slice, shapes: Shapes) -> Checked:
    """Hold one slice against the shapes.

    Counts ``files``, ``focus nodes`` (things looked at), ``constraints`` (kinds of them tried)
    and ``checks`` (constraints times things). Seeing no focus node is a violation.
    """
    known = names.of_workspace(workspace)
    data = _Data.of(workspace, slice, known)
    seen = {shape: data.focus_of(shapes, shape) for shape in shapes.targeted}
    active = [shape for shape, nodes in seen.items() if nodes]
    tried = {c for shape in active for c in shapes.constraints_of(shape)}
    counts = {
        "files": len(slice.files),
        "focus nodes": len({node for nodes in seen.values() for node in nodes}),
        "constraints": len(tried) + len(shapes.rules),
        "checks": sum(len(seen[s]) * len(shapes.constraints_of(s)) for s in active),
    }
    found = [*data.shacl(shapes, active), *data.consistency(shapes.rules)]
    where = ", ".join(file.relative for file in slice.files[:3])
    return checked(GATE, found, counts, where=where, must_see="focus nodes")


@lru_cache(maxsize=2)
def _store_of(workspace: Workspace, files: tuple[GraphFile, ...], digest: str) -> ox.Store:
    """Every slice is read against the schema: that is loaded once."""
    return hygiene.store_of(workspace, files)


@dataclass(frozen=True)
class _Data:
    """One slice with what surrounds it."""

    workspace: Workspace
    slice: Slice
    known: Names
    own: Graph
    context: Context

    @classmethod
    def of(cls, workspace: Workspace, slice: Slice, known: Names) -> _Data:
        own = flat.graph()
        for file in slice.files:
            own += written.written(file).graph
        spaces = {space for term in own.objects() if (space := namespace_of(str(term)))}
        return cls(workspace, slice, known, own, described.around(workspace, slice, spaces))

    @cached_property
    def graph(self) -> Graph:
        """The slice's own triples and the few facts it is understood by."""
        graph = flat.graph()
        graph += self.own
        if self.slice.kind != "schema":
            for concept in set(self.own.objects()):
                if (scheme := self.known.schemes.get(str(concept))) is not None:
                    graph.add((concept, SKOS.inScheme, URIRef(scheme)))
            for child, parents in self.known.supers.items():
                for parent in parents:
                    graph.add((URIRef(child), RDFS.subClassOf, URIRef(parent)))
        for node in set(self.own.objects()) | set(self.own.subjects()):
            if isinstance(node, URIRef) and (node, RDF.type, None) not in self.own:
                for kind in self.context.types(str(node)):
                    graph.add((node, RDF.type, URIRef(kind)))
        return graph

    @cached_property
    def _typed(self) -> Mapping[str, set[Node]]:
        """Things the slice itself types, by every class that holds them."""
        held: dict[str, set[Node]] = {}
        for node, kind in self.own.subject_objects(RDF.type):
            for name in self.known.classes_of([str(kind)]):
                held.setdefault(name, set()).add(node)
        return held

    def focus_of(self, shapes: Shapes, shape: URIRef) -> set[Node]:
        """The things of the slice that a shape looks at."""
        found: set[Node] = set()
        for kind in shapes.graph.objects(shape, SH.targetClass):
            found |= self._typed.get(str(kind), set())
        for prop in shapes.graph.objects(shape, SH.targetSubjectsOf):
            found |= set(self.own.subjects(prop))
        for prop in shapes.graph.objects(shape, SH.targetObjectsOf):
            found |= set(self.own.objects(None, prop))
        return found

    def shacl(self, shapes: Shapes, active: list[URIRef]) -> Iterator[Problem]:
        """What pySHACL finds on the slice's own things, results within results left out."""
        if not active:
            return
        _, report, _ = pyshacl.validate(
            self.graph, shacl_graph=shapes.only(active), inplace=True, inference="none"
        )
        assert isinstance(report, Graph)
        own = set(self.own.subjects())
        for result in report.objects(None, SH.result):
            focus = report.value(result, SH.focusNode)
            if focus in own and not self._misspelt(report, result):
                yield self._result(shapes, report, result)

    def _misspelt(self, report: Graph, result: Node) -> bool:
        """A property out of place only because nothing declares it, which the lint tells better."""
        component = report.value(result, SH.sourceConstraintComponent)
        path = report.value(result, SH.resultPath)
        return component == SH.ClosedConstraintComponent and str(path) not in self.known.kinds

    def _result(self, shapes: Shapes, report: Graph, result: Node) -> Problem:
        shape = report.value(result, SH.sourceShape)
        focus = report.value(result, SH.focusNode)
        said = spoken(str(shapes.graph.value(shape, SH.message)))
        detail = self._detail(shapes, report, result)
        return Problem(
            gate=GATE,
            severity=_SEVERITY.get(shapes.graph.value(shape, SH.severity), "violation"),
            message=" ".join(part for part in (self._say(focus), said.what, detail) if part),
            where=self._where(str(focus)),
            focus=str(focus),
            why=said.why,
            mend=said.mend,
            rule=str(shape).rpartition("#")[2],
        )

    def _detail(self, shapes: Shapes, report: Graph, result: Node) -> str:
        """What there is instead of what there should be."""
        component = str(report.value(result, SH.sourceConstraintComponent)).rpartition("#")[2]
        value, path = report.value(result, SH.value), report.value(result, SH.resultPath)
        focus = report.value(result, SH.focusNode)
        match component.removesuffix("ConstraintComponent"):
            case "MinCount" | "MaxCount" if isinstance(path, URIRef):
                values = sorted(self._say(v) for v in self.graph.objects(focus, path))
                return f"It has {len(values)}: {', '.join(values)}." if values else "It has none."
            case "Closed":
                return f"It has {self.known.say(path)}."
            case "Class":
                kinds = sorted(self.known.say(k) for k in self.context.types(str(value)))
                return f"{self._say(value)} is {', '.join(kinds) or 'not described'}."
            case "Node" if scheme := self.known.schemes.get(str(value)):
                return f"{self._say(value)} is of {self.known.say(scheme)}."
            case "MinLength" | "MaxLength":
                return f"It has {len(str(value))} characters."
            case "Or" | "Xone" | "And" | "Not" | "QualifiedMinCount" | "UniqueLang":
                return ""
        return f"It has {self._say(value)}." if value is not None and value != focus else ""

    def consistency(self, rules: Iterable[hygiene.Rule]) -> Iterator[Problem]:
        """What the set-based rules find on the slice's own things."""
        own = {str(subject) for subject in self.own.subjects()}
        for rule, row in self._rows(list(rules)):
            if row[0] in own:
                yield Problem(
                    gate=GATE,
                    severity=rule.severity,
                    message=hygiene.say(rule, row, self.known),
                    where=self._where(row[0]),
                    focus=row[0],
                    why=rule.why,
                    mend=rule.mend,
                    rule=rule.name,
                )

    def _rows(self, rules: list[hygiene.Rule]) -> list[tuple[hygiene.Rule, tuple[str, str, str]]]:
        """Rows of every rule, over the slice laid for a moment beside its context."""
        schema = self.slice.schema
        store = _store_of(self.workspace, schema.files if schema else (),
                          schema.digest if schema else "")  # fmt: skip
        try:
            for file in (*self.slice.beside, *self.slice.files):
                quads = reading.quads(self.workspace, file)
                store.load(path=str(quads), format=ox.RdfFormat.N_QUADS)
            return [(rule, row) for rule in rules for row in hygiene.rows(rule, store)]
        finally:
            for file in (*self.slice.beside, *self.slice.files):
                store.remove_graph(ox.NamedNode(file.graph))

    def _where(self, focus: str) -> str:
        for file in self.slice.files:
            if (line := written.written(file).line_of(focus)) is not None:
                return f"{file.relative}:{line}"
        return focus

    def _say(self, node: Node | None) -> str:
        if isinstance(node, Literal):
            text = " ".join(str(node).split())
            return f'"{text[:57]}…"' if len(text) > 60 else f'"{text}"'
        if isinstance(node, URIRef):
            label = self.own.value(node, RDFS.label)
            if label is not None:
                return f"'{label}'"
            if namespace_of(str(node)):
                return str(node).rpartition("/")[2]
            return self.known.say(node)
        return "it"
